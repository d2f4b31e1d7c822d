// Envelope: the limits of a bot, checked outside its strategy, before an order leaves.
//
// What a deployment does not name is as here, and is written down with its version: a later release
// with other figures changes no bot that runs.

import { type Static, Type } from 'typebox'
import { closed } from '#platform/http/port.ts'

const Amount = Type.Number({ minimum: 0, maximum: 1e12 })

/** In USDC where it is money. */
export const Envelope = closed({
  /** Orders a second. */
  ordersPerSecond: Type.Integer({ minimum: 0, maximum: 1_000 }),
  /** Of one order; of all that are open. */
  orderNotional: Amount,
  openNotional: Amount,
  /** Bought less sold, in each market. */
  position: Amount,
  /** How much worse than the reference an order may be priced. */
  priceBps: Type.Integer({ minimum: 0, maximum: 10_000 }),
  /** Since a venue last told something of the market. */
  dataAgeMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
  /** Beyond one of these the bot is halted until a person resumes it. */
  dailyLoss: Amount,
  drawdown: Amount,
  /** Whether a halt closes its positions at the market. */
  flatten: Type.Boolean(),
})
export type Envelope = Static<typeof Envelope>

export const PartialEnvelope = Type.Partial(Envelope, { additionalProperties: false })
export type PartialEnvelope = Static<typeof PartialEnvelope>

export const ENVELOPE: Envelope = {
  ...{ ordersPerSecond: 10, orderNotional: 10_000, openNotional: 50_000, position: 50_000 },
  ...{ priceBps: 500, dataAgeMs: 300_000, dailyLoss: 2_500, drawdown: 5_000, flatten: true },
}

// Place order: the body of an order as a command.
//
// What is refused here was never journaled and is not remembered: a shape that no order has,
// amounts that the market's scales cannot hold exactly, and prices of an oco or a bracket in an
// order that the engine would call malformed. Every other rule is the engine's.

import type { PlaceOrder } from '#engine/command.ts'
import type { AccountId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import type { Market } from '#views/listing.ts'
import { isRefused, lotsOf, quoteOf, ticksOf } from '#views/market-units.ts'
import { extraOf, type Origin } from './order-extra.ts'
import { wrongPrice } from './order-prices.ts'
import { timeInForceOf, wrongShape } from './order-shapes.ts'
import type { PlaceBody } from './port.ts'

export type PlaceSubmission = Omit<PlaceOrder, 'bodyHash'>

export type PlaceContext = {
  readonly market: Market
  readonly account: AccountId
  readonly origin: Origin
  /** Microseconds; counts as sentAt when the caller gave none. */
  readonly now: number
  /** For a caller who gave no clientOrderId. */
  readonly newId: () => string
}

/** request.malformed, order.price_off_tick, size_off_lot, price_out_of_band, too_large. */
export function placeSubmission(body: PlaceBody, context: PlaceContext): Result<PlaceSubmission> {
  const { market, account } = context
  const wrong = wrongShape(body)
  if (wrong !== undefined) return refuse('request.malformed', { why: wrong })
  const price = ticksOf(market, body.price)
  if (isRefused(price)) return price
  const size = lotsOf(market, body.size)
  if (isRefused(size)) return size
  const quoteAmount = quoteOf(market, body.quoteAmount)
  if (isRefused(quoteAmount)) return quoteAmount
  const extra = extraOf(body, market, context.origin)
  if (!extra.ok) return extra
  if (extra.value !== undefined) {
    const misplaced = wrongPrice(body, price, extra.value)
    if (misplaced !== undefined) return refuse('request.malformed', misplaced)
  }
  const submission: Changeable<PlaceSubmission> = {
    kind: 'place',
    account,
    market: market.id,
    side: body.side,
    type: body.type,
    timeInForce: timeInForceOf(body),
    postOnly: body.postOnly ?? false,
    selfTrade: body.selfTrade ?? 'cancel-taker',
    price,
    size,
    quoteAmount,
    clientOrderId: body.clientOrderId ?? context.newId(),
    sentAt: asMicros(body.sentAt ?? context.now),
    sentAtGiven: body.sentAt !== undefined,
  }
  if (extra.value !== undefined) submission.extra = extra.value
  return accept(submission)
}

type Changeable<T> = { -readonly [K in keyof T]: T[K] }

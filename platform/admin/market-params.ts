// Market params: what an action on a market or an account takes.
//
// Times are milliseconds, rates basis points with two digits, money decimal strings, as everywhere.
// Bounds of the engine are the engine's to refuse; here is only what they may look like.

import { type Static, Type } from 'typebox'
import { FEE_TIERS_MAX } from '#engine/limits.ts'
import {
  AccountNumber,
  closed,
  DecimalInput,
  Instant,
  oneOf,
  SymbolParam,
  WholeNumber,
} from '#platform/http/port.ts'

export const RulesParams = closed({
  market: SymbolParam,
  minNotional: DecimalInput,
  collarBps: WholeNumber,
  bandBps: WholeNumber,
  bandWindowMs: WholeNumber,
  haltMs: WholeNumber,
  auctionMs: WholeNumber,
  sessionOpenMs: WholeNumber,
  sessionCloseMs: WholeNumber,
})
export type RulesParams = Static<typeof RulesParams>

const RateBps = Type.Number({ minimum: -10_000, maximum: 10_000 })
export const FeesParams = closed({
  market: SymbolParam,
  tiers: Type.Array(
    closed({ minNotional: DecimalInput, makerFeeBps: RateBps, takerFeeBps: RateBps }),
    { minItems: 1, maxItems: FEE_TIERS_MAX },
  ),
})
export type FeesParams = Static<typeof FeesParams>

export const PhaseParams = closed({
  market: SymbolParam,
  phase: oneOf(['pre-open', 'auction', 'continuous', 'post-only', 'halted', 'closed']),
  /** Of a halt or an auction; without it somebody has to end it. */
  endsAt: Type.Optional(Instant),
})
export const DelistParams = closed({ market: SymbolParam })
export const FreezeParams = closed({ account: AccountNumber, frozen: Type.Boolean() })
export const CancelOrdersParams = closed({ account: AccountNumber })

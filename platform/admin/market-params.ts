// Market params: what an action on a market or an account takes.
//
// Times are milliseconds, rates basis points with two digits, money decimal strings, as everywhere.
// Numbers have the engine's bounds: a command whose number fits no record may not be approved. What
// they may be together is the engine's to refuse.

import { type Static, Type } from 'typebox'
import {
  ACCOUNTS_MAX,
  BAND_BPS_MAX,
  COLLAR_BPS_MAX,
  FEE_TIERS_MAX,
  PHASE_MAX_US,
} from '#engine/limits.ts'
import { DAY_US } from '#kernel/time.ts'
import { closed, DecimalInput, Instant, oneOf, SymbolParam } from '#platform/http/port.ts'

const upTo = (maximum: number) => Type.Integer({ minimum: 0, maximum })
const PhaseMs = upTo(PHASE_MAX_US / 1_000)
const MsOfDay = upTo(DAY_US / 1_000 - 1)
const Account = upTo(ACCOUNTS_MAX - 1)

export const RulesParams = closed({
  market: SymbolParam,
  minNotional: DecimalInput,
  collarBps: upTo(COLLAR_BPS_MAX),
  bandBps: upTo(BAND_BPS_MAX),
  bandWindowMs: PhaseMs,
  haltMs: PhaseMs,
  auctionMs: PhaseMs,
  sessionOpenMs: MsOfDay,
  sessionCloseMs: MsOfDay,
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
export const FreezeParams = closed({ account: Account, frozen: Type.Boolean() })
export const CancelOrdersParams = closed({ account: Account })

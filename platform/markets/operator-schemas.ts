// Schemas of what operators change: rules, fees and phases of markets, marks of accounts.
//
// Times are milliseconds, rates basis points with two digits, money decimal strings, as everywhere.
// Bounds of the engine are the engine's to refuse; here is only what a body may look like.

import { type Static, Type } from 'typebox'
import { FEE_TIERS_MAX } from '#engine/limits.ts'
import { closed, DecimalInput, Instant, WholeNumber, WholeText } from '#platform/http/port.ts'
import { Phase } from './schemas.ts'

export const RulesBody = closed(
  {
    minNotional: DecimalInput,
    collarBps: WholeNumber,
    bandBps: WholeNumber,
    bandWindowMs: WholeNumber,
    haltMs: WholeNumber,
    auctionMs: WholeNumber,
    sessionOpenMs: WholeNumber,
    sessionCloseMs: WholeNumber,
  },
  {
    examples: [
      {
        ...{ minNotional: '5.00', collarBps: 500, bandBps: 1_000, bandWindowMs: 60_000 },
        ...{ haltMs: 5_000, auctionMs: 30_000, sessionOpenMs: 0, sessionCloseMs: 0 },
      },
    ],
  },
)
export type RulesBody = Static<typeof RulesBody>

const RateBps = Type.Number({ minimum: -10_000, maximum: 10_000 })
export const FeesBody = closed(
  {
    tiers: Type.Array(
      closed({ minNotional: DecimalInput, makerFeeBps: RateBps, takerFeeBps: RateBps }),
      { minItems: 1, maxItems: FEE_TIERS_MAX },
    ),
  },
  {
    examples: [
      {
        tiers: [
          { minNotional: '0', makerFeeBps: 2, takerFeeBps: 5 },
          { minNotional: '1000000', makerFeeBps: -0.5, takerFeeBps: 3 },
        ],
      },
    ],
  },
)
export type FeesBody = Static<typeof FeesBody>

export const PhaseBody = closed(
  {
    phase: Phase,
    /** Of a halt or an auction; without it somebody has to end it. */
    endsAt: Type.Optional(Instant),
  },
  { examples: [{ phase: 'halted' }] },
)
export const MarkBody = closed({ price: DecimalInput }, { examples: [{ price: '46000.0' }] })
export const FrozenBody = closed({ frozen: Type.Boolean() }, { examples: [{ frozen: true }] })
export const AccountParams = closed({ account: WholeText })
/** What was asked for is done. */
export const Done = closed({ seq: WholeNumber })

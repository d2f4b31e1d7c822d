// Markets: an operator changes their rules, fees and phases, or takes them off the list.
//
// The numbers are kept by the core; what is checked here has named its refusal in docs/rules.

import { unreachable } from '#kernel/assert.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { PHASES } from '../codec/choices.ts'
import type { DelistMarket, FeeTier, SetFees, SetMarket, SetPhase } from '../command.ts'
import { emitPayload } from '../emit.ts'
import {
  BAND_BPS_MAX,
  COLLAR_BPS_MAX,
  FEE_RATE_MAX,
  FEE_TIERS_MAX,
  PHASE_MAX_US,
} from '../limits.ts'
import type { Engine } from '../state.ts'

const DAY_US = 86_400_000_000

type Change = SetMarket | SetFees | SetPhase | DelistMarket

/** What an operator decides about a market. */
export function changeMarket(engine: Engine, command: Change): RefusalCode | null {
  switch (command.kind) {
    case 'setMarket':
      return setMarket(engine, command)
    case 'setFees':
      return setFees(engine, command)
    case 'setPhase':
      return setPhase(engine, command)
    case 'delistMarket':
      return delistMarket(engine, command)
    default:
      return unreachable(command)
  }
}

function setMarket(engine: Engine, command: SetMarket): RefusalCode | null {
  const refusal = refuseMarket(engine, command.market)
  if (refusal !== null) return refusal
  const { kind: _, market, ...rules } = rulesFrom(command)
  const { collarBps, bandBps, bandWindowUs, haltUs, auctionUs } = rules
  const { minNotional, sessionOpenUs, sessionCloseUs } = rules
  if (collarBps > COLLAR_BPS_MAX || bandBps > BAND_BPS_MAX) return 'market.invalid'
  if (bandBps > 0 && bandWindowUs === 0) return 'market.invalid'
  if (Math.max(bandWindowUs, haltUs, auctionUs) > PHASE_MAX_US) return 'market.invalid'
  if (sessionOpenUs >= DAY_US || sessionCloseUs >= DAY_US) return 'market.invalid'
  const { calls } = engine.core
  calls.setPrices(market, minNotional, collarBps, bandBps, bandWindowUs)
  calls.setTimes(market, haltUs, auctionUs, sessionOpenUs, sessionCloseUs)
  calls.startRules(market)
  emitPayload(engine, { kind: 'marketChanged', market, ...rules })
  return null
}

// Without seq and time, which the event has in its header.
function rulesFrom(command: SetMarket): SetMarket {
  const { kind, market, minNotional, collarBps, bandBps, bandWindowUs } = command
  const { haltUs, auctionUs, sessionOpenUs, sessionCloseUs } = command
  const prices = { minNotional, collarBps, bandBps, bandWindowUs }
  return { kind, market, ...prices, haltUs, auctionUs, sessionOpenUs, sessionCloseUs }
}

function setFees(engine: Engine, { market, tiers }: SetFees): RefusalCode | null {
  const refusal = refuseMarket(engine, market)
  if (refusal !== null) return refusal
  if (!areValid(tiers)) return 'market.invalid'
  putTiers(engine, market, tiers)
  emitPayload(engine, { kind: 'feesSet', market, tiers })
  return null
}

/** Gives a market its whole fee schedule. */
export function putTiers({ core }: Engine, market: number, tiers: readonly FeeTier[]): void {
  for (const [at, { minNotional, makerRate, takerRate }] of tiers.entries()) {
    core.calls.setTier(market, at, minNotional, makerRate, takerRate)
  }
  core.calls.setTierCount(market, tiers.length)
}

function areValid(tiers: readonly FeeTier[]): boolean {
  if (tiers.length === 0 || tiers.length > FEE_TIERS_MAX) return false
  return tiers.every(({ minNotional, makerRate, takerRate }, at) => {
    const before = tiers[at - 1]?.minNotional ?? -1
    const isNext = at === 0 ? minNotional === 0 : minNotional > before
    return isNext && areRates(makerRate, takerRate)
  })
}

/** Whether rates are within FEE_RATE_MAX, and only the maker's is a rebate. */
export function areRates(makerRate: number, takerRate: number): boolean {
  const isTaker = takerRate >= 0 && takerRate <= FEE_RATE_MAX
  return isTaker && makerRate >= -FEE_RATE_MAX && makerRate <= FEE_RATE_MAX
}

function setPhase(engine: Engine, command: SetPhase): RefusalCode | null {
  const { market, phase, endsAt } = command
  const refusal = refuseMarket(engine, market)
  if (refusal !== null) return refusal
  const mayEnd = phase === 'halted' || phase === 'auction'
  if (endsAt !== 0 && (!mayEnd || endsAt <= engine.clock.time)) return 'request.malformed'
  engine.core.calls.setPhase(market, PHASES.indexOf(phase), endsAt)
  return null
}

function delistMarket(engine: Engine, { market }: DelistMarket): RefusalCode | null {
  const refusal = refuseMarket(engine, market)
  if (refusal === 'market.delisted') return null
  if (refusal !== null) return refusal
  engine.core.calls.delist(market)
  emitPayload(engine, { kind: 'marketDelisted', market })
  return null
}

function refuseMarket({ core, markets }: Engine, market: number): RefusalCode | null {
  if (markets[market] === undefined) return 'market.unknown'
  return core.calls.isDelisted(market) !== 0 ? 'market.delisted' : null
}

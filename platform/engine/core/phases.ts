// Phases: what a market is in, and how it comes into another one.
//
// A crossed book never opens at once: it goes through an auction that is due immediately.

import { INDICATIVE_EVERY_US } from '../limits.ts'
import { startBand } from './bands.ts'
import { clock } from './clock.ts'
import { BY_BAND, BY_OPERATOR, emitPhaseChanged } from './market-events.ts'
import {
  AUCTION,
  CLOSED,
  CONTINUOUS,
  HALTED,
  isCrossed,
  Market,
  numberOf,
  POST_ONLY_PHASE,
  rulesOf,
  settleMood,
} from './markets.ts'
import { reschedule } from './schedule.ts'
import { noteContinuous, noteMarket } from './triggers.ts'

/** An operator's decision, its arguments checked. */
export function changePhaseTo(market: Market, phase: u32, endsAt: i64): void {
  const rules = rulesOf(market)
  if (market.phase === phase && rules.endsAt === endsAt) return
  rules.uncrossPrice = 0
  if (phase === CONTINUOUS || phase === POST_ONLY_PHASE) openTo(market, phase, BY_OPERATOR)
  else changePhase(market, phase, endsAt, BY_OPERATOR)
}

/** Trading begins, unless the book is crossed: then an auction is due first. */
export function openTo(market: Market, target: u32, reason: u32): void {
  if (!isCrossed(market)) {
    changePhase(market, target, 0, reason)
    return
  }
  changePhase(market, AUCTION, clock.time, reason)
  rulesOf(market).next = target
}

/** After a halt or a closed time: by an auction where the market has them. */
export function reopen(market: Market, reason: u32): void {
  const auctionUs = rulesOf(market).auctionUs
  if (auctionUs === 0) openTo(market, CONTINUOUS, reason)
  else changePhase(market, AUCTION, clock.time + auctionUs, reason)
}

/** A price beyond the band was about to trade. */
export function breach(market: Market): void {
  const rules = rulesOf(market)
  if (rules.haltUs !== 0) changePhase(market, HALTED, clock.time + rules.haltUs, BY_BAND)
  else if (rules.auctionUs === 0) changePhase(market, HALTED, 0, BY_BAND)
  else changePhase(market, AUCTION, clock.time + rules.auctionUs, BY_BAND)
}

/** The session is over, whatever the market was in. */
export function closeMarket(market: Market, reason: u32): void {
  rulesOf(market).uncrossPrice = 0
  changePhase(market, CLOSED, 0, reason)
}

function changePhase(market: Market, phase: u32, endsAt: i64, reason: u32): void {
  const rules = rulesOf(market)
  const begins = phase === CONTINUOUS && market.phase !== CONTINUOUS
  market.phase = phase
  rules.endsAt = endsAt
  rules.next = CONTINUOUS
  rules.indicativeAt = clock.time + INDICATIVE_EVERY_US
  rules.toldPrice = 0
  rules.toldVolume = 0
  if (begins) startBand(market)
  if (begins) noteContinuous(numberOf(market))
  else noteMarket(numberOf(market))
  settleMood(market)
  reschedule()
  emitPhaseChanged(market, reason, endsAt)
}

// Phases: what a market is in, who changes it, and when its sessions do.
//
// A crossed book never opens at once: it goes through an auction that is due immediately.

import type { Phase, SetPhase } from '#engine/command.ts'
import type { PhaseReason } from '#engine/event.ts'
import { INDICATIVE_EVERY_US } from '#engine/limits.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { resetBand } from './band.ts'
import { isCrossed } from './book.ts'
import { firstAfter } from './terms.ts'
import type { Market, World } from './world.ts'
import { emit } from './world.ts'

export function setPhase(world: World, command: SetPhase): RefusalCode | null {
  const { phase, endsAt } = command
  const market = world.markets[command.market]
  if (market === undefined) return 'market.unknown'
  if (market.delisted) return 'market.delisted'
  const mayEnd = phase === 'halted' || phase === 'auction'
  if (endsAt !== 0 && (!mayEnd || endsAt <= world.time)) return 'request.malformed'
  if (market.phase === phase && market.endsAt === endsAt) return null
  market.uncrossPrice = 0
  if (phase === 'continuous' || phase === 'post-only') openTo(world, market, phase, 'operator')
  else changePhase(world, market, { phase, endsAt, reason: 'operator' })
  return null
}

/** Trading begins, unless the book is crossed: then an auction is due first. */
export function openTo(world: World, market: Market, target: Phase, reason: PhaseReason): void {
  if (isCrossed(market)) {
    changePhase(world, market, { phase: 'auction', endsAt: world.time, reason, next: target })
  } else {
    changePhase(world, market, { phase: target, endsAt: 0, reason })
  }
}

type Change = {
  readonly phase: Phase
  readonly endsAt: number
  readonly reason: PhaseReason
  readonly next?: Phase
}

export function changePhase(world: World, market: Market, change: Change): void {
  const { phase, endsAt, reason, next = 'continuous' } = change
  const begins = phase === 'continuous' && market.phase !== 'continuous'
  market.phase = phase
  market.endsAt = endsAt
  market.next = next
  if (phase === 'auction') {
    market.indicativeAt = world.time + INDICATIVE_EVERY_US
    market.told = { price: 0, volume: 0 }
  }
  if (begins) {
    market.before.began = true
    resetBand(world, market)
  }
  const { market: id } = market.listing
  emit(world, { kind: 'phaseChanged', market: id, phase, endsAt: asMicros(endsAt), reason })
}

/** A price beyond the band was about to trade. */
export function breach(world: World, market: Market): void {
  const { haltUs, auctionUs } = market.rules
  const reason = 'band'
  const { time } = world
  if (haltUs > 0) {
    changePhase(world, market, { phase: 'halted', endsAt: time + haltUs, reason })
  } else if (auctionUs > 0) {
    changePhase(world, market, { phase: 'auction', endsAt: time + auctionUs, reason })
  } else changePhase(world, market, { phase: 'halted', endsAt: 0, reason })
}

/** A halt is over. */
export function endHalt(world: World, market: Market): void {
  reopen(world, market, 'schedule')
}

/** When the next session boundary is; Infinity around the clock. */
export function nextBoundary({ rules, delisted, sessionsFrom }: Market): number {
  const { sessionOpenUs, sessionCloseUs } = rules
  if (delisted || sessionOpenUs === sessionCloseUs) return Infinity
  return Math.min(firstAfter(sessionsFrom, sessionOpenUs), firstAfter(sessionsFrom, sessionCloseUs))
}

/** Handles the latest boundary that has been reached; older ones are skipped. */
export function handleBoundary(world: World, market: Market): void {
  const { sessionOpenUs, sessionCloseUs } = market.rules
  const opened = lastUntil(world.time, sessionOpenUs)
  const closed = lastUntil(world.time, sessionCloseUs)
  market.sessionsFrom = world.time
  if (opened > closed) {
    if (market.phase === 'closed') reopen(world, market, 'session')
  } else if (market.phase !== 'closed') {
    market.uncrossPrice = 0
    changePhase(world, market, { phase: 'closed', endsAt: 0, reason: 'session' })
  }
}

function reopen(world: World, market: Market, reason: PhaseReason): void {
  const { auctionUs } = market.rules
  if (auctionUs === 0) openTo(world, market, 'continuous', reason)
  else changePhase(world, market, { phase: 'auction', endsAt: world.time + auctionUs, reason })
}

function lastUntil(time: number, ofDay: number): number {
  return firstAfter(time, ofDay) - 86_400_000_000
}

// Schedule: what of the markets falls due first.
//
// Found anew by a look over all markets whenever something of it changes, which is rare; asked
// before every command, which must cost nothing. Of what is due at one time the lowest market is
// first.

import { NEVER } from './clock.ts'
import { nextBoundary } from './day.ts'
import { AUCTION, marketAt, Rules, rulesOf } from './markets.ts'
import { tables } from './memory.ts'

/** When, and of which market. */
@unmanaged
export class Schedule {
  sessionAt: i64
  /** An uncross that goes on is due at 0. */
  phaseAt: i64
  indicativeAt: i64
  session: u32
  phase: u32
  indicative: u32
  /** 1 + the lowest delisted market that may have orders; 0 = none. */
  delisting: u32
}

export const schedule = changetype<Schedule>(memory.data(64, 8))

/** Finds out anew what is due. */
export function reschedule(): void {
  schedule.sessionAt = NEVER
  schedule.phaseAt = NEVER
  schedule.indicativeAt = NEVER
  schedule.delisting = 0
  for (let number: u32 = 0; number < tables.marketsUsed; number += 1) consider(number)
}

function consider(number: u32): void {
  const market = marketAt(number)
  const rules = rulesOf(market)
  const sessionAt = nextBoundary(market, rules)
  const phaseAt = phaseDue(rules)
  const indicativeAt = market.phase === AUCTION ? rules.indicativeAt : NEVER
  if (sessionAt < schedule.sessionAt) {
    schedule.sessionAt = sessionAt
    schedule.session = number
  }
  if (phaseAt < schedule.phaseAt) {
    schedule.phaseAt = phaseAt
    schedule.phase = number
  }
  if (indicativeAt < schedule.indicativeAt) {
    schedule.indicativeAt = indicativeAt
    schedule.indicative = number
  }
  if (rules.delisting !== 0 && schedule.delisting === 0) schedule.delisting = number + 1
}

function phaseDue(rules: Rules): i64 {
  if (rules.uncrossPrice !== 0) return 0
  return rules.endsAt === 0 ? NEVER : rules.endsAt
}

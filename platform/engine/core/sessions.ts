// Sessions: the boundaries of the day at which markets open and close.
//
// A tick that comes late handles the latest boundary alone; older ones are skipped.

import { clock } from './clock.ts'
import { lastUntil } from './day.ts'
import { BY_SESSION } from './market-events.ts'
import { CLOSED, marketAt, rulesOf } from './markets.ts'
import { closeMarket, reopen } from './phases.ts'
import { reschedule, schedule } from './schedule.ts'

/** When the next boundary of a session is due. */
export function nextSession(): i64 {
  return schedule.sessionAt
}

/** Changes the phase of the market whose boundary is the earliest. */
export function session(): void {
  const market = marketAt(schedule.session)
  const rules = rulesOf(market)
  const opened = lastUntil(clock.time, rules.sessionOpenUs)
  const closed = lastUntil(clock.time, rules.sessionCloseUs)
  rules.sessionsFrom = clock.time
  reschedule()
  const isClosed = market.phase === CLOSED
  if (opened > closed) {
    if (isClosed) reopen(market, BY_SESSION)
  } else if (!isClosed) closeMarket(market, BY_SESSION)
}

// Day: times that come once a UTC day: the session boundaries of a market.

import { NEVER } from './clock.ts'
import { DELISTED, Market, Rules } from './markets.ts'

const DAY_US: i64 = 86_400_000_000

/** The first time after another that is so far into its day. */
export function firstAfter(time: i64, ofDay: i64): i64 {
  const today = (time / DAY_US) * DAY_US + ofDay
  return today > time ? today : today + DAY_US
}

/** The last time up to another that is so far into its day. */
export function lastUntil(time: i64, ofDay: i64): i64 {
  return firstAfter(time, ofDay) - DAY_US
}

/** When the next session boundary of a market is; never around the clock. */
export function nextBoundary(market: Market, rules: Rules): i64 {
  if (rules.sessionOpenUs === rules.sessionCloseUs) return NEVER
  if ((market.mood & DELISTED) !== 0) return NEVER
  const from = rules.sessionsFrom
  return min(firstAfter(from, rules.sessionOpenUs), firstAfter(from, rules.sessionCloseUs))
}

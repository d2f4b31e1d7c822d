// Bands: how far from its reference a market trades before it halts.
//
// The reference is the last price as it was when the window, or continuous trading, began. It is
// moved on by the first match of a later window, when the last price still is what it was before.

import { PRICE_TICKS_MAX } from '../limits.ts'
import { clock } from './clock.ts'
import { levelAt, Side } from './ladder.ts'
import { BANDED, Market, Rules, rulesOf } from './markets.ts'

const BPS_ONE: i64 = 10_000

/** Continuous trading or new rules begin: the reference is the last price of now. */
export function startBand(market: Market): void {
  const rules = rulesOf(market)
  rules.bandPrice = i32(market.lastPrice)
  rules.bandWindow = windowOf(rules)
}

/** Before a match: in a later window the reference becomes the last price. */
export function moveBand(market: Market): void {
  if ((market.mood & BANDED) === 0) return
  const rules = rulesOf(market)
  if (windowOf(rules) > rules.bandWindow) startBand(market)
}

/**
 * The last rank that is within a limit and the band: -1 when already the best is beyond the band.
 */
export function rankWithin(market: Market, makers: Side, limit: i32): i32 {
  if ((market.mood & BANDED) === 0 || makers.best === 0) return limit
  const reference = referenceOf(market)
  if (reference === 0) return limit
  const bps = i64(rulesOf(market).bandBps)
  const low = max((reference * (BPS_ONE - bps) + BPS_ONE - 1) / BPS_ONE, 1)
  const high = min((reference * (BPS_ONE + bps)) / BPS_ONE, i64(PRICE_TICKS_MAX))
  const first = min(i32(low) ^ makers.flip, i32(high) ^ makers.flip)
  const last = max(i32(low) ^ makers.flip, i32(high) ^ makers.flip)
  return levelAt(makers.best).rank < first ? -1 : min(limit, last)
}

function referenceOf(market: Market): i64 {
  const rules = rulesOf(market)
  return windowOf(rules) > rules.bandWindow ? market.lastPrice : i64(rules.bandPrice)
}

function windowOf(rules: Rules): i64 {
  return rules.bandWindowUs === 0 ? 0 : clock.time / rules.bandWindowUs
}

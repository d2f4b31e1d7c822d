// Indicative: what an auction would trade now, told while it collects.

import { INDICATIVE_EVERY_US } from '../limits.ts'
import { clearing, findClearing } from './clearing.ts'
import { clock } from './clock.ts'
import { emitIndicative } from './market-events.ts'
import { marketAt, rulesOf } from './markets.ts'
import { reschedule, schedule } from './schedule.ts'

/** When the next price is to be computed. */
export function nextIndicative(): i64 {
  return schedule.indicativeAt
}

/** Computes the price of the first auction that is due, and tells it when it is news. */
export function tellIndicative(): void {
  const market = marketAt(schedule.indicative)
  const rules = rulesOf(market)
  rules.indicativeAt = clock.time + INDICATIVE_EVERY_US
  reschedule()
  findClearing(market)
  if (clearing.price === rules.toldPrice && clearing.volume === rules.toldVolume) return
  rules.toldPrice = clearing.price
  rules.toldVolume = clearing.volume
  emitIndicative(market, clearing.price, clearing.volume)
}

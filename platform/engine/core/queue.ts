// Queue: orders that ticks take in, first come first served over all markets.
//
// Orders that met FILLS_PER_COMMAND_MAX are in it, and orders that were triggered.

import { NEVER } from './clock.ts'
import { marketAt } from './markets.ts'
import { tables } from './memory.ts'
import { MARKET_MASK, orderAt } from './orders.ts'
import { takeIn } from './take-in.ts'

/** When the first of the queue is due: 0 or never. */
export function nextQueued(): i64 {
  return tables.drainHead === 0 ? NEVER : 0
}

/** Takes the first of the queue in. */
export function takeInFirst(): void {
  const slot = tables.drainHead
  takeIn(marketAt(orderAt(slot).flags & MARKET_MASK), slot)
}

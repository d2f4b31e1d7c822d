// Delisting: orders of markets that are not traded any more are cancelled by ticks.
//
// First the buys in the book in priority, then the sales, then what of the market is in the queue,
// then what else is armed, in the order of firing.

import { CANCELS_PER_TICK_MAX } from '../limits.ts'
import { firstOrder } from './book.ts'
import { NEVER } from './clock.ts'
import { MARKET_DELISTED } from './codes.ts'
import { cancelSlot } from './ends.ts'
import {
  CLOSED,
  CONTINUOUS,
  DELISTED,
  Market,
  marketAt,
  numberOf,
  rulesOf,
  settleMood,
  sideOfBook,
} from './markets.ts'
import { tables } from './memory.ts'
import { BUY, MARKET_MASK, orderAt, SELL } from './orders.ts'
import { reschedule, schedule } from './schedule.ts'
import { firstArmed, noteMarket } from './triggers.ts'

/** Takes a market off the list for ever. */
export function delist(market: Market): void {
  const rules = rulesOf(market)
  noteMarket(numberOf(market))
  market.phase = CLOSED
  market.mood |= DELISTED
  rules.endsAt = 0
  rules.next = CONTINUOUS
  rules.uncrossPrice = 0
  rules.delisting = 1
  settleMood(market)
  reschedule()
}

/** When orders of delisted markets are to be cancelled: 0 or never. */
export function nextDelisted(): i64 {
  while (schedule.delisting !== 0) {
    const market = marketAt(schedule.delisting - 1)
    if (firstLeft(market) !== 0) return 0
    rulesOf(market).delisting = 0
    reschedule()
  }
  return NEVER
}

/** Cancels some orders of the lowest delisted market that has any. */
export function cancelDelisted(): void {
  const market = marketAt(schedule.delisting - 1)
  for (let count = 0; count < CANCELS_PER_TICK_MAX; count += 1) {
    const slot = firstLeft(market)
    if (slot === 0) return
    cancelSlot(slot, MARKET_DELISTED)
  }
}

/** The next order to cancel; 0 when none is left. */
function firstLeft(market: Market): u32 {
  const buy = firstOrder(sideOfBook(market, BUY))
  if (buy !== 0) return buy
  const sale = firstOrder(sideOfBook(market, SELL))
  if (sale !== 0) return sale
  const queued = firstQueued(numberOf(market))
  return queued === 0 ? firstArmed(numberOf(market)) : queued
}

function firstQueued(market: u32): u32 {
  let slot = tables.drainHead
  while (slot !== 0 && (orderAt(slot).flags & MARKET_MASK) !== market) slot = orderAt(slot).next
  return slot
}

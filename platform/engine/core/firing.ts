// Firing: triggers that are due, a batch at a time; those that fired are taken in by later ticks.
//
// The order is that of docs/rules/triggers.md: by market, last before mark, rising before falling,
// by trigger price and then by when they were armed; then trailing stops.

import { TRIGGERS_PER_COMMAND_MAX } from '../limits.ts'
import { leaveBook } from './book.ts'
import { noteExitMoved } from './brackets.ts'
import { clock, NEVER } from './clock.ts'
import * as types from './commands.ts'
import { Extra, extraOf } from './extras.ts'
import { keepHold } from './fill.ts'
import { Market, marketAt, sideOfBook } from './markets.ts'
import { tables } from './memory.ts'
import { emitTriggered } from './order-events.ts'
import * as bits from './orders.ts'
import { BUY, Order, orderAt, park, sideOf, termsAt, typeOf } from './orders.ts'
import * as triggers from './triggers.ts'
import { collared, hasStopLimit } from './values.ts'

/** When triggers are due: 0 or never. */
export function nextTrigger(): i64 {
  return tables.dueMarkets === 0 ? NEVER : 0
}

/** Fires the first TRIGGERS_PER_COMMAND_MAX that are due. */
export function fireTriggers(): void {
  let left = TRIGGERS_PER_COMMAND_MAX
  for (let market: u32 = 0; left > 0 && market < tables.marketsUsed; market += 1) {
    if (triggers.watchOf(market).isDue !== 0) left = fireMarket(market, left)
  }
}

/** Fires what is due in a market, at most so many; answers how many are left. */
function fireMarket(market: u32, most: i32): i32 {
  let left = most
  for (let by: u32 = triggers.LAST; by <= triggers.MARK; by += 1) {
    if (triggers.priceBy(market, by) === 0) continue
    left = fireFixed(market, by, true, left)
    left = fireFixed(market, by, false, left)
  }
  for (let by: u32 = triggers.LAST; by <= triggers.MARK; by += 1) {
    const reference = triggers.referenceOf(market, by)
    let slot = triggers.firstTrailing(reference)
    while (left > 0 && slot !== 0) {
      fire(slot, triggers.priceBy(market, by))
      slot = triggers.firstTrailing(reference)
      left -= 1
    }
  }
  return left
}

function fireFixed(market: u32, by: u32, up: bool, most: i32): i32 {
  const reference = triggers.referenceOf(market, by)
  let left = most
  let slot = triggers.firstDue(reference, up)
  while (left > 0 && slot !== 0) {
    fire(slot, up ? reference.high : reference.low)
    slot = triggers.firstDue(reference, up)
    left -= 1
  }
  return left
}

function fire(slot: u32, reference: i32): void {
  const order = orderAt(slot)
  const market = marketAt(order.flags & bits.MARKET_MASK)
  const extra = extraOf(order)
  const leftPrice = order.level === 0 ? 0 : order.price
  const works = worksAt(market, order, extra)
  triggers.disarm(slot)
  emitTriggered(market, order, extra, works, reference, leftPrice)
  if (leftPrice !== 0) leaveBook(sideOfBook(market, sideOf(order)), order)
  order.price = works
  extra.worst = works
  order.flags |= bits.TRIGGERED
  const type = typeOf(order)
  const hasLimit = hasStopLimit(type) || (type === types.OCO && extra.stopPrice !== 0)
  if (!hasLimit) order.flags &= ~bits.STAYS
  termsAt(slot).updatedAt = clock.time
  keepHold(market, slot, 0)
  park(slot)
  if ((order.flags & bits.LINKED) !== 0) noteExitMoved(slot)
}

function worksAt(market: Market, order: Order, extra: Extra): i32 {
  if (typeOf(order) !== types.TRAILING_STOP || market.collarBps === 0) return extra.works
  const side = sideOf(order)
  const now = collared(side, extra.trigger, market.collarBps)
  return side === BUY ? min(now, extra.works) : now
}

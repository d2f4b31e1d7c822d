// Book: the orders that rest in a market, in price-time priority.
//
// INV-04: within a level orders stand in the order they came to rest, a level's lots are the sum of
// its orders'. It knows nothing of money: who calls it keeps holds and events right.

import { LEVELS_PER_SIDE_MAX } from '../limits.ts'
import { extraOf } from './extras.ts'
import { dropLevel, hasLevel, levelAfter, levelAt, levelFor, Side } from './ladder.ts'
import { ICEBERG, Order, orderAt } from './orders.ts'

/** Lots that an order in the book shows. */
export function shownOf(order: Order): i64 {
  return (order.flags & ICEBERG) === 0 ? order.remaining : extraOf(order).shown
}

/** The order that is first in priority; 0 = none. */
export function firstOrder(side: Side): u32 {
  return side.best === 0 ? 0 : levelAt(side.best).head
}

/** The order that comes after one in priority; 0 = none. */
export function orderAfter(side: Side, order: Order): u32 {
  if (order.next !== 0) return order.next
  const level = levelAfter(side, order.level)
  return level === 0 ? 0 : levelAt(level).head
}

/** Whether a price without orders would be one too many on its side. */
export function isFull(side: Side, price: i32): bool {
  return side.levels >= u32(LEVELS_PER_SIDE_MAX) && !hasLevel(side, price)
}

/** Puts an order at the end of its level. */
export function restInBook(side: Side, slot: u32): void {
  const order = orderAt(slot)
  const level = levelFor(side, order.price)
  const row = levelAt(level)
  const tail = row.tail
  order.level = level
  order.next = 0
  order.prev = tail
  if (tail === 0) row.head = slot
  else orderAt(tail).next = slot
  row.tail = slot
  const shown = shownOf(order)
  row.lots += shown
  row.hidden += order.remaining - shown
}

/** Takes lots from an order and its level; it keeps its place. */
export function takeLots(order: Order, by: i64): void {
  order.remaining -= by
  levelAt(order.level).lots -= by
  if ((order.flags & ICEBERG) !== 0) extraOf(order).shown -= by
}

/** All lots of a level, hidden ones included. */
export function lotsOfLevel(level: u32): i64 {
  return levelAt(level).lots + levelAt(level).hidden
}

/** Takes an order out of the book, its level with it when it was the last. */
export function leaveBook(side: Side, order: Order): void {
  const level = order.level
  const row = levelAt(level)
  const next = order.next
  const prev = order.prev
  const shown = shownOf(order)
  row.lots -= shown
  row.hidden -= order.remaining - shown
  if (prev === 0) row.head = next
  else orderAt(prev).next = next
  if (next === 0) row.tail = prev
  else orderAt(next).prev = prev
  order.level = 0
  if ((prev | next) === 0) dropLevel(side, level)
}

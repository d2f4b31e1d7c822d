// Bare book: the core's ladder, levels and order slots without a ledger around them.
//
// What `bench book` measures: place and cancel by id with price-time matching, and nothing that
// concerns accounts, money, fees, duplicates or events. One instance is one book.

import { firstOrder, leaveBook, restInBook, takeLots } from '../../../platform/engine/core/book.ts'
import {
  createLadder,
  createSide,
  levelAfter,
  levelAt,
  priceOf,
  Side,
} from '../../../platform/engine/core/ladder.ts'
import {
  BUY,
  createOrders,
  findSlot,
  freeSlot,
  indexSlot,
  orderAt,
  SELL,
  SIDE_BIT,
  sideOf,
  takeSlot,
  unindexSlot,
} from '../../../platform/engine/core/orders.ts'

/** Told of an order that was filled. */
declare function onGone(order: i32): void

/** Buys, then sells. */
const sides = memory.data(2 * 24, 8)
const WORST_BUY: i32 = i32.MAX_VALUE
const WORST_SELL: i32 = 1

export function create(): void {
  createOrders()
  createLadder()
  createSide(sideAt(BUY), BUY)
  createSide(sideAt(SELL), SELL)
}

/** Matches and rests what is left, which it answers. */
export function limit(order: i32, side: u32, price: i32, size: i32): i32 {
  const rest = match(side, price, size)
  if (rest === 0) return 0
  const slot = takeSlot()
  const row = orderAt(slot)
  row.id = order
  row.price = price
  row.flags = side << SIDE_BIT
  row.remaining = rest
  indexSlot(slot, order)
  restInBook(sideAt(side), slot)
  return rest
}

/** Matches whatever the price; answers what is left. */
export function market(side: u32, size: i32): i32 {
  return match(side, side === BUY ? WORST_BUY : WORST_SELL, size)
}

/** Whether the order stood in the book. */
export function cancel(order: i32): bool {
  const slot = findSlot(order)
  if (slot === 0) return false
  remove(slot)
  return true
}

/** The best price of a side, 0 when it is empty. */
export function best(side: u32): i32 {
  const level = sideAt(side).best
  return level === 0 ? 0 : priceOf(sideAt(side), level)
}

/** Lots of all orders that rest. */
export function openLots(): i32 {
  let lots: i64 = 0
  for (let side = BUY; side <= SELL; side += 1) {
    const levels = sideAt(side)
    for (let level = levels.best; level !== 0; level = levelAfter(levels, level)) {
      lots += levelAt(level).lots
    }
  }
  return i32(lots)
}

function sideAt(side: u32): Side {
  return changetype<Side>(sides + usize(side) * offsetof<Side>())
}

// Takes lots from the other side; answers what is left.
function match(side: u32, limit: i32, size: i32): i32 {
  const makers = sideAt(1 - side)
  const worst = limit ^ makers.flip
  let rest: i64 = size
  while (rest > 0) {
    const slot = firstOrder(makers)
    if (slot === 0) break
    const maker = orderAt(slot)
    if ((maker.price ^ makers.flip) > worst) break
    const standing = maker.remaining
    const lots = min(rest, standing)
    rest -= lots
    takeLots(maker, lots)
    if (lots === standing) {
      remove(slot)
      onGone(i32(maker.id))
    }
  }
  return i32(rest)
}

function remove(slot: u32): void {
  const order = orderAt(slot)
  leaveBook(sideAt(sideOf(order)), order)
  unindexSlot(slot, order.id)
  freeSlot(slot)
}

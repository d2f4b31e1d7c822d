// Bare book: the engine's ladder, levels and order slots without a ledger around them.
//
// What `bench book` measures: place and cancel by id with price-time matching, and nothing that
// concerns accounts, money, fees, duplicates or events.

import * as columns from '#engine/columns.ts'
import * as books from '#engine/matching/book.ts'
import * as ladders from '#engine/matching/ladder.ts'
import type { Orders } from '#engine/matching/orders.ts'
import * as rows from '#engine/matching/orders.ts'

const { intAt, numAt } = columns
const { createBook, firstOrder, leaveBook, restInBook, sideOfBook, takeLots } = books
const { createLadder, priceOf } = ladders
const {
  createOrders,
  FLAGS,
  findSlot,
  freeSlot,
  HOT_INTS,
  HOT_NUMS,
  ID,
  indexSlot,
  PRICE,
  REMAINING,
  SIDE_BIT,
  sideOf,
  takeSlot,
  unindexSlot,
} = rows

const WORST_BUY = 2_147_483_647
const WORST_SELL = 1

/** A book by order numbers below 2^31; onGone hears of orders that were filled. */
export function createBareBook(onGone: (order: number) => void = () => {}) {
  const ladder = createLadder()
  const orders = createOrders()
  const memory = { ladder, orders }
  const book = createBook(ladder)
  const open = { lots: 0 }

  // Takes lots from the other side; answers what is left.
  function match(side: number, limit: number, size: number): number {
    const makers = sideOfBook(book, 1 - side)
    let rest = size
    while (rest > 0) {
      const maker = firstOrder(memory, makers)
      if (maker === 0) break
      const price = intAt(orders.hot.i32, maker * HOT_INTS + PRICE)
      if (side === 0 ? price > limit : price < limit) break
      const standing = numAt(orders.hot.f64, maker * HOT_NUMS + REMAINING)
      const lots = Math.min(rest, standing)
      rest -= lots
      open.lots -= lots
      takeLots(memory, maker, lots)
      if (lots === standing) end(maker)
    }
    return rest
  }

  function end(slot: number): void {
    const id = numAt(orders.hot.f64, slot * HOT_NUMS + ID)
    remove(slot)
    onGone(id)
  }

  function remove(slot: number): void {
    leaveBook(memory, sideOfBook(book, sideOf(orders, slot)), slot)
    unindexSlot(orders, slot)
    freeSlot(orders, slot)
  }

  /** Matches and rests what is left, which it answers. */
  function limit(order: number, side: number, price: number, size: number): number {
    const rest = match(side, price, size)
    if (rest === 0) return 0
    const slot = draft(orders, order, side, price)
    orders.hot.f64[slot * HOT_NUMS + REMAINING] = rest
    indexSlot(orders, slot)
    restInBook(memory, sideOfBook(book, side), slot)
    open.lots += rest
    return rest
  }

  return {
    limit,
    market: (side: number, size: number) => match(side, side === 0 ? WORST_BUY : WORST_SELL, size),
    cancel: (order: number) => {
      const slot = findSlot(orders, order, 0)
      if (slot === 0) return false
      open.lots -= numAt(orders.hot.f64, slot * HOT_NUMS + REMAINING)
      remove(slot)
      return true
    },
    /** The best price of a side, 0 when it is empty. */
    best: (side: number) => {
      const { best } = sideOfBook(book, side)
      return best === 0 ? 0 : priceOf(ladder, best)
    },
    /** Open lots and orders: what another engine must agree on. */
    summary: () => ({ openLots: open.lots, openOrders: orders.index.count }),
  }
}

function draft(orders: Orders, order: number, side: number, price: number): number {
  const slot = takeSlot(orders)
  orders.hot.f64[slot * HOT_NUMS + ID] = order
  orders.hot.i32[slot * HOT_INTS + PRICE] = price
  orders.hot.i32[slot * HOT_INTS + FLAGS] = side << SIDE_BIT
  return slot
}

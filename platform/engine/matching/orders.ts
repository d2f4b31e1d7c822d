// Orders: open orders as rows of typed arrays, found by id and linked in lists.
//
// A slot is a row number above 0. The hot row (64 bytes, one cache line) holds what matching and
// cancelling touch, the cold row the rest. Slots are reused; what they are numbered never leaves
// the process. An order is in the index while it can be cancelled: in the book or draining.

import type { Rows } from '../columns.ts'
import * as columns from '../columns.ts'
import type { IndexTable } from '../index-table.ts'
import * as tables from '../index-table.ts'

const { createRows, growRows, intAt, numAt } = columns
const { addRow, createIndexTable, firstPlace, keyAt, nextPlace, removeRow, rowAt } = tables

export type Orders = {
  readonly hot: Rows
  readonly cold: Rows
  readonly index: IndexTable
  /** Slots below it were used at least once. */
  used: number
  /** Head of the list of free slots, linked by next; 0 = none. */
  free: number
  /** Orders that ticks go on with, oldest first, linked by next and prev; 0 = none. */
  drainHead: number
  drainTail: number
}

export const BUY = 0
export const SELL = 1

export const HOT_BYTES = 64
export const COLD_BYTES = 128
export const HOT_NUMS = 8
export const HOT_INTS = 16
export const COLD_NUMS = 16
export const COLD_INTS = 32

/** Float64 cells of a hot row. */
export const ID = 0
export const REMAINING = 1
/** Quote of a buy, base of a sale, in ledger units. */
export const HELD = 2
export const MAKER_NOTIONAL = 3
/** Int32 cells of a hot row. */
export const NEXT = 8
export const PREV = 9
/** The level it stands in; 0 outside the book. */
export const LEVEL = 10
export const ACCOUNT_NEXT = 11
export const ACCOUNT_PREV = 12
export const ACCOUNT = 13
export const PRICE = 14
export const FLAGS = 15

/** Float64 cells of a cold row. */
export const TAKER_NOTIONAL = 0
export const SIZE = 1
export const REDUCED_BY = 2
export const QUOTE_AMOUNT = 3
export const CREATED_AT = 4
export const UPDATED_AT = 5
/** The book number at which it came to rest: time priority within its level. */
export const PRIORITY = 6
/** Int32 cells of a cold row. */
export const MAKER_RATE = 14
export const TAKER_RATE = 15
/** Ten words: the length and the characters of the clientOrderId. */
export const CALLER_ID = 16
export const CALLER_ID_WORDS = 10

/** FLAGS: market in bits 0 to 7, then the fields of the command, then where it is. */
export const SIDE_BIT = 8
export const TYPE_BIT = 9
export const TIME_IN_FORCE_BIT = 10
export const POST_ONLY_BIT = 12
export const SELF_TRADE_BIT = 13
export const DRAINING_FLAG = 1 << 15

const FIRST_CAPACITY = 1024

export function createOrders(): Orders {
  return {
    hot: createRows(FIRST_CAPACITY, HOT_BYTES),
    cold: createRows(FIRST_CAPACITY, COLD_BYTES),
    index: createIndexTable(FIRST_CAPACITY),
    used: 1,
    free: 0,
    drainHead: 0,
    drainTail: 0,
  }
}

/** A slot to fill; every cell that matters is the caller's to write. */
export function takeSlot(orders: Orders): number {
  const slot = orders.free
  if (slot !== 0) {
    orders.free = intAt(orders.hot.i32, slot * HOT_INTS + NEXT)
    return slot
  }
  if (orders.used * HOT_NUMS === orders.hot.f64.length) {
    growRows(orders.hot)
    growRows(orders.cold)
  }
  orders.used += 1
  return orders.used - 1
}

export function freeSlot(orders: Orders, slot: number): void {
  orders.hot.i32[slot * HOT_INTS + NEXT] = orders.free
  orders.free = slot
}

/** The slot of an open order by the two words of its id; 0 when there is none. */
export function findSlot(orders: Orders, low: number, high: number): number {
  const { index } = orders
  let place = firstPlace(index, low)
  for (let slot = rowAt(index, place); slot !== 0; slot = rowAt(index, place)) {
    if (keyAt(index, place) === low && isId(orders, slot, low, high)) return slot
    place = nextPlace(index, place)
  }
  return 0
}

function isId(orders: Orders, slot: number, low: number, high: number): boolean {
  return numAt(orders.hot.f64, slot * HOT_NUMS + ID) === high * 4_294_967_296 + (low >>> 0)
}

/** Makes an order findable. */
export function indexSlot(orders: Orders, slot: number): void {
  addRow(orders.index, numAt(orders.hot.f64, slot * HOT_NUMS + ID) | 0, slot)
}

export function unindexSlot(orders: Orders, slot: number): void {
  removeRow(orders.index, numAt(orders.hot.f64, slot * HOT_NUMS + ID) | 0, slot)
}

/** Side of an order: BUY or SELL. */
export function sideOf(orders: Orders, slot: number): number {
  return (intAt(orders.hot.i32, slot * HOT_INTS + FLAGS) >>> SIDE_BIT) & 1
}

export function marketOf(orders: Orders, slot: number): number {
  return intAt(orders.hot.i32, slot * HOT_INTS + FLAGS) & 0xff
}

export function isDraining(orders: Orders, slot: number): boolean {
  return (intAt(orders.hot.i32, slot * HOT_INTS + FLAGS) & DRAINING_FLAG) !== 0
}

/** Puts an order at the end of those that ticks go on with. */
export function park(orders: Orders, slot: number): void {
  const { i32 } = orders.hot
  const row = slot * HOT_INTS
  i32[row + FLAGS] = intAt(i32, row + FLAGS) | DRAINING_FLAG
  i32[row + NEXT] = 0
  i32[row + PREV] = orders.drainTail
  if (orders.drainTail === 0) orders.drainHead = slot
  else i32[orders.drainTail * HOT_INTS + NEXT] = slot
  orders.drainTail = slot
}

/** Takes an order out of those that ticks go on with. */
export function unpark(orders: Orders, slot: number): void {
  const { i32 } = orders.hot
  const row = slot * HOT_INTS
  const next = intAt(i32, row + NEXT)
  const prev = intAt(i32, row + PREV)
  if (prev === 0) orders.drainHead = next
  else i32[prev * HOT_INTS + NEXT] = next
  if (next === 0) orders.drainTail = prev
  else i32[next * HOT_INTS + PREV] = prev
  i32[row + FLAGS] = intAt(i32, row + FLAGS) & ~DRAINING_FLAG
}

// Book: the orders that rest in a market, in price-time priority.
//
// INV-04: within a level orders stand in the order they came to rest, a level's lots are the sum of
// its orders'. It knows nothing of money: who calls it keeps holds and events right.

import * as columns from '../columns.ts'
import type { Ladder, LadderSide } from './ladder.ts'
import * as ladders from './ladder.ts'
import type { Orders } from './orders.ts'
import * as rows from './orders.ts'

const { intAt, numAt } = columns
const { createSide, dropLevel, HEAD, LEVEL_INTS, LEVEL_NUMS, LOTS, levelAfter, levelFor, TAIL } =
  ladders
const { BUY, HOT_INTS, HOT_NUMS, LEVEL, NEXT, PREV, PRICE, REMAINING, SELL } = rows

/** One market's two sides; ladder and orders are shared by all markets. */
export type Book = { readonly buys: LadderSide; readonly sells: LadderSide }
export type BookMemory = { readonly ladder: Ladder; readonly orders: Orders }

export function createBook(ladder: Ladder): Book {
  return { buys: createSide(ladder, BUY), sells: createSide(ladder, SELL) }
}

export function sideOfBook(book: Book, side: number): LadderSide {
  return side === BUY ? book.buys : book.sells
}

/** The order that is first in priority; 0 = none. */
export function firstOrder({ ladder }: BookMemory, side: LadderSide): number {
  return side.best === 0 ? 0 : intAt(ladder.levels.i32, side.best * LEVEL_INTS + HEAD)
}

/** The order that comes after one in priority; 0 = none. */
export function orderAfter({ ladder, orders }: BookMemory, side: LadderSide, slot: number): number {
  const next = intAt(orders.hot.i32, slot * HOT_INTS + NEXT)
  if (next !== 0) return next
  const level = levelAfter(ladder, side, intAt(orders.hot.i32, slot * HOT_INTS + LEVEL))
  return level === 0 ? 0 : intAt(ladder.levels.i32, level * LEVEL_INTS + HEAD)
}

/** Puts an order at the end of its level. */
export function restInBook({ ladder, orders }: BookMemory, side: LadderSide, slot: number): void {
  const { i32, f64 } = orders.hot
  const row = slot * HOT_INTS
  const level = levelFor(ladder, side, intAt(i32, row + PRICE))
  const levels = ladder.levels
  const tail = intAt(levels.i32, level * LEVEL_INTS + TAIL)
  i32[row + LEVEL] = level
  i32[row + NEXT] = 0
  i32[row + PREV] = tail
  if (tail === 0) levels.i32[level * LEVEL_INTS + HEAD] = slot
  else i32[tail * HOT_INTS + NEXT] = slot
  levels.i32[level * LEVEL_INTS + TAIL] = slot
  const lots = level * LEVEL_NUMS + LOTS
  levels.f64[lots] = numAt(levels.f64, lots) + numAt(f64, slot * HOT_NUMS + REMAINING)
}

/** Takes lots from an order and its level; it keeps its place. */
export function takeLots({ ladder, orders }: BookMemory, slot: number, by: number): void {
  const { i32, f64 } = orders.hot
  const lots = intAt(i32, slot * HOT_INTS + LEVEL) * LEVEL_NUMS + LOTS
  f64[slot * HOT_NUMS + REMAINING] = numAt(f64, slot * HOT_NUMS + REMAINING) - by
  ladder.levels.f64[lots] = numAt(ladder.levels.f64, lots) - by
}

/** Takes an order out of the book, its level with it when it was the last. */
export function leaveBook({ ladder, orders }: BookMemory, side: LadderSide, slot: number): void {
  const { i32, f64 } = orders.hot
  const row = slot * HOT_INTS
  const { levels } = ladder
  const level = intAt(i32, row + LEVEL)
  const next = intAt(i32, row + NEXT)
  const prev = intAt(i32, row + PREV)
  const lots = level * LEVEL_NUMS + LOTS
  levels.f64[lots] = numAt(levels.f64, lots) - numAt(f64, slot * HOT_NUMS + REMAINING)
  if (prev === 0) levels.i32[level * LEVEL_INTS + HEAD] = next
  else i32[prev * HOT_INTS + NEXT] = next
  if (next === 0) levels.i32[level * LEVEL_INTS + TAIL] = prev
  else i32[next * HOT_INTS + PREV] = prev
  i32[row + LEVEL] = 0
  if (prev === 0 && next === 0) dropLevel(ladder, side, level)
}

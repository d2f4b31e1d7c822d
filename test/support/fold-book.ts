// Fold of a book: who stands where and shows what, as events alone tell it.
//
// INV-04: a fill goes to who has priority on its side, in an auction on both, and never takes more
// than the level shows at that moment.

import assert from 'node:assert/strict'
import type { Side } from '#engine/command.ts'
import type { Fill, OrderRefreshed, OrderRested } from '#engine/event.ts'

export type Resting = {
  readonly orderId: number
  readonly side: Side
  readonly price: number
  shown: number
}

export type FoldedBook = {
  bookNumber: number
  tradeId: number
  /** In the order they came to rest, or to the end of their level. */
  readonly resting: Resting[]
}

export function createBook(): FoldedBook {
  return { bookNumber: 0, tradeId: 0, resting: [] }
}

export function restingOf(book: FoldedBook, orderId: number): Resting | undefined {
  return book.resting.find((resting) => resting.orderId === orderId)
}

/** Takes the number of a change. */
export function nextNumber(book: FoldedBook, bookNumber: number): void {
  book.bookNumber += 1
  assert.equal(bookNumber, book.bookNumber, 'INV-09: book numbers have no gap')
}

export function rest(book: FoldedBook, event: OrderRested): void {
  const { orderId, side, price, shown, remaining } = event
  nextNumber(book, event.bookNumber)
  assert.equal(restingOf(book, orderId), undefined, 'INV-04: nobody rests twice')
  assert.ok(shown > 0 && shown <= remaining, 'INV-04: something of it shows')
  book.resting.push({ orderId, side, price, shown })
}

export function refresh(book: FoldedBook, event: OrderRefreshed, open: number): void {
  nextNumber(book, event.bookNumber)
  const resting = findResting(book, event.orderId)
  resting.shown += event.added
  assert.ok(event.added > 0 && resting.shown <= open, 'INV-04: it shows no more than it has')
  if (!event.requeued) return
  book.resting.splice(book.resting.indexOf(resting), 1)
  book.resting.push(resting)
}

/** An order leaves, and its level loses all that it showed. */
export function leave(book: FoldedBook, orderId: number, shown: number): void {
  const resting = findResting(book, orderId)
  assert.equal(shown, resting.shown, 'INV-04: a level loses what was shown')
  book.resting.splice(book.resting.indexOf(resting), 1)
}

/** An order shows less; showing nothing it is gone, unless a refresh follows at once. */
export function shrink(book: FoldedBook, orderId: number, lots: number): void {
  const resting = findResting(book, orderId)
  resting.shown -= lots
  assert.ok(resting.shown >= 0, `INV-04: order ${orderId} lost more than it showed`)
}

export function fillBook(book: FoldedBook, fill: Fill): void {
  book.tradeId += 1
  assert.equal(fill.tradeId, book.tradeId, 'INV-09: trade ids have no gap')
  nextNumber(book, fill.bookNumber)
  const makerSide = fill.takerSide === 'buy' ? 'sell' : 'buy'
  const maker = firstOf(book, makerSide)
  assert.equal(fill.makerOrderId, maker?.orderId, 'INV-04: price-time priority')
  shrink(book, fill.makerOrderId, fill.size)
  if (fill.auction) {
    const taker = firstOf(book, fill.takerSide)
    assert.equal(fill.takerOrderId, taker?.orderId, 'INV-04: priority in an auction')
    shrink(book, fill.takerOrderId, fill.size)
  } else assert.equal(fill.price, maker?.price, 'INV-05: a fill is at the price of the maker')
  dropEmpty(book, fill.makerOrderId, fill.makerRemaining)
  if (fill.auction) dropEmpty(book, fill.takerOrderId, fill.takerRemaining)
}

/** Best price of a side, the earliest there; the first in the order of coming wins ties. */
export function firstOf(book: FoldedBook, side: Side): Resting | undefined {
  const better = (a: Resting, b: Resting) =>
    side === 'sell' ? a.price < b.price : a.price > b.price
  let first: Resting | undefined
  for (const resting of book.resting) {
    if (resting.side === side && (first === undefined || better(resting, first))) first = resting
  }
  return first
}

function dropEmpty(book: FoldedBook, orderId: number, remaining: number): void {
  if (remaining === 0) leave(book, orderId, 0)
}

function findResting(book: FoldedBook, orderId: number): Resting {
  const resting = restingOf(book, orderId)
  assert.ok(resting !== undefined, `INV-04: order ${orderId} does not rest`)
  return resting
}

// A crossed book: what it gains level by level, within what there is to spend.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crossingOf } from '#bots/pricing/crossed-book.ts'

const levels = (...rows: readonly (readonly [price: number, size: number])[]) =>
  rows.map(([price, size]) => ({ price: String(price), size: String(size) }))

test('a book whose bids lie below its asks gains nothing, nor does half a book', () => {
  assert.equal(crossingOf({ bids: levels([99, 1]), asks: levels([100, 1]) }, 1e9), undefined)
  assert.equal(crossingOf({ bids: levels([100, 1]), asks: levels([100, 1]) }, 1e9), undefined)
  assert.equal(crossingOf({ bids: [], asks: levels([100, 1]) }, 1e9), undefined)
})

test('levels are taken against each other as long as they cross', () => {
  const book = {
    bids: levels([110, 1], [105, 2], [99, 5]),
    asks: levels([100, 2], [104, 4], [106, 1]),
  }
  // 1 at 100 for 110, 1 at 100 for 105, 1 at 104 for 105.
  assert.deepEqual(crossingOf(book, 1e9), { spent: 304, gain: 16 })
})

test('no more is spent than there is', () => {
  const book = { bids: levels([110, 5]), asks: levels([100, 5]) }
  assert.deepEqual(crossingOf(book, 150), { spent: 150, gain: 15 })
  assert.equal(crossingOf(book, 0), undefined)
})

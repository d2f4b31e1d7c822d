// What a venue has told last: prices, deltas between books, swaps between pools.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  deltaOf,
  forget,
  nothingKnown,
  priceOf,
  remember,
  swapOf,
} from '#bots/runtime/market-known.ts'
import type { PoolSnapshot } from '#connectors/venue.ts'

const level = (price: string, size = '1') => ({ price, size })
const POOL: PoolSnapshot = {
  ...{ reserveBase: '10000000000000000000', reserveQuote: '20000000000' },
  ...{ baseDecimals: 18, quoteDecimals: 6, feeNumerator: '997', feeDenominator: '1000' },
  ...{ block: 1, at: 1 },
}

test('the price is the middle of the book, else of the pool, else the last one told', () => {
  const known = nothingKnown()
  assert.equal(priceOf(known), undefined)
  remember(known, { kind: 'price', symbol: 'A-B', price: '5', at: 1 })
  assert.equal(priceOf(known), 5)
  remember(known, { kind: 'pool', symbol: 'A-B', ...POOL })
  assert.equal(Math.round(priceOf(known) ?? 0), 2_000)
  const book = { bids: [level('9')], asks: [level('11')] }
  remember(known, { kind: 'book', symbol: 'A-B', ...book, at: 1 })
  assert.equal(priceOf(known), 10)
  forget(known)
  assert.equal(priceOf(known), undefined)
})

test('a delta has what is new, what changed, and size 0 for what is gone', () => {
  const before = { bids: [level('9'), level('8')], asks: [level('11')] }
  const now = { bids: [level('9', '2'), level('7')], asks: [level('11')] }
  assert.deepEqual(deltaOf(before, now), {
    bids: [level('9', '2'), level('7'), level('8', '0')],
    asks: [],
  })
  assert.deepEqual(deltaOf(undefined, before), before)
})

test('a swap is told by reserves that move apart, and liquidity by none', () => {
  const bought = { ...POOL, reserveBase: '9000000000000000000', reserveQuote: '22300000000' }
  assert.deepEqual(swapOf(POOL, { ...bought, block: 2 }), {
    ...{ side: 'buy', base: 1, quote: 2_300, block: 2 },
  })
  const added = { ...POOL, reserveBase: '11000000000000000000', reserveQuote: '22000000000' }
  assert.equal(swapOf(POOL, added), undefined)
  assert.equal(swapOf(POOL, POOL), undefined)
  assert.equal(swapOf(undefined, POOL), undefined)
})

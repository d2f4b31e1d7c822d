// Book rows and the pool's ladder beside them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bookRows, type Level } from '#platform/web/model/book-rows.ts'
import { poolDepthAt } from '#platform/web/model/pool-depth.ts'

const asks: Level[] = [
  ['100.1', '1'],
  ['100.9', '2'],
  ['101.0', '3'],
  ['101.1', '4'],
]
const all = { side: 'asks', tickSize: '0.1', ticks: 1, depth: 9, own: new Set<string>() } as const

test('totals are cumulated from the best price on', () => {
  const rows = bookRows(asks, all)
  assert.deepEqual(
    rows.map(({ price, total }) => [price, total]),
    [
      ['100.1', 1],
      ['100.9', 3],
      ['101.0', 6],
      ['101.1', 10],
    ],
  )
})

test('a group of asks is named after its worst price, a group of bids likewise', () => {
  const grouped = bookRows(asks, { ...all, ticks: 10 })
  assert.deepEqual(
    grouped.map(({ price, size }) => [price, size]),
    [
      ['101.0', 6],
      ['102.0', 4],
    ],
  )
  const bids = bookRows([...asks].reverse(), { ...all, side: 'bids', ticks: 10 })
  assert.deepEqual(
    bids.map(({ price, size }) => [price, size]),
    [
      ['101.0', 7],
      ['100.0', 3],
    ],
  )
})

test('the depth counts groups, and the last group is whole', () => {
  const [only, ...more] = bookRows(asks, { ...all, ticks: 10, depth: 1 })
  assert.deepEqual([only?.size, more.length], [6, 0])
})

test('a row with an own order in it is marked', () => {
  const rows = bookRows(asks, { ...all, ticks: 10, own: new Set(['100.9']) })
  assert.deepEqual(
    rows.map(({ isOwn }) => isOwn),
    [true, false],
  )
})

test('a pool moved by its ladder stands at the price of the row', () => {
  const pool = { base: 100, quote: 200_000, feeBps: 30 }
  for (const price of [1_900, 1_995, 2_005, 2_100]) {
    const { side, size } = poolDepthAt(pool, price)
    const base = side === 'sells' ? pool.base - size : pool.base + size
    const moved = (pool.base * pool.quote) / base / base
    assert.ok(Math.abs(moved - price) < 1e-6, `${price}: ${moved}`)
    assert.equal(side, price > 2_000 ? 'sells' : 'buys')
  }
  assert.deepEqual(poolDepthAt(pool, 2_000), { side: 'none', size: 0, beats: false })
})

test('a pool beats a price only when its fee is paid', () => {
  const pool = { base: 100, quote: 200_000, feeBps: 30 }
  assert.equal(poolDepthAt(pool, 2_005).beats, false)
  assert.equal(poolDepthAt(pool, 2_007).beats, true)
  assert.equal(poolDepthAt(pool, 1_995).beats, false)
  assert.equal(poolDepthAt(pool, 1_993).beats, true)
})

// Book rows and the pool's ladder beside them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bookRows, type Level } from '#platform/web/model/book-rows.ts'
import type { Pool } from '#platform/web/model/market-data.ts'
import { poolDepthAt } from '#platform/web/model/pool-depth.ts'
import { ladderOf } from '#platform/web/model/pool-ladder.ts'

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

/** A pair's: constant product, told at a few prices. */
function pairOf({ base, quote, feeBps = 30 }: { base: number; quote: number; feeBps?: number }) {
  const price = quote / base
  const rungs = (sign: 1 | -1) =>
    [1, 20, 300, 5_000].map((bps): [string, string] => {
      const at = price * (1 + bps / 10_000) ** sign
      return [String(at), String(Math.abs(base - Math.sqrt((base * quote) / at)))]
    })
  return { price, feeBps, asks: rungs(1), bids: rungs(-1) }
}

test('a pool moved by its ladder stands at the price of the row', () => {
  const [base, quote] = [100, 200_000]
  const pool = pairOf({ base, quote })
  for (const price of [1_900, 1_995, 2_005, 2_100]) {
    const { side, size } = poolDepthAt(pool, price)
    const left = side === 'sells' ? base - size : base + size
    const moved = (base * quote) / left / left
    assert.ok(Math.abs(moved - price) < 1e-6, `${price}: ${moved}`)
    assert.equal(side, price > 2_000 ? 'sells' : 'buys')
  }
  assert.deepEqual(poolDepthAt(pool, 2_000), { side: 'none', size: 0, beats: false })
})

test('a pool beats a price only when its fee is paid', () => {
  const pool = pairOf({ base: 100, quote: 200_000 })
  assert.equal(poolDepthAt(pool, 2_005).beats, false)
  assert.equal(poolDepthAt(pool, 2_007).beats, true)
  assert.equal(poolDepthAt(pool, 1_995).beats, false)
  assert.equal(poolDepthAt(pool, 1_993).beats, true)
})

test('beyond its last rung a pool shows what is known of it', () => {
  const pool = pairOf({ base: 100, quote: 200_000 })
  assert.equal(poolDepthAt(pool, 9_000).size, Number(pool.asks.at(-1)?.[1]))
  assert.equal(poolDepthAt({ ...pool, bids: [] }, 1_000).size, 0)
})

test('the pools of a market add up, and one that tells no depth adds nothing', () => {
  const pair = pairOf({ base: 100, quote: 200_000 })
  const told = (one: typeof pair, ladder = true): Pool => ({
    ...{ venue: 'uniswap-v3', address: '0x1', feeBps: one.feeBps, price: String(one.price), at: 1 },
    ...(ladder ? { ladder: { bids: one.bids, asks: one.asks } } : {}),
  })
  const rows = bookRows([['2010.0', '1']], { ...all, depth: 1 })
  const sizeOf = (pools: readonly Pool[]) => ladderOf(pools, rows).at('2010.0').size
  const one = sizeOf([told(pair)])
  assert.ok(one > 0.2)
  const both = [told(pair), told(pair), told(pair, false)]
  assert.ok(Math.abs(sizeOf(both) - 2 * one) < 1e-9)
  assert.equal(ladderOf([told(pair, false)], rows).isKnown, false)
  // A cheap pool sells up to the row, a dear one would buy there: the larger side is shown.
  const dear = pairOf({ base: 100, quote: 202_000 })
  const mixed = ladderOf([told(pair), told(dear)], rows).at('2010.0')
  assert.deepEqual([mixed.side, mixed.size], ['sells', one])
})

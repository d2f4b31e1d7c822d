// Positions at average cost: what is realised, and which way it is rounded.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { averagePriceText } from '#views/decimals.ts'
import type { FillRow } from '#views/fill-row.ts'
import type { PositionRow } from '#views/history-rows.ts'
import { createListing } from '#views/listing.ts'
import { pnlJson } from '#views/pnl.ts'
import { noPosition, positionAfter } from '#views/positions.ts'
import { createSmallMarket } from './small-market.ts'

const START = noPosition({ account: 16 as never, market: 0 as never })

/** Fills at [signed lots, price], one unit of quote a tick and lot, no fees. */
function after(...fills: [number, number][]): PositionRow {
  return fills.reduce((row, [lots, price]) => {
    const size = Math.abs(lots)
    const side = lots > 0 ? 'buy' : 'sell'
    const fill = { side, size, notional: size * price, fee: 1 } as FillRow
    return positionAfter(row, fill)
  }, START)
}

function figures(row: PositionRow) {
  return [row.position, row.cost, row.realised]
}

test('buying more adds to the cost, selling takes it out in proportion', () => {
  assert.deepEqual(figures(after([10, 100], [10, 110])), [20, 2_100, 0])
  assert.deepEqual(figures(after([10, 100], [10, 110], [-5, 120])), [15, 1_575, 75])
  assert.deepEqual(figures(after([10, 100], [10, 110], [-20, 120])), [0, 0, 300])
})

test('a short is the mirror image of a long', () => {
  assert.deepEqual(figures(after([-10, 100], [-10, 110])), [-20, 2_100, 0])
  assert.deepEqual(figures(after([-10, 100], [4, 90])), [-6, 600, 40])
  assert.deepEqual(figures(after([-10, 100], [10, 120])), [0, 0, -200])
})

test('a fill through zero closes at the old cost and opens at its own price', () => {
  assert.deepEqual(figures(after([10, 100], [-15, 120])), [-5, 600, 200])
  assert.deepEqual(figures(after([-10, 100], [15, 90])), [5, 450, 100])
})

test('the cost of a part is rounded down, and closing the rest leaves nothing', () => {
  // 3 lots cost 100 + 100 + 101 = 301: a third is 100.33.
  const third = after([2, 100], [1, 101], [-1, 100])
  assert.deepEqual(figures(third), [2, 201, 0])
  assert.deepEqual(figures(after([2, 100], [1, 101], [-1, 100], [-2, 100])), [0, 0, -1])
})

test('fees are summed and never part of the cost', () => {
  assert.equal(after([10, 100], [-5, 120]).fees, 2)
})

test('profit and loss is shown in the market scales, percent of the open cost', () => {
  const { log } = createSmallMarket()
  const listing = createListing()
  for (const event of log.events) {
    if (event.kind === 'assetListed') listing.listAsset(event)
    if (event.kind === 'marketListed') listing.listMarket(event)
  }
  const row = { ...START, position: -10_000, cost: 3_000_000_000, realised: -5, fees: 7 }
  assert.deepEqual(pnlJson(listing, row, 310_000), {
    account: 16,
    market: 'ETH-USDC',
    position: '-1.0000',
    averagePrice: '3000.00',
    realised: '-0.000005',
    unrealised: '-100.000000',
    fees: '0.000007',
    percent: '-3.33',
  })
  assert.equal(pnlJson(listing, row, 0).unrealised, '0.000000')
  const market = listing.market(0 as never)
  assert.equal(averagePriceText(market, 0, 0), null)
  assert.equal(averagePriceText(market, 2_000_000, 7), '2857.142857')
  assert.equal(averagePriceText(market, 5, 2), '0.025')
})

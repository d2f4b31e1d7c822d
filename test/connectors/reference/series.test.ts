// The series: continuous, played to and fro, and tiled backwards so that tiles join.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readBars } from '#connectors/reference/csv.ts'
import { createSeries, tileBackwards } from '#connectors/reference/series.ts'
import { synthesiseBars } from '#connectors/reference/synthetic.ts'

const BTC = readBars('scripts/data/btc-usd-1m-2022-01-03.csv.gz')
const GBP = readBars('scripts/data/gbp-usd-1m-2012-02-06.csv.gz')

test('the recorded weeks are whole', () => {
  assert.equal(BTC.length, 10_080)
  assert.equal(GBP.length, 7_044)
})

test('the price never jumps by more than a percent in a tenth of a bar, over the turns too', () => {
  for (const bars of [BTC, GBP]) {
    const series = createSeries(bars)
    let last = series.priceAt(0)
    for (let position = 0.1; position < 4.5 * bars.length; position += 0.1) {
      const price = series.priceAt(position)
      assert.ok(Math.abs(price / last - 1) < 0.012, `${last} to ${price} at ${position}`)
      last = price
    }
  }
})

test('a bar is walked from open over both extremes to close', () => {
  const rising = { openMs: 0, open: 10, high: 14, low: 8, close: 12, volume: 0 }
  const series = createSeries([rising, { ...rising, openMs: 60_000 }])
  assert.deepEqual(
    [0, 1 / 3, 2 / 3].map((at) => Math.round(series.priceAt(at))),
    [10, 8, 14],
  )
})

test('the way back plays the way there in reverse', () => {
  const series = createSeries(BTC)
  assert.equal(series.priceAt(2 * series.length - 100.25), series.priceAt(100.25))
})

test('tiles end at the asked price and join each other', () => {
  const endMs = Date.UTC(2026, 0, 1)
  const tiled = tileBackwards(GBP, { endMs, endPrice: 1.25, count: 43_200 })
  assert.equal(tiled.length, 43_200)
  assert.ok(Math.abs((tiled.at(-1)?.close ?? 0) - 1.25) < 1e-9)
  assert.equal(tiled.at(-1)?.openMs, endMs - 60_000)
  tiled.slice(1).forEach((bar, i) => {
    const before = tiled[i]
    assert.equal(bar.openMs - (before?.openMs ?? 0), 60_000)
    assert.ok(Math.abs(bar.open / (before?.close ?? 0) - 1) < 0.01)
  })
})

test('synthetic bars depend on their seed alone', () => {
  const options = { seed: 7, count: 500, startPrice: 3300, volatility: 0.0008 }
  assert.deepEqual(synthesiseBars(options), synthesiseBars(options))
  assert.notDeepEqual(synthesiseBars(options), synthesiseBars({ ...options, seed: 8 }))
})

test('synthetic returns have the asked standard deviation', () => {
  const bars = synthesiseBars({ seed: 3, count: 20_000, startPrice: 100, volatility: 0.001 })
  const returns = bars.map((bar) => Math.log(bar.close / bar.open))
  const variance = returns.reduce((sum, r) => sum + r * r, 0) / returns.length
  assert.ok(Math.abs(Math.sqrt(variance) / 0.001 - 1) < 0.05, `${Math.sqrt(variance)}`)
})

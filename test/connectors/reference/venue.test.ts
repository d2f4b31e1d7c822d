// The reference venue: a series played at its speed, from where it was saved.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSeries } from '#connectors/reference/series.ts'
import { createReferenceVenue } from '#connectors/reference/venue.ts'
import type { MarketUpdate } from '#connectors/venue.ts'

/** A price that rises by 1 a bar. */
const bars = Array.from({ length: 100 }, (_, at) => {
  return { openMs: at, open: at + 1, high: at + 2, low: at + 1, close: at + 2, volume: 0 }
})
const series = createSeries(bars)

function open() {
  const clock = { ms: 5_000 }
  const venue = createReferenceVenue({
    markets: [{ market: 'BTC-USDC', series, position: 10, speed: 10 }],
    ...{ nowMs: () => clock.ms, everyMs: 5 },
  })
  after(() => venue.close())
  return { clock, venue }
}

test('the position grows by the speed in bars of a minute, from where it was saved', () => {
  const { clock, venue } = open()
  assert.deepEqual(venue.positions(), { 'BTC-USDC': 10 })
  clock.ms += 6_000
  assert.deepEqual(venue.positions(), { 'BTC-USDC': 11 })
  assert.deepEqual(venue.prices(), { 'BTC-USDC': series.priceAt(11) })
})

test('listeners hear the price at once and as it moves, until they end', async () => {
  const { clock, venue } = open()
  const told: MarketUpdate[] = []
  const end = venue.subscribe('BTC-USDC', (update) => void told.push(update))
  const [first] = told
  assert.deepEqual(first, { kind: 'price', symbol: 'BTC-USDC', price: '11.00000000', at: 5e6 })
  clock.ms += 60_000
  await sleep(30)
  const newest = told.at(-1)
  assert.ok(newest?.kind === 'price' && newest.price === series.priceAt(20).toFixed(8))
  end()
  const count = told.length
  await sleep(20)
  assert.equal(told.length, count)
})

test('there is nothing to trade and no price for an unknown market', async () => {
  const { venue } = open()
  assert.equal(venue.trading, undefined)
  const quantity = { in: 'base', amount: '1' } as const
  const quote = await venue.quote({ symbol: 'BTC-USDC', side: 'buy', quantity })
  assert.equal(quote.kind, 'unavailable')
  assert.throws(() => venue.subscribe('XRP-USDC', () => {}))
})

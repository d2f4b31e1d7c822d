// Cross-venue market making: quotes that the pool pays for, and hedges that are never lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import strategy from '#bots/strategies/cross-venue-making.ts'
import { createTwoVenues } from './two-venues.ts'

const PARAMS = { orderQuote: 500, edgeBps: 10, gasQuote: 0.5, openQuote: 1_000 }

function open(params = {}, saved?: object) {
  const own = { params: { ...PARAMS, ...params }, ...(saved === undefined ? {} : { saved }) }
  const venues = createTwoVenues(strategy, own)
  venues.pass()
  return venues
}

const netOf = (fills: readonly { side: string; base: string }[]) =>
  fills.reduce((sum, { side, base }) => sum + (side === 'buy' ? 1 : -1) * Number(base), 0)
const priceOf = (fill: { quote: string; base: string } | undefined) =>
  Number(fill?.quote) / Number(fill?.base)

test('a sale on the book is bought at the pool, and the round has earned its edge', () => {
  const venues = open()
  assert.deepEqual(
    venues
      .quotes()
      .map(({ side }) => side)
      .sort(),
    ['buy', 'sell'],
  )
  const [eth, usdc] = [venues.coins('ETH'), venues.coins('USDC')]
  venues.moveBook(1_006)
  const { fills, swaps } = venues.found
  assert.deepEqual([fills[0]?.side, swaps[0]?.side], ['sell', 'buy'])
  assert.ok(Math.abs(venues.coins('ETH') - eth) < 1e-9, 'no coin more and no coin less')
  const earned = venues.coins('USDC') - usdc
  // 10 basis points of 500, and the gas that this pool does not take.
  assert.ok(earned > 0.95 && earned < 1.1, `${earned}`)
})

test('a purchase on the book is sold at the pool', () => {
  const venues = open()
  const usdc = venues.coins('USDC')
  venues.moveBook(994)
  const { fills, swaps } = venues.found
  assert.deepEqual([fills[0]?.side, swaps[0]?.side], ['buy', 'sell'])
  assert.ok(Math.abs(netOf(fills) + netOf(swaps)) < 1e-9)
  assert.ok(venues.coins('USDC') > usdc)
})

test('quotes follow the pool, and a pool that is silent takes them away', () => {
  const venues = open()
  venues.movePool(1_050)
  venues.pass()
  venues.moveBook(1_060)
  assert.ok(priceOf(venues.found.fills.at(-1)) > 1_053)
  venues.silence()
  venues.pass()
  venues.silence()
  assert.deepEqual(venues.quotes(), [])
})

test('while the pool takes nothing it quotes up to openQuote, and hedges when it can', () => {
  const venues = open({ openQuote: 600 })
  venues.pool.isBroken = true
  for (let price = 1_006; price < 1_050; price += 4) {
    venues.moveBook(price)
    venues.pass()
  }
  const sold = -netOf(venues.found.fills)
  assert.ok(sold * 1_000 > 600 && sold * 1_000 <= 600 + 500 + 1, `${sold}`)
  assert.deepEqual(venues.quotes(), [], 'nothing more is quoted')
  venues.pool.isBroken = false
  for (let second = 0; second < 60; second += 1) venues.pass()
  assert.ok(Math.abs(netOf(venues.found.fills) + netOf(venues.found.swaps)) < 1e-9)
  assert.equal(venues.quotes().length, 2)
})

test('a pool that takes nothing is asked less and less often', () => {
  const venues = open()
  venues.pool.isBroken = true
  venues.moveBook(1_006)
  for (let second = 0; second < 60; second += 1) venues.pass()
  assert.ok(venues.found.late >= 4 && venues.found.late <= 12, `${venues.found.late} times`)
})

test('what a swap leaves over is no swap of its own', () => {
  const venues = open()
  venues.pool.lost = 1e-10
  for (const price of [1_006, 1_010, 1_014]) {
    venues.moveBook(price)
    venues.pass()
  }
  assert.deepEqual([venues.found.fills.length, venues.found.swaps.length], [3, 3])
  assert.ok(Math.abs(netOf(venues.found.fills) + netOf(venues.found.swaps)) < 1e-8)
})

test('a restart with an open position hedges it once, and what was hedged not again', () => {
  for (const isBroken of [true, false]) {
    const before = open()
    before.pool.isBroken = isBroken
    before.moveBook(1_006)
    const after = open({}, before.saved())
    for (let second = 0; second < 5; second += 1) after.pass()
    const hedged = netOf(before.found.swaps) + netOf(after.found.swaps)
    assert.ok(Math.abs(hedged + netOf(before.found.fills)) < 1e-9, `broken: ${isBroken}`)
  }
})

test('it loses when the pool runs away between a fill and its hedge', () => {
  const venues = open({ hedgeMaxBps: 1_000 })
  const usdc = venues.coins('USDC')
  venues.pool.isBroken = true
  venues.moveBook(1_006)
  venues.pool.isBroken = false
  venues.movePool(1_040)
  venues.pass()
  assert.ok(Math.abs(netOf(venues.found.fills) + netOf(venues.found.swaps)) < 1e-9)
  assert.ok(venues.coins('USDC') < usdc)
})

test('without the coins for the second leg it does not quote the first', () => {
  const venues = open({ orderQuote: 30_000, openQuote: 60_000 })
  assert.deepEqual(venues.quotes(), [])
  assert.deepEqual(venues.found.refused, [])
})

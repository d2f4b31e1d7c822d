// Ticks and prices: each the inverse of the other, at the ends as in the middle.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  SQRT_PRICE_MAX,
  SQRT_PRICE_MIN,
  sqrtPriceAtTick,
  TICK_MAX,
  TICK_MIN,
  tickAtSqrtPrice,
} from '#connectors/evm/uniswap-v3/tick-maths.ts'

test('the outermost ticks have the prices of the contract', () => {
  assert.equal(sqrtPriceAtTick(TICK_MIN), SQRT_PRICE_MIN)
  assert.equal(sqrtPriceAtTick(TICK_MAX), SQRT_PRICE_MAX)
  assert.equal(sqrtPriceAtTick(0), 1n << 96n)
  assert.throws(() => sqrtPriceAtTick(TICK_MAX + 1), RangeError)
  assert.throws(() => sqrtPriceAtTick(TICK_MIN - 1), RangeError)
})

test('the tick of a price is the greatest one whose price is not above it', () => {
  const prices = fc.bigInt({ min: SQRT_PRICE_MIN, max: SQRT_PRICE_MAX - 1n })
  const low = fc.bigInt({ min: SQRT_PRICE_MIN, max: 1n << 60n })
  fc.assert(
    fc.property(fc.oneof(prices, low), (price) => {
      const tick = tickAtSqrtPrice(price)
      assert.ok(sqrtPriceAtTick(tick) <= price && price < sqrtPriceAtTick(tick + 1))
    }),
    { seed: 51, numRuns: 2_000 },
  )
})

test('a price right at a tick, one unit below and one above, find their ticks', () => {
  fc.assert(
    fc.property(fc.integer({ min: TICK_MIN + 1, max: TICK_MAX - 1 }), (tick) => {
      const price = sqrtPriceAtTick(tick)
      const found = [price - 1n, price, price + 1n].map(tickAtSqrtPrice)
      assert.deepEqual(found, [tick - 1, tick, tick])
    }),
    { seed: 52, numRuns: 2_000 },
  )
})

test('a price that no pool can have has no tick', () => {
  for (const price of [0n, SQRT_PRICE_MIN - 1n, SQRT_PRICE_MAX]) {
    assert.throws(() => tickAtSqrtPrice(price), RangeError)
  }
  assert.equal(tickAtSqrtPrice(SQRT_PRICE_MIN), TICK_MIN)
  assert.equal(tickAtSqrtPrice(SQRT_PRICE_MAX - 1n), TICK_MAX - 1)
})

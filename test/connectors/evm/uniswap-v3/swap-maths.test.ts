// Swaps of V3 in memory: what must hold of every swap, whatever the pool.
//
// That they equal the contract to the last unit is shown in quotes.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createPool, type V3Pool } from '#connectors/evm/uniswap-v3/pool.ts'
import {
  type Swap,
  type SwapRequest,
  swap,
  tickAfter,
} from '#connectors/evm/uniswap-v3/swap-maths.ts'
import { liquidityAt } from '#connectors/evm/uniswap-v3/ticks.ts'
import { createWordEdges } from '#connectors/evm/uniswap-v3/word-edges.ts'
import { v3States } from '../pools/random-pools.ts'

const pools = v3States.map((state) => {
  assert.ok(state.kind === 'v3')
  return state.pool
})
const ways = fc.constantFrom('down' as const, 'up' as const)
const amounts = fc.bigInt({ min: 1n, max: 10n ** 24n })

function after(pool: V3Pool, done: Swap): V3Pool {
  const { sqrtPriceX96, liquidity } = done
  return createPool({ ...pool, sqrtPriceX96, liquidity, tick: tickAfter(done) })
}

test('paying what an output costs gives at least that output, paying less gives no more', () => {
  fc.assert(
    fc.property(pools, ways, amounts, (pool, way, amount) => {
      const cost = swap(pool, { way, exact: 'out', amount })
      if (!cost.isWhole) return
      const paid = swap(pool, { way, exact: 'in', amount: cost.amountIn })
      assert.ok(paid.amountOut >= amount)
      const less = swap(pool, { way, exact: 'in', amount: cost.amountIn - 1n })
      assert.ok(less.amountOut <= paid.amountOut)
    }),
    { seed: 61, numRuns: 500 },
  )
})

test('a swap in two parts never gives more than in one', () => {
  fc.assert(
    fc.property(pools, ways, amounts, amounts, (pool, way, first, second) => {
      const whole = swap(pool, { way, exact: 'in', amount: first + second })
      const one = swap(pool, { way, exact: 'in', amount: first })
      if (!whole.isWhole || !one.isWhole) return
      const two = swap(after(pool, one), { way, exact: 'in', amount: second })
      assert.ok(one.amountOut + two.amountOut <= whole.amountOut)
    }),
    { seed: 62, numRuns: 500 },
  )
})

test('there and back again costs something', () => {
  fc.assert(
    fc.property(pools, ways, amounts, (pool, way, amount) => {
      const there = swap(pool, { way, exact: 'in', amount })
      if (!there.isWhole || there.amountOut === 0n) return
      const back = way === 'down' ? 'up' : 'down'
      const again = swap(after(pool, there), { way: back, exact: 'in', amount: there.amountOut })
      assert.ok(again.amountOut < amount)
    }),
    { seed: 63, numRuns: 500 },
  )
})

test('after every swap the active liquidity is that of the ticks below the price', () => {
  fc.assert(
    fc.property(pools, ways, amounts, fc.constantFrom('in', 'out'), (pool, way, amount, exact) => {
      const request: SwapRequest = { way, exact: exact === 'in' ? 'in' : 'out', amount }
      const done = swap(pool, request)
      assert.equal(done.liquidity, liquidityAt(pool.ticks, tickAfter(done)))
    }),
    { seed: 64, numRuns: 500 },
  )
})

test('a limit is never passed and changes nothing when it is far', () => {
  const shares = fc.integer({ min: 1, max: 2_000 })
  fc.assert(
    fc.property(pools, ways, amounts, shares, (pool, way, amount, share) => {
      const scale = way === 'down' ? 2_000n - BigInt(share) : 2_000n + BigInt(share)
      const limit = (pool.sqrtPriceX96 * scale) / 2_000n
      const free = swap(pool, { way, exact: 'in', amount })
      const bound = swap(pool, { way, exact: 'in', amount, limit })
      const isPast = way === 'down' ? free.sqrtPriceX96 < limit : free.sqrtPriceX96 > limit
      if (!isPast) return assert.deepEqual(bound, free)
      assert.equal(bound.sqrtPriceX96, limit)
      assert.ok(bound.amountIn <= free.amountIn && bound.amountOut <= free.amountOut)
    }),
    { seed: 65, numRuns: 500 },
  )
})

test('a limit the price is past already, an amount of nothing and no price give nothing', () => {
  const [pool] = fc.sample(pools, { seed: 66, numRuns: 1 })
  assert.ok(pool !== undefined)
  const price = pool.sqrtPriceX96
  for (const limit of [price, price + 1n]) {
    const { amountIn, isWhole } = swap(pool, { way: 'down', exact: 'in', amount: 1_000n, limit })
    assert.deepEqual([amountIn, isWhole], [0n, false])
  }
  assert.equal(swap(pool, { way: 'up', exact: 'in', amount: 0n }).amountOut, 0n)
  const shape = { sqrtPriceX96: 0n, tick: 0, liquidity: 0n, feePips: 500n, ticks: [] }
  const unborn = createPool({ ...shape, edges: createWordEdges(10) })
  for (const way of ['down', 'up'] as const) {
    const { amountOut, isWhole } = swap(unborn, { way, exact: 'in', amount: 1_000n })
    assert.deepEqual([amountOut, isWhole], [0n, false])
  }
})

test('a pool is the same to ask, however often it was asked before', () => {
  fc.assert(
    fc.property(pools, fc.array(fc.tuple(ways, amounts), { maxLength: 8 }), (pool, asked) => {
      for (const [way, amount] of asked) {
        const fresh = swap(createPool(pool), { way, exact: 'in', amount })
        assert.deepEqual(swap(pool, { way, exact: 'in', amount }), fresh)
      }
    }),
    { seed: 67, numRuns: 200 },
  )
})

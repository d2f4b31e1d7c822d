// A pool seen as a book: taking whole levels costs and gives what the pool's own maths say.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { depthOf } from '#connectors/evm/pools/depth.ts'
import { ladderOf } from '#connectors/evm/pools/ladder.ts'
import { feePipsOf, type PoolMarket, wayOf } from '#connectors/evm/pools/market.ts'
import type { PoolState } from '#connectors/evm/pools/pool.ts'
import { quotePool } from '#connectors/evm/pools/quoting.ts'
import type { Level } from '#connectors/venue.ts'
import { poolStates, v2States } from './random-pools.ts'

function marketOf(state: PoolState, baseIsToken0: boolean): PoolMarket {
  const token = (symbol: string) => ({ symbol, address: '', decimals: 9 })
  const kind =
    state.kind === 'v2'
      ? ({ name: 'v2', fee: state.fee } as const)
      : ({ name: 'v3', feePips: state.pool.feePips, tickSpacing: 1 } as const)
  const assets = { base: 'B', quote: 'Q', baseToken: token('B'), quoteToken: token('Q') }
  return { market: 'B-Q', address: '', baseIsToken0, kind, ...assets }
}

const units = (decimal: string) => BigInt(decimal.replace('.', ''))
const ONE = 10n ** 18n

/** What a book says of all its levels: base units, and quote units with the fee. */
function takeAll(levels: readonly Level[], fee: bigint) {
  const base = levels.reduce((sum, { size }) => sum + units(size), 0n)
  const scaled = levels.reduce((sum, { price, size }) => sum + units(price) * units(size), 0n)
  return { base, quote: (scaled * (1_000_000n + fee)) / (ONE * 1_000_000n) }
}

test('all levels of a side together are an order of the same size, to the rounding', () => {
  fc.assert(
    fc.property(poolStates, fc.boolean(), (state, baseIsToken0) => {
      const market = marketOf(state, baseIsToken0)
      const { bids, asks } = depthOf(market, state, { levels: 8, step: 0.003 })
      const fee = feePipsOf(market.kind)
      for (const [side, levels] of [
        ['buy', asks],
        ['sell', bids],
      ] as const) {
        if (levels.length === 0) continue
        const { base, quote } = takeAll(levels, side === 'buy' ? fee : -fee)
        const exact = side === 'buy' ? 'out' : 'in'
        const quoted = quotePool(state, { way: wayOf(market, side), exact, amount: base })
        const own = side === 'buy' ? quoted?.amountIn : quoted?.amountOut
        if (own === undefined) continue
        // The prices have 18 decimals; each level may be rounded by a unit of either side.
        const off = quote > own ? quote - own : own - quote
        const slack = 50n + base / ONE + quote / 10n ** 9n + (quote * 20n) / (base + 1n)
        assert.ok(off <= slack, `${side}: ${quote} in levels, ${own} by the pool`)
      }
    }),
    { seed: 41, numRuns: 400 },
  )
})

test('levels get worse from the best one on, and bids lie below asks', () => {
  const deep = v2States.filter((state) => {
    return state.kind === 'v2' && state.reserve0 > 10n ** 15n && state.reserve1 > 10n ** 15n
  })
  fc.assert(
    fc.property(deep, fc.boolean(), (state, baseIsToken0) => {
      const { bids, asks } = depthOf(marketOf(state, baseIsToken0), state)
      assert.deepEqual([bids.length, asks.length], [25, 25])
      const prices = [...bids.toReversed(), ...asks].map(({ price }) => units(price))
      for (const [at, price] of prices.entries()) assert.ok(price > (prices[at - 1] ?? 0n))
    }),
    { seed: 42 },
  )
})

test('a pool without liquidity has no levels', () => {
  const fee = { numerator: 997n, denominator: 1_000n }
  const state = { kind: 'v2', reserve0: 0n, reserve1: 0n, fee } as const
  assert.deepEqual(depthOf(marketOf(state, true), state), { bids: [], asks: [] })
})

test('a rung is what a pool trades until its price has moved so far', () => {
  fc.assert(
    fc.property(poolStates, fc.boolean(), (state, baseIsToken0) => {
      const market = marketOf(state, baseIsToken0)
      const ladder = ladderOf(market, state)
      assert.ok(ladder !== undefined)
      fc.pre(Number(ladder.price) > 1e-6) // Below, its text has too few digits to move it by.
      for (const side of ['asks', 'bids'] as const) {
        const totals = ladder[side].map(([, total]) => Number(total))
        for (const [at, [price, total]] of ladder[side].entries()) {
          assert.ok(Number(total) >= (totals[at - 1] ?? 0), 'it never gets less')
          const moved = Number(price) / Number(ladder.price)
          const step = (side === 'asks' ? moved : 1 / moved) - 1
          const [level] = depthOf(market, state, { levels: 1, step })[side]
          const off = Number(level?.size ?? 0) - Number(total)
          assert.ok(Math.abs(off) <= Number(total) * 1e-3 + 2e-9, `${side} ${at}: ${off}`)
        }
      }
    }),
    { seed: 43, numRuns: 200 },
  )
})

test('a pool without a price has no ladder', () => {
  const fee = { numerator: 997n, denominator: 1_000n }
  const state = { kind: 'v2', reserve0: 0n, reserve1: 0n, fee } as const
  assert.equal(ladderOf(marketOf(state, true), state), undefined)
})

test('with the fee inside, whole levels cost and bring what the pool itself says', () => {
  fc.assert(
    fc.property(poolStates, fc.boolean(), (state, baseIsToken0) => {
      const market = marketOf(state, baseIsToken0)
      const [bare, full] = [false, true].map((withFee) => depthOf(market, state, { withFee }))
      const fee = Number(feePipsOf(market.kind)) / 1_000_000
      for (const [side, sign] of [
        ['asks', 1],
        ['bids', -1],
      ] as const) {
        full?.[side].forEach(({ price, size }, at) => {
          const level = bare?.[side][at]
          assert.equal(size, level?.size)
          const expected = Number(level?.price) * (1 + sign * fee)
          assert.ok(Math.abs(Number(price) / expected - 1) < 1e-6 || Number(price) < 1e-9)
        })
      }
    }),
    { seed: 44, numRuns: 100 },
  )
})

// Random pools in memory: V2 and V3 with a few positions, for properties that need no chain.

import fc from 'fast-check'
import type { PoolState } from '#connectors/evm/pools/pool.ts'
import { createPool } from '#connectors/evm/uniswap-v3/pool.ts'
import { sqrtPriceAtTick, tickAtSqrtPrice } from '#connectors/evm/uniswap-v3/tick-maths.ts'
import { changeLiquidity, liquidityAt, type Tick } from '#connectors/evm/uniswap-v3/ticks.ts'
import { createWordEdges } from '#connectors/evm/uniswap-v3/word-edges.ts'

const SPACINGS = { 100: 1, 500: 10, 3000: 60, 10000: 200 } as const
const EDGES = new Map(Object.values(SPACINGS).map((spacing) => [spacing, createWordEdges(spacing)]))
const reserve = fc.bigInt({ min: 10n ** 9n, max: 10n ** 24n })

export const v2States: fc.Arbitrary<PoolState> = fc
  .tuple(reserve, reserve, fc.constantFrom(997n, 998n))
  .map(([reserve0, reserve1, numerator]) => {
    return { kind: 'v2', reserve0, reserve1, fee: { numerator, denominator: 1_000n } }
  })

const position = fc.record({
  from: fc.integer({ min: -400, max: 399 }),
  width: fc.integer({ min: 1, max: 300 }),
  amount: fc.bigInt({ min: 10n ** 6n, max: 10n ** 22n }),
})

export const v3States: fc.Arbitrary<PoolState> = fc
  .record({
    fee: fc.constantFrom(100, 500, 3000, 10000),
    at: fc.integer({ min: -60_000, max: 60_000 }),
    beyond: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    isFull: fc.boolean(),
    positions: fc.array(position, { minLength: 1, maxLength: 12 }),
  })
  .map(({ fee, at, beyond, isFull, positions }) => {
    const spacing = SPACINGS[Number(fee) as keyof typeof SPACINGS] // One of its own keys.
    const middle = Math.floor(at / spacing)
    const full = Math.floor(887_272 / spacing) * spacing
    const whole = { lower: -full, upper: full, amount: 10n ** 15n }
    const ranges = positions.map(({ from, width, amount }) => {
      const lower = (middle + from) * spacing
      return { lower, upper: lower + width * spacing, amount }
    })
    const ticks = [...(isFull ? [whole] : []), ...ranges].reduce(
      (list: readonly Tick[], change) => changeLiquidity(list, change),
      [],
    )
    const sqrtPriceX96 = sqrtPriceAtTick(middle * spacing) + beyond
    const tick = tickAtSqrtPrice(sqrtPriceX96)
    const liquidity = liquidityAt(ticks, tick)
    const edges = EDGES.get(spacing) ?? createWordEdges(spacing)
    const pool = createPool({ sqrtPriceX96, tick, liquidity, feePips: BigInt(fee), edges, ticks })
    return { kind: 'v3', pool }
  })

export const poolStates = fc.oneof(v2States, v3States)

// Routes: searches for the best route over 100 pools of V2 and V3 in memory, up to three hops each.
//
// Ten tokens, so that there are several pools between most of them and hundreds of ways to go.

import type { PoolState } from '#connectors/evm/pools/pool.ts'
import { createRouting, type RoutePool, type RouteRequest } from '#connectors/evm/pools/routing.ts'
import { createPool } from '#connectors/evm/uniswap-v3/pool.ts'
import { sqrtPriceAtTick } from '#connectors/evm/uniswap-v3/tick-maths.ts'
import { changeLiquidity, liquidityAt, type Tick } from '#connectors/evm/uniswap-v3/ticks.ts'
import { createWordEdges } from '#connectors/evm/uniswap-v3/word-edges.ts'
import { createRandom, type Random } from '../../campaigns/random.ts'
import { median, round } from '../measure.ts'

const POOLS = 100
const TOKENS = 10
const REQUESTS = 90
const RUNS = 5
const SPACING = 60
const SEED = 5
const ONE = 10n ** 18n
const EDGES = createWordEdges(SPACING)

/** Searches per second, in the median of the runs, and how many hops the found routes had. */
export function routesPerSecond() {
  const random = createRandom(SEED)
  const placed = Array.from({ length: POOLS }, (_, at) => placePool(random, at))
  const states = new Map(placed.map(({ pool, state }) => [pool.market, state]))
  const pools = placed.map(({ pool }) => pool)
  const routing = createRouting({ pools, stateOf: (market) => states.get(market) })
  const requests = Array.from({ length: REQUESTS }, () => randomRequest(random))
  let hops = 0
  let found = 0
  const speeds = Array.from({ length: RUNS }, () => {
    const start = performance.now()
    for (const request of requests) {
      const route = routing.best(request)
      hops += route?.hops.length ?? 0
      found += route === undefined ? 0 : 1
    }
    return (REQUESTS * 1_000) / (performance.now() - start)
  })
  return { routesPerSecond: Math.round(median(speeds)), routeHopsMean: round(hops / found, 2) }
}

function placePool(random: Random, at: number): { pool: RoutePool; state: PoolState } {
  const [a, b] = twoTokens(random)
  const [token0, token1] = [tokenAt(Math.min(a, b)), tokenAt(Math.max(a, b))]
  const pool = { market: `pool-${at}`, address: tokenAt(100 + at), token0, token1 }
  const depth = BigInt(1_000 + random.below(100_000)) * ONE
  return { pool, state: at % 2 === 0 ? pairOf(random, depth) : poolOf(random, depth) }
}

function pairOf(random: Random, depth: bigint): PoolState {
  const off = BigInt(9_900 + random.below(200))
  const fee = { numerator: 997n, denominator: 1_000n }
  return { kind: 'v2', reserve0: depth, reserve1: (depth * off) / 10_000n, fee }
}

function poolOf(random: Random, amount: bigint): PoolState {
  let ticks: readonly Tick[] = []
  for (let position = 0; position < 12; position++) {
    const lower = (random.below(80) - 60) * SPACING
    const upper = lower + (1 + random.below(60)) * SPACING
    ticks = changeLiquidity(ticks, { lower, upper, amount: amount * 5n })
  }
  ticks = changeLiquidity(ticks, { lower: -600 * SPACING, upper: 600 * SPACING, amount })
  const tick = random.below(200) - 100
  const slots = { sqrtPriceX96: sqrtPriceAtTick(tick), tick, liquidity: liquidityAt(ticks, tick) }
  return { kind: 'v3', pool: createPool({ ...slots, feePips: 3_000n, edges: EDGES, ticks }) }
}

function randomRequest(random: Random): RouteRequest {
  const [a, b] = twoTokens(random)
  return {
    tokenIn: tokenAt(a),
    tokenOut: tokenAt(b),
    exact: random.pick(['in', 'out'] as const),
    amount: BigInt(1 + random.below(2_000)) * ONE,
    gasPrice: { numerator: 10n ** 12n, denominator: 1n },
  }
}

function twoTokens(random: Random): readonly [number, number] {
  const a = random.below(TOKENS)
  return [a, (a + 1 + random.below(TOKENS - 1)) % TOKENS]
}

function tokenAt(index: number): string {
  return `0x${(index + 1).toString(16).padStart(40, '0')}`
}

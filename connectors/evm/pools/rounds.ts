// Rounds: what an arbitrage between pools gains, and the input at which it gains most.
//
// A round begins and ends with one token and passes two pools of the same tokens, or three around a
// triangle. What it gives over what goes in is concave, as every pool gives less and less: halves
// of the greatest input find the order of magnitude, thirds the best input. Amounts are exact, gas
// is an estimate.

import type { Way } from '../uniswap-v3/path.ts'
import type { PoolState } from './pool.ts'
import { GAS_APPROVAL, GAS_BASE, quotePool } from './quoting.ts'
import type { RoutePool } from './routing.ts'

export type Round = {
  readonly pools: readonly RoutePool[]
  readonly amountIn: bigint
  readonly amountOut: bigint
  /** Of the transaction and of its approval. */
  readonly gas: bigint
  /** What is gained after gas. */
  readonly net: bigint
}

export type RoundRequest = {
  readonly token: string
  readonly amountMax: bigint
  /** Units of the token that so much gas costs. */
  readonly costOf: (gas: bigint) => bigint
}

export type RoundDeps = {
  readonly pools: readonly RoutePool[]
  readonly stateOf: (market: string) => PoolState | undefined
}

type Step = { readonly pool: RoutePool; readonly way: Way; readonly to: string }
type Passed = { readonly amountOut: bigint; readonly gas: bigint }

/** Down to a millionth of the greatest input; smaller gains are less than any gas. */
const HALVES = 20
/** The interval of the best input shrinks by a third each time: to less than a ten-thousandth. */
const THIRDS = 24

/** The round that gains most after gas; undefined when none gains anything. */
export function bestRound(deps: RoundDeps, request: RoundRequest): Round | undefined {
  let best: Round | undefined
  for (const steps of roundsOf(deps.pools, request.token)) {
    const found = bestInput(steps, deps, request)
    if (found !== undefined && found.net > (best?.net ?? 0n)) best = found
  }
  return best
}

function bestInput(steps: readonly Step[], deps: RoundDeps, request: RoundRequest) {
  // More than the pools can take gains nothing.
  const gainOf = (amountIn: bigint): bigint => {
    const passed = pass(steps, deps, amountIn)
    return passed === undefined ? -amountIn : passed.amountOut - amountIn
  }
  let [near, gain] = [0n, 0n]
  for (let half = 0; half <= HALVES; half++) {
    const amountIn = request.amountMax >> BigInt(half)
    const gained = gainOf(amountIn)
    if (gained > gain) [near, gain] = [amountIn, gained]
    else if (near > 0n) break
  }
  if (near === 0n) return undefined
  let [from, to] = [near / 2n, 2n * near < request.amountMax ? 2n * near : request.amountMax]
  for (let turn = 0; turn < THIRDS && to - from > 2n; turn++) {
    const third = (to - from) / 3n
    if (gainOf(from + third) >= gainOf(to - third)) to -= third
    else from += third
  }
  const middle = (from + to) / 2n
  return roundOf(steps, gainOf(middle) > gain ? middle : near, deps, request)
}

function roundOf(
  steps: readonly Step[],
  amountIn: bigint,
  deps: RoundDeps,
  { costOf }: RoundRequest,
): Round | undefined {
  const passed = pass(steps, deps, amountIn)
  if (passed === undefined) return undefined
  const { amountOut, gas } = passed
  const net = amountOut - amountIn - costOf(gas)
  return { pools: steps.map(({ pool }) => pool), amountIn, amountOut, gas, net }
}

/** Undefined where a pool cannot take it all. */
function pass(steps: readonly Step[], { stateOf }: RoundDeps, amountIn: bigint) {
  let passed: Passed = { amountOut: amountIn, gas: GAS_BASE + GAS_APPROVAL }
  for (const { pool, way } of steps) {
    const state = stateOf(pool.market)
    const amount = passed.amountOut
    const quoted = state && quotePool(state, { way, exact: 'in', amount })
    if (quoted === undefined) return undefined
    passed = { amountOut: quoted.amountOut, gas: passed.gas + quoted.gas }
  }
  return passed
}

/** Every way over two or three pools back to the token, none of them twice. */
function roundsOf(pools: readonly RoutePool[], token: string): (readonly Step[])[] {
  const start = token.toLowerCase()
  return stepsFrom(pools, start).flatMap((first) =>
    stepsFrom(pools, first.to).flatMap((second): (readonly Step[])[] => {
      if (second.pool === first.pool) return []
      if (second.to === start) return [[first, second]]
      const last = stepsFrom(pools, second.to).filter(({ to }) => to === start)
      return last.map((third) => [first, second, third])
    }),
  )
}

function stepsFrom(pools: readonly RoutePool[], token: string): Step[] {
  return pools.flatMap((pool): Step[] => {
    const [token0, token1] = [pool.token0.toLowerCase(), pool.token1.toLowerCase()]
    if (token0 === token) return [{ pool, way: 'down', to: token1 }]
    return token1 === token ? [{ pool, way: 'up', to: token0 }] : []
  })
}

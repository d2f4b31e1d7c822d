// Routing: the best way from one token to another over up to three pools, from local state.
//
// Best means after gas: a route's gas, at a price in the token that is counted, is taken off what
// it gives, or added to what it costs. Amounts are exact, gas is an estimate. At every token the
// ways there are kept that no other one beats in amount and gas at once, so a single pool is only
// passed over for something better. No token is passed twice.

import { assert } from '#kernel/assert.ts'
import type { Ratio } from '../uniswap-v2/maths.ts'
import type { Way } from '../uniswap-v3/path.ts'
import { divideUp } from '../uniswap-v3/price-maths.ts'
import type { PoolState } from './pool.ts'
import { GAS_BASE, quotePool } from './quoting.ts'

export type RoutePool = {
  readonly market: string
  readonly address: string
  readonly token0: string
  readonly token1: string
}

export type RouteRequest = {
  readonly tokenIn: string
  readonly tokenOut: string
  readonly exact: 'in' | 'out'
  readonly amount: bigint
  /** Units, of the token that is not exact, for one unit of gas. */
  readonly gasPrice: Ratio
}

export type RouteHop = {
  readonly market: string
  readonly address: string
  readonly way: Way
  readonly amountIn: bigint
  readonly amountOut: bigint
}

export type Route = {
  /** In the order of the swap. */
  readonly hops: readonly RouteHop[]
  readonly amountIn: bigint
  readonly amountOut: bigint
  /** Of the whole transaction. */
  readonly gas: bigint
  /** The amount that is not exact, less its gas when it comes in, with it when it goes out. */
  readonly net: bigint
}

export type Routing = {
  /** Undefined when no route makes the whole amount. */
  best(request: RouteRequest): Route | undefined
}

export type RoutingDeps = {
  readonly pools: readonly RoutePool[]
  readonly stateOf: (market: string) => PoolState | undefined
  readonly hopsMax?: number
}

export const HOPS_MAX = 3

/** An edge leads from a token that goes in to the one that comes out; backwards the other way. */
type Edge = { readonly pool: RoutePool; readonly way: Way; readonly to: string }
type Edges = ReadonlyMap<string, readonly Edge[]>

/** One way to have reached a token. */
type Reached = {
  readonly amount: bigint
  readonly gas: bigint
  readonly last: RouteHop | undefined
  readonly before: Reached | undefined
}

export function createRouting({ pools, stateOf, hopsMax = HOPS_MAX }: RoutingDeps): Routing {
  assert(hopsMax <= HOPS_MAX, 'longer routes would have to remember which tokens they passed')
  const forwards = edgesOf(pools, 'down')
  const backwards = edgesOf(pools, 'up')

  function best(request: RouteRequest): Route | undefined {
    const { exact, tokenIn, tokenOut, amount } = request
    const edges = exact === 'in' ? forwards : backwards
    const [start, goal] = (exact === 'in' ? [tokenIn, tokenOut] : [tokenOut, tokenIn]).map(keyOf)
    if (start === undefined || goal === undefined || start === goal) return undefined
    const origin = { amount, gas: GAS_BASE, last: undefined, before: undefined }
    let front = new Map<string, Reached[]>([[start, [origin]]])
    const arrived: Reached[] = []
    for (let hop = 1; hop <= hopsMax; hop++) {
      const next = new Map<string, Reached[]>()
      for (const [token, ways] of front) {
        for (const edge of edges.get(token) ?? []) {
          if (edge.to === start || !leads(edges, edge.to, { goal, left: hopsMax - hop })) continue
          const state = stateOf(edge.pool.market)
          if (state === undefined) continue
          const list = edge.to === goal ? arrived : listAt(next, edge.to)
          for (const reached of ways) take(list, along(edge, state, { reached, exact }), exact)
        }
      }
      front = next
    }
    return arrived.map((reached) => toRoute(reached, request)).reduce(betterOf(exact), undefined)
  }

  return { best }
}

/** Whether the goal can still be reached with the hops that are left. */
function leads(
  edges: Edges,
  token: string,
  { goal, left }: { readonly goal: string; readonly left: number },
): boolean {
  if (token === goal) return true
  if (left === 0) return false
  return left > 1 || (edges.get(token) ?? []).some(({ to }) => to === goal)
}

type Stretch = { readonly reached: Reached; readonly exact: 'in' | 'out' }

function along(edge: Edge, state: PoolState, { reached, exact }: Stretch): Reached | undefined {
  const { pool, way } = edge
  const quoted = quotePool(state, { way, exact, amount: reached.amount })
  if (quoted === undefined) return undefined
  const { amountIn, amountOut, gas } = quoted
  return {
    amount: exact === 'in' ? amountOut : amountIn,
    gas: reached.gas + gas,
    last: { market: pool.market, address: pool.address, way, amountIn, amountOut },
    before: reached,
  }
}

/** Adds a way unless another one is as good in both; removes those it is as good as in both. */
function take(list: Reached[], found: Reached | undefined, exact: 'in' | 'out'): void {
  if (found === undefined) return
  const isAsGood = (a: Reached, b: Reached) => {
    return a.gas <= b.gas && (exact === 'in' ? a.amount >= b.amount : a.amount <= b.amount)
  }
  if (list.some((known) => isAsGood(known, found))) return
  for (let at = list.length - 1; at >= 0; at--) {
    const known = list[at]
    if (known !== undefined && isAsGood(found, known)) list.splice(at, 1)
  }
  list.push(found)
}

function toRoute(reached: Reached, { exact, amount, gasPrice }: RouteRequest): Route {
  const hops: RouteHop[] = []
  for (let at: Reached | undefined = reached; at?.last !== undefined; at = at.before) {
    hops.push(at.last)
  }
  const cost = divideUp(reached.gas * gasPrice.numerator, gasPrice.denominator)
  const { gas, amount: other } = reached
  return exact === 'in'
    ? { hops: hops.reverse(), amountIn: amount, amountOut: other, gas, net: other - cost }
    : { hops, amountIn: other, amountOut: amount, gas, net: other + cost }
}

function betterOf(exact: 'in' | 'out') {
  return (best: Route | undefined, one: Route): Route => {
    if (best === undefined) return one
    const isBetter = exact === 'in' ? one.net > best.net : one.net < best.net
    return isBetter ? one : best
  }
}

/** Forwards from the token that goes in; backwards from the one that comes out. */
function edgesOf(pools: readonly RoutePool[], from0: Way): Edges {
  const edges = new Map<string, Edge[]>()
  for (const pool of pools) {
    const [token0, token1] = [keyOf(pool.token0), keyOf(pool.token1)]
    listAt(edges, token0).push({ pool, way: from0, to: token1 })
    listAt(edges, token1).push({ pool, way: from0 === 'down' ? 'up' : 'down', to: token0 })
  }
  return edges
}

function listAt<T>(lists: Map<string, T[]>, key: string): T[] {
  const known = lists.get(key)
  if (known !== undefined) return known
  const made: T[] = []
  lists.set(key, made)
  return made
}

function keyOf(address: string): string {
  return address.toLowerCase()
}

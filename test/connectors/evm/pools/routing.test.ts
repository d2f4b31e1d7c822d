// Routes over pools of both kinds: never worse than any single pool, and the best there is.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PoolState } from '#connectors/evm/pools/pool.ts'
import { quotePool } from '#connectors/evm/pools/quoting.ts'
import { createRouting, type RoutePool, type RouteRequest } from '#connectors/evm/pools/routing.ts'
import { poolStates, v2States } from './random-pools.ts'

const TOKENS = ['0xA0', '0xB1', '0xC2', '0xD3', '0xE4']

type Placed = { readonly pool: RoutePool; readonly state: PoolState }

const ends = fc
  .tuple(fc.nat(TOKENS.length - 1), fc.nat(TOKENS.length - 1))
  .filter(([a, b]) => a !== b)

const worlds = fc
  .array(fc.tuple(ends, poolStates), { minLength: 1, maxLength: 14 })
  .map((rows) => rows.map(([[a, b], state], at) => place(at, [a, b], state)))

const requests = fc.record({
  exact: fc.constantFrom('in' as const, 'out' as const),
  amount: fc.bigInt({ min: 1n, max: 10n ** 20n }),
  gasUnits: fc.bigInt({ min: 0n, max: 10n ** 12n }),
})

function place(at: number, [a, b]: readonly [number, number], state: PoolState): Placed {
  const [token0 = '', token1 = ''] = [TOKENS[Math.min(a, b)], TOKENS[Math.max(a, b)]]
  return { pool: { market: `m${at}`, address: `0x${at}`, token0, token1 }, state }
}

function routingOf(world: readonly Placed[], hopsMax?: number) {
  const states = new Map(world.map(({ pool, state }) => [pool.market, state]))
  const pools = world.map(({ pool }) => pool)
  const stateOf = (market: string) => states.get(market)
  return createRouting({ pools, stateOf, ...(hopsMax === undefined ? {} : { hopsMax }) })
}

function requestOf({
  exact,
  amount,
  gasUnits,
}: typeof requests extends fc.Arbitrary<infer T> ? T : never): RouteRequest {
  const gasPrice = { numerator: gasUnits, denominator: 10n ** 6n }
  return { tokenIn: '0xA0', tokenOut: '0xE4', exact, amount, gasPrice }
}

/** Every route without a token twice, by trying them all; what it gives or costs without gas. */
function everyRoute(world: readonly Placed[], { exact, amount }: RouteRequest): bigint[] {
  const [start, goal] = exact === 'in' ? ['0xA0', '0xE4'] : ['0xE4', '0xA0']
  const walk = (token: string, units: bigint, passed: readonly string[]): bigint[] => {
    if (token === goal) return [units]
    if (passed.length === 3) return []
    return world.flatMap(({ pool, state }) => {
      const isFirst = pool.token0 === token
      const to = isFirst ? pool.token1 : pool.token0
      if ((!isFirst && pool.token1 !== token) || [...passed, token].includes(to)) return []
      const way = isFirst === (exact === 'in') ? 'down' : 'up'
      const quoted = quotePool(state, { way, exact, amount: units })
      if (quoted === undefined) return []
      const next = exact === 'in' ? quoted.amountOut : quoted.amountIn
      return walk(to, next, [...passed, token])
    })
  }
  return walk(start ?? '', amount, [])
}

test('a route is never worse than the best single pool, after gas', () => {
  fc.assert(
    fc.property(worlds, requests, (world, asked) => {
      const request = requestOf(asked)
      const single = routingOf(world, 1).best(request)
      const route = routingOf(world).best(request)
      if (single === undefined) return
      assert.ok(route !== undefined)
      if (request.exact === 'in') assert.ok(route.net >= single.net)
      else assert.ok(route.net <= single.net)
    }),
    { seed: 31, numRuns: 300 },
  )
})

test('without a price of gas it is the best of all routes there are', () => {
  fc.assert(
    fc.property(worlds, requests, (world, asked) => {
      const request = requestOf({ ...asked, gasUnits: 0n })
      const all = everyRoute(world, request)
      const route = routingOf(world).best(request)
      assert.equal(route === undefined, all.length === 0)
      if (route === undefined) return
      const best = all.reduce((a, b) => ((request.exact === 'in' ? a > b : a < b) ? a : b))
      assert.equal(request.exact === 'in' ? route.amountOut : route.amountIn, best)
    }),
    { seed: 32, numRuns: 300 },
  )
})

test('the hops of a route follow from each other, in the order of the swap', () => {
  fc.assert(
    fc.property(worlds, requests, (world, asked) => {
      const route = routingOf(world).best(requestOf(asked))
      if (route === undefined) return
      let [token, amount] = ['0xA0', route.amountIn]
      for (const hop of route.hops) {
        const placed = world.find(({ pool }) => pool.market === hop.market)
        assert.ok(placed !== undefined && hop.amountIn === amount)
        const [from, to] = [placed.pool.token0, placed.pool.token1]
        assert.equal(token, hop.way === 'down' ? from : to)
        ;[token, amount] = [hop.way === 'down' ? to : from, hop.amountOut]
      }
      assert.deepEqual([token, amount], ['0xE4', route.amountOut])
    }),
    { seed: 33, numRuns: 300 },
  )
})

test('a dear second hop loses to a single pool that gives less', () => {
  const [deep] = fc.sample(v2States, { seed: 1, numRuns: 1 })
  assert.ok(deep?.kind === 'v2')
  const state = { ...deep, reserve0: 10n ** 24n, reserve1: 10n ** 24n }
  const thin = { ...deep, reserve0: 10n ** 22n, reserve1: 99n * 10n ** 20n }
  const world = [place(0, [0, 4], thin), place(1, [0, 2], state), place(2, [2, 4], state)]
  const hops = (gasUnits: bigint) => {
    const route = routingOf(world).best(requestOf({ exact: 'in', amount: 10n ** 18n, gasUnits }))
    return route?.hops.map(({ market }) => market)
  }
  assert.deepEqual(hops(0n), ['m1', 'm2'])
  assert.deepEqual(hops(10n ** 18n), ['m0'])
})

test('there is no route to the same token, nor to one that no pool has', () => {
  const [state] = fc.sample(v2States, { seed: 2, numRuns: 1 })
  assert.ok(state !== undefined)
  const routing = routingOf([place(0, [0, 4], state)])
  const request = requestOf({ exact: 'in', amount: 10n ** 9n, gasUnits: 0n })
  assert.equal(routing.best({ ...request, tokenOut: '0xA0' }), undefined)
  assert.equal(routing.best({ ...request, tokenOut: '0xF5' }), undefined)
})

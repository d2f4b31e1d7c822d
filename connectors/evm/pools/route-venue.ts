// The venue of all pools together: a pair of assets is a market, an order takes the best route.
//
// A pair is told as one book: the levels of every pool that trades the two directly, each with its
// pool's fee inside, best first. Where two pools differ by more than their fees the best bid lies
// above the best ask: that is an arbitrage, and it is told as it is. A quote names the pools that
// it would go through and its gas; both are of the route that gives most after gas.

import type { Level, MarketUpdate, Quote, QuoteRequest, Trading, Venue } from '../../venue.ts'
import { formatChainAmount, parseChainAmount } from '../chain-amount.ts'
import type { Head } from '../heads.ts'
import type { BestRoutes } from './best-routes.ts'
import { type Depth, depthOf } from './depth.ts'
import { pairInstrument } from './market.ts'
import type { PoolMirror } from './mirror.ts'
import type { PoolState } from './pool.ts'
import { GAS_APPROVAL } from './quoting.ts'
import { endsOf } from './route-trading.ts'
import type { RoutedPair } from './routed-pairs.ts'
import { timeOf, unavailable } from './venue.ts'

export type RouteVenueDeps = {
  readonly name: string
  readonly pairs: readonly RoutedPair[]
  readonly mirror: PoolMirror
  readonly routes: BestRoutes
  /** The asset that gas is paid in, and its wrapped token. */
  readonly nativeAsset: string
  readonly nativeToken: string
  readonly head: () => Pick<Head, 'baseFeePerGas' | 'timestamp'> | undefined
  readonly trading?: Trading
}

const LEVELS = 25
const NATIVE_DECIMALS = 18

/** A venue over a mirror that somebody else keeps; closing it leaves that running. */
export function createRouteVenue(deps: RouteVenueDeps): Venue {
  const { name, pairs, mirror, trading } = deps
  const subscriptions = new Set<() => void>()
  const depthAt = rememberedDepth()

  function subscribe(symbol: string, listener: (update: MarketUpdate) => void): () => void {
    const pair = pairs.find(({ market }) => market === symbol)
    if (pair === undefined) throw new Error(`no pools for ${symbol}`)
    const names = new Set(pair.pools.map(({ market }) => market))
    let [isOver, isDue, at] = [false, false, 0]
    const tell = () => {
      isDue = false
      if (isOver) return
      const depths = pair.pools.flatMap((pool) => {
        const state = mirror.get(pool.market)?.state
        return state === undefined ? [] : [depthAt(pool, state)]
      })
      listener({ kind: 'book', symbol, ...merged(depths), at })
    }
    const end = mirror.onChange((changed, poolAt) => {
      at = timeOf(poolAt)
      if (!names.has(changed) || isDue) return
      isDue = true
      // Once for all pools that a block has changed.
      queueMicrotask(tell)
    })
    const stop = () => {
      isOver = true
      subscriptions.delete(stop)
      end()
    }
    subscriptions.add(stop)
    return stop
  }

  return {
    name,
    instruments: async () => pairs.map(pairInstrument),
    subscribe,
    async quote(request) {
      const pair = pairs.find(({ market }) => market === request.symbol)
      return pair === undefined ? unavailable('no pools for this pair') : quote(request, pair, deps)
    },
    trading,
    async close() {
      for (const stop of subscriptions) stop()
    },
  }
}

function quote({ side, quantity }: QuoteRequest, pair: RoutedPair, deps: RouteVenueDeps): Quote {
  const { baseToken, quoteToken } = pair
  const decimals = quantity.in === 'base' ? baseToken.decimals : quoteToken.decimals
  const amount = parseChainAmount(quantity.amount, decimals)
  if (amount === undefined) return unavailable('the quantity is malformed or too precise')
  const head = deps.head()
  if (head === undefined) return unavailable('the chain is not known')
  const exact = (side === 'buy') === (quantity.in === 'quote') ? 'in' : 'out'
  const route = deps.routes.best({ ...endsOf(pair, side), exact, amount }, head)
  if (route === undefined) return unavailable('no route makes that much')
  const { hops, gas, amountIn, amountOut } = route
  const [base, quoted] = side === 'buy' ? [amountOut, amountIn] : [amountIn, amountOut]
  const wei = deps.routes.costOf(gas + GAS_APPROVAL, deps.nativeToken, head)
  return {
    kind: 'quote',
    base: formatChainAmount(base, baseToken.decimals),
    quote: formatChainAmount(quoted, quoteToken.decimals),
    at: head.timestamp * 1_000_000,
    route: hops.map(({ market }) => market),
    gas: { asset: deps.nativeAsset, amount: formatChainAmount(wei, NATIVE_DECIMALS) },
  }
}

/** The levels of a state are computed once, however often its book is told. */
function rememberedDepth() {
  const known = new WeakMap<PoolState, Depth>()
  return (pool: RoutedPair['pools'][number], state: PoolState): Depth => {
    const depth = known.get(state) ?? depthOf(pool, state, { levels: LEVELS, withFee: true })
    known.set(state, depth)
    return depth
  }
}

function merged(depths: readonly Depth[]): Depth {
  const sorted = (levels: readonly Level[], sign: 1 | -1) =>
    levels.toSorted((a, b) => sign * (Number(a.price) - Number(b.price))).slice(0, LEVELS)
  return {
    bids: sorted(
      depths.flatMap(({ bids }) => bids),
      -1,
    ),
    asks: sorted(
      depths.flatMap(({ asks }) => asks),
      1,
    ),
  }
}

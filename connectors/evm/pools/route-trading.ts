// Trading on all pools together: an order takes the best route, an arbitrage the best round.
//
// Both are found in the newest state that there is, after gas at present prices, and bound by what
// the caller gave: the worst average price, or the least gain after gas. An order that names its
// output is an exact input on chain: with FOK it gets all of that or nothing, with IOC it may get
// less where a pool moves at the last moment, and never at a worse price than its limit.

import type { OrderRequest, Trading } from '../../venue.ts'
import { parseChainAmount } from '../chain-amount.ts'
import { leastOfNamed, leastOut, rests, swapAmounts, swapRefusal } from './amounts.ts'
import { type BestRoutes, toRoutePool } from './best-routes.ts'
import type { PoolMarket } from './market.ts'
import type { PoolMirror } from './mirror.ts'
import { bestRound } from './rounds.ts'
import type { RoutedPair } from './routed-pairs.ts'
import type { Route } from './routing.ts'
import {
  createSwapTrading,
  type NoSwap,
  newest,
  type Plan,
  type SwapTradingDeps,
} from './swap-trading.ts'

export type RouteTradingDeps = Omit<SwapTradingDeps<RoutedPair>, 'plan' | 'idPrefix'> & {
  readonly pools: readonly PoolMarket[]
  readonly routes: BestRoutes
  readonly mirror: Pick<PoolMirror, 'get'>
}

const ID_PREFIX = 'route/'

export function createRouteTrading(deps: RouteTradingDeps): Trading {
  const plan = (request: OrderRequest, pair: RoutedPair) =>
    request.minProfit === undefined
      ? planSwap(request, pair, deps)
      : planRound({ ...request, minProfit: request.minProfit }, pair, deps)
  return createSwapTrading({ ...deps, plan, idPrefix: ID_PREFIX })
}

async function planSwap(
  request: OrderRequest,
  pair: RoutedPair,
  deps: RouteTradingDeps,
): Promise<Plan | NoSwap> {
  const { side, quantity, limitPrice = '' } = request
  const refused = swapRefusal(request)
  if (refused !== undefined) return { refused }
  const decimals = { base: pair.baseToken.decimals, quote: pair.quoteToken.decimals }
  const amounts = swapAmounts({ side, quantity, limitPrice }, decimals)
  if (amounts === undefined) return { refused: 'request.malformed' }
  const head = await newest(deps.heads)
  if (head === undefined) return { refused: 'chain_away' }
  const ends = endsOf(pair, side)
  if (amounts.kind === 'exact-in') {
    const { amountIn, minOut } = amounts
    const route = deps.routes.best({ ...ends, exact: 'in', amount: amountIn }, head)
    if (route === undefined || route.amountOut < minOut) return { refused: 'swap.slippage' }
    return { ...ends, pools: addressesOf(route), amountIn, minOut }
  }
  const { amountOut, maxIn } = amounts
  const route = deps.routes.best({ ...ends, exact: 'out', amount: amountOut }, head)
  if (route === undefined || route.amountIn > maxIn) return { refused: 'swap.slippage' }
  const { amountIn } = route
  const least = leastOut(amountIn, { side, limitPrice }, decimals)
  const minOut = leastOfNamed(request, amountOut, least)
  return { ...ends, pools: addressesOf(route), amountIn, minOut }
}

/** The quote coins' round: what it must gain on chain is the least gain and what its gas costs. */
async function planRound(
  request: OrderRequest & { readonly minProfit: string },
  pair: RoutedPair,
  deps: RouteTradingDeps,
): Promise<Plan | NoSwap> {
  const { side, quantity, limitPrice } = request
  if (rests(request)) return { refused: 'order.type_unsupported' }
  const { address: token, decimals } = pair.quoteToken
  const amountMax = parseChainAmount(quantity.amount, decimals)
  const floor = parseChainAmount(request.minProfit, decimals)
  const isSale = side === 'sell' && quantity.in === 'quote' && limitPrice === undefined
  if (!isSale || !amountMax || floor === undefined) return { refused: 'request.malformed' }
  const head = await newest(deps.heads)
  if (head === undefined) return { refused: 'chain_away' }
  const costOf = (gas: bigint) => deps.routes.costOf(gas, token, head)
  const round = bestRound(roundDeps(pair, deps), { token, amountMax, costOf })
  if (round === undefined || round.net < floor) return { refused: 'swap.no_profit' }
  const { amountIn, gas } = round
  const minProfit = floor + costOf(gas) || 1n // The contract asks for some gain at least.
  return { token, amountIn, minProfit, pools: round.pools.map(({ address }) => address) }
}

/** A round of a pair passes one of its own pools at least. */
function roundDeps({ base, quote }: RoutedPair, { pools, mirror }: RouteTradingDeps) {
  const near = pools.filter((pool) => [base, quote].some((one) => isOf(pool, one)))
  return { pools: near.map(toRoutePool), stateOf: (market: string) => mirror.get(market)?.state }
}

function isOf({ base, quote }: PoolMarket, asset: string): boolean {
  return base === asset || quote === asset
}

export function endsOf({ baseToken, quoteToken }: RoutedPair, side: OrderRequest['side']) {
  return side === 'buy'
    ? { tokenIn: quoteToken.address, tokenOut: baseToken.address }
    : { tokenIn: baseToken.address, tokenOut: quoteToken.address }
}

function addressesOf({ hops }: Route): string[] {
  return hops.map(({ address }) => address)
}

// Trading on single pools: an order goes through the pool that its symbol names.
//
// An order needs a limit price: a pool without a bound gives any price. The executor takes an exact
// input, so an order that names its output pays what the pool asks for it in the newest state. With
// FOK it gets all of that or nothing; with IOC it may get less where the pool moves at the last
// moment, and never at a worse price than its limit.

import type { OrderRequest, Trading } from '../../venue.ts'
import { leastOfNamed, leastOut, swapAmounts, swapRefusal } from './amounts.ts'
import { type PoolMarket, wayOf } from './market.ts'
import type { PoolMirror } from './mirror.ts'
import { quotePool } from './quoting.ts'
import {
  createSwapTrading,
  type NoSwap,
  newest,
  type Plan,
  type SwapTradingDeps,
} from './swap-trading.ts'

export type PoolTradingDeps = Omit<SwapTradingDeps<PoolMarket>, 'plan' | 'idPrefix'> & {
  readonly mirror: PoolMirror
}

export function createPoolTrading(deps: PoolTradingDeps): Trading {
  return createSwapTrading({ ...deps, plan: (request, market) => plan(request, market, deps) })
}

async function plan(
  request: OrderRequest,
  market: PoolMarket,
  { mirror, heads }: PoolTradingDeps,
): Promise<Plan | NoSwap> {
  const { side, quantity, limitPrice = '' } = request
  const refused = swapRefusal(request)
  if (refused !== undefined) return { refused }
  const { baseToken, quoteToken, address } = market
  const decimals = { base: baseToken.decimals, quote: quoteToken.decimals }
  const [tokenIn, tokenOut] =
    side === 'buy'
      ? [quoteToken.address, baseToken.address]
      : [baseToken.address, quoteToken.address]
  const amounts = swapAmounts({ side, quantity, limitPrice }, decimals)
  if (amounts === undefined) return { refused: 'request.malformed' }
  const route = { tokenIn, tokenOut, pools: [address] }
  if (amounts.kind === 'exact-in') return { ...route, ...amounts }
  if ((await newest(heads)) === undefined) return { refused: 'chain_away' }
  const state = mirror.get(market.market)?.state
  if (state === undefined) return { refused: 'pool.unknown' }
  const { amountOut, maxIn } = amounts
  const quoted = quotePool(state, { way: wayOf(market, side), exact: 'out', amount: amountOut })
  if (quoted === undefined || quoted.amountIn > maxIn) return { refused: 'swap.slippage' }
  const { amountIn } = quoted
  const least = leastOut(amountIn, { side, limitPrice }, decimals)
  return { ...route, amountIn, minOut: leastOfNamed(request, amountOut, least) }
}

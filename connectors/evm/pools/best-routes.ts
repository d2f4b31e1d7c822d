// Best routes: the routing over the pools of a mirror, with gas at what it costs now.
//
// Gas is paid in the native coin, so what a unit of it costs in another token is what the pools
// give for its wrapped form. Where no route leads from there to a token, its gas cannot be priced
// and counts as nothing: then amounts alone decide.

import type { Head } from '../heads.ts'
import type { Ratio } from '../uniswap-v2/maths.ts'
import { divideUp } from '../uniswap-v3/price-maths.ts'
import type { PoolMarket } from './market.ts'
import type { PoolMirror } from './mirror.ts'
import { createRouting, type Route, type RoutePool, type RouteRequest } from './routing.ts'

export type BestRoutes = {
  /** Undefined when no route makes the whole amount. */
  best(request: Omit<RouteRequest, 'gasPrice'>, head: GasHead): Route | undefined
  /** What so much gas costs in units of a token, rounded up. */
  costOf(gas: bigint, token: string, head: GasHead): bigint
}

export type BestRoutesDeps = {
  readonly markets: readonly PoolMarket[]
  readonly mirror: Pick<PoolMirror, 'get'>
  /** The wrapped native coin. */
  readonly nativeToken: string
  /** What the miner gets per unit of gas. */
  readonly tipWei: bigint
}

type GasHead = Pick<Head, 'baseFeePerGas'>

/** A hundredth of a coin: small beside any pool, large beside rounding. */
const PROBE_WEI = 10n ** 16n

export function createBestRoutes(deps: BestRoutesDeps): BestRoutes {
  const { markets, mirror, nativeToken, tipWei } = deps
  const routing = createRouting({
    pools: markets.map(toRoutePool),
    stateOf: (market) => mirror.get(market)?.state,
  })

  function priceOfGas(token: string, { baseFeePerGas }: GasHead): Ratio {
    const wei = baseFeePerGas + tipWei
    if (isSame(token, nativeToken)) return { numerator: wei, denominator: 1n }
    const route = routing.best({
      ...{ tokenIn: nativeToken, tokenOut: token, exact: 'in', amount: PROBE_WEI },
      gasPrice: { numerator: 0n, denominator: 1n },
    })
    return { numerator: wei * (route?.amountOut ?? 0n), denominator: PROBE_WEI }
  }

  return {
    best(request, head) {
      const counted = request.exact === 'in' ? request.tokenOut : request.tokenIn
      return routing.best({ ...request, gasPrice: priceOfGas(counted, head) })
    },
    costOf(gas, token, head) {
      const { numerator, denominator } = priceOfGas(token, head)
      return divideUp(gas * numerator, denominator)
    },
  }
}

export function toRoutePool(pool: PoolMarket): RoutePool {
  const { market, address, baseIsToken0, baseToken, quoteToken } = pool
  const [token0, token1] = baseIsToken0 ? [baseToken, quoteToken] : [quoteToken, baseToken]
  return { market, address, token0: token0.address, token1: token1.address }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

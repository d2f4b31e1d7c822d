// Pool market: a pool as an instrument, with the tokens and decimals of both its assets.
//
// What differs between protocols and forks is data here: the kind of the pool and its fee. A pair
// has the symbol of its market, a pool of V3 that and its fee, since there are several of them.

import type { Instrument, Side } from '../../venue.ts'
import { formatChainAmount } from '../chain-amount.ts'
import { type Deployment, type Pair, type Token, tokenOf } from '../deployment.ts'
import { type Fee, localFork } from '../uniswap-v2/forks.ts'
import type { Way } from '../uniswap-v3/path.ts'
import type { PoolKind, WatchedPool } from './pool.ts'

/** Two assets that are traded for each other, wherever. */
export type AssetPair = {
  readonly market: string
  readonly base: string
  readonly quote: string
  readonly baseToken: Token
  readonly quoteToken: Token
}

export type PoolMarket = WatchedPool & AssetPair

const PRICE_TICK = '0.000000000000000001'
const PIPS = 1_000_000n

/** The markets of a deployment that have a pair of a V2 fork. */
export function pairMarkets(
  deployment: Deployment,
  fee: Fee = localFork(deployment).fee,
): readonly PoolMarket[] {
  const kind = { name: 'v2', fee } as const
  return Object.values(deployment.pairs).map((pair) =>
    toMarket(deployment, pair.market, pair, kind),
  )
}

/** The pools of V3, a market for each fee: 'ETH-USDC-500'. */
export function v3Markets(deployment: Deployment): readonly PoolMarket[] {
  return Object.values(deployment.v3.pools).map((pool) => {
    const { market, fee, tickSpacing } = pool
    return toMarket(deployment, `${market}-${fee}`, pool, {
      name: 'v3',
      feePips: BigInt(fee),
      tickSpacing,
    })
  })
}

/** The same pool seen from its other asset. */
export function turned(market: PoolMarket): PoolMarket {
  const { base, quote, baseToken, quoteToken, baseIsToken0 } = market
  const assets = { base: quote, quote: base, baseToken: quoteToken, quoteToken: baseToken }
  return { ...market, ...assets, baseIsToken0: !baseIsToken0 }
}

function toMarket(deployment: Deployment, market: string, pair: Pair, kind: PoolKind): PoolMarket {
  const { address, base, quote, baseIsToken0 } = pair
  const tokens = { baseToken: tokenOf(deployment, base), quoteToken: tokenOf(deployment, quote) }
  return { market, address, base, quote, baseIsToken0, kind, ...tokens }
}

export function toInstrument(market: PoolMarket): Instrument {
  return { ...pairInstrument(market), takerFee: formatChainAmount(feePipsOf(market.kind), 6) }
}

/** Without a fee of its own: prices have the fees of pools inside. */
export function pairInstrument({ market: symbol, base, quote, baseToken }: AssetPair): Instrument {
  const lot = formatChainAmount(1n, baseToken.decimals)
  return { symbol, base, quote, kind: 'pool', tick: PRICE_TICK, lot, takerFee: '0', makerFee: '0' }
}

/** What a swap keeps of its input, in millionths. */
export function feePipsOf(kind: PoolKind): bigint {
  if (kind.name === 'v3') return kind.feePips
  return ((kind.fee.denominator - kind.fee.numerator) * PIPS) / kind.fee.denominator
}

/** Down: token0 comes in. A buyer of the base asset brings the quote asset. */
export function wayOf({ baseIsToken0 }: Pick<WatchedPool, 'baseIsToken0'>, side: Side): Way {
  return (side === 'sell') === baseIsToken0 ? 'down' : 'up'
}

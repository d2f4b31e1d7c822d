// Pool market: a pair with the tokens and decimals of both its assets.

import type { Instrument, PoolSnapshot } from '../../venue.ts'
import { formatChainAmount } from '../chain-amount.ts'
import { type Deployment, type Pair, type Token, tokenOf } from '../deployment.ts'
import type { Fee } from './forks.ts'
import type { PoolReserves } from './pool-state.ts'

export type PoolMarket = Pair & { readonly baseToken: Token; readonly quoteToken: Token }

const PRICE_TICK = '0.000000000000000001'

/** The markets of a deployment that have a pool. */
export function poolMarkets(deployment: Deployment): readonly PoolMarket[] {
  return Object.values(deployment.pairs).map((pair) => ({
    ...pair,
    baseToken: tokenOf(deployment, pair.base),
    quoteToken: tokenOf(deployment, pair.quote),
  }))
}

export function toInstrument(market: PoolMarket, fee: Fee): Instrument {
  const rate = ((fee.denominator - fee.numerator) * 1_000_000n) / fee.denominator
  return {
    symbol: market.market,
    base: market.base,
    quote: market.quote,
    kind: 'pool',
    tick: PRICE_TICK,
    lot: formatChainAmount(1n, market.baseToken.decimals),
    takerFee: formatChainAmount(rate, 6),
    makerFee: '0',
  }
}

/** Reserves as a venue tells them: plain text that fits through any channel. */
export function toSnapshot(market: PoolMarket, fee: Fee, state: PoolReserves): PoolSnapshot {
  return {
    reserveBase: state.reserveBase.toString(),
    reserveQuote: state.reserveQuote.toString(),
    baseDecimals: market.baseToken.decimals,
    quoteDecimals: market.quoteToken.decimals,
    feeNumerator: fee.numerator.toString(),
    feeDenominator: fee.denominator.toString(),
    block: state.head.number,
    at: state.head.timestamp * 1_000_000,
  }
}

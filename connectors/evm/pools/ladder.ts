// Ladder: how much of the base asset a pool trades until its price has moved so far.
//
// For pictures of a pool beside a book: total amounts at prices that lie ever further apart.
// Between two of them liquidity is taken as even, which it is in a pair and mostly is in a pool of
// V3; then the amount is linear in one over the root of the price. Numbers are floats: nothing is
// traded by them.

import type { Side } from '../../venue.ts'
import { reachOf } from './depth.ts'
import type { PoolMarket } from './market.ts'
import { type PoolState, reservesOf } from './pool.ts'

/** A price, and the base coins that are traded until there. */
export type Rung = readonly [price: string, total: string]

export type Ladder = {
  /** Quote coins for one base coin, without the fee. */
  readonly price: string
  /** What the pool takes while its price falls. */
  readonly bids: readonly Rung[]
  /** What it gives while its price rises. */
  readonly asks: readonly Rung[]
}

/** From the pool's price, in basis points. */
const DISTANCES = [1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000]
const BPS = 10_000
/** More than anybody looks at. */
const DIGITS = 10
const Q96 = 2 ** 96

/** Undefined for a pool without a price. */
export function ladderOf(market: PoolMarket, state: PoolState): Ladder | undefined {
  const price = priceOf(market, state)
  if (!(price > 0)) return undefined
  const rungs = (side: Side) =>
    DISTANCES.map((distance): Rung => {
      const moved = 1 + distance / BPS
      const { amountIn, amountOut } = reachOf(market, state, { side, moved })
      const units = side === 'buy' ? amountOut : amountIn
      const total = Number(units) / 10 ** market.baseToken.decimals
      return [decimal(side === 'buy' ? price * moved : price / moved), decimal(total)]
    })
  return { price: decimal(price), bids: rungs('sell'), asks: rungs('buy') }
}

function priceOf(market: PoolMarket, state: PoolState): number {
  const { baseIsToken0, baseToken, quoteToken } = market
  const scale = 10 ** (baseToken.decimals - quoteToken.decimals)
  if (state.kind === 'v2') {
    const { reserveBase, reserveQuote } = reservesOf(market, state)
    return (Number(reserveQuote) / Number(reserveBase)) * scale
  }
  const of0 = (Number(state.pool.sqrtPriceX96) / Q96) ** 2
  return (baseIsToken0 ? of0 : 1 / of0) * scale
}

function decimal(value: number): string {
  const digits = value > 0 ? DIGITS - Math.ceil(Math.log10(value)) : 0
  return value.toFixed(Math.min(Math.max(digits, 0), 2 * DIGITS))
}

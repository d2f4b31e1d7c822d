// Depth: a pool as a book, so that a strategy sees both alike.
//
// A level is what the pool gives or takes while its price moves by one step. Its price is the
// average of that stretch without the fee, and the taker's fee comes on top as in a book: whoever
// takes whole levels pays size times price times (1 + fee), and gets it times (1 - fee), up to the
// rounding of one unit. An order itself is quoted exactly and never from these levels.

import type { Level } from '../../venue.ts'
import { formatChainAmount } from '../chain-amount.ts'
import { getAmountIn, getAmountOut } from '../uniswap-v2/maths.ts'
import type { V3Pool } from '../uniswap-v3/pool.ts'
import { SQRT_PRICE_MAX, SQRT_PRICE_MIN } from '../uniswap-v3/tick-maths.ts'
import { feePipsOf, type PoolMarket, wayOf } from './market.ts'
import type { PoolState, V2State } from './pool.ts'

export type Depth = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }

export type DepthOptions = {
  readonly levels?: number
  /** How far the price moves from one level to the next: 0.001 is 10 basis points. */
  readonly step?: number
  /** Prices with the pool's fee inside, as whoever compares pools needs them. */
  readonly withFee?: boolean
}

/** From the pool's price to some distance from it. */
type Reach = { readonly amountIn: bigint; readonly amountOut: bigint }

const LEVELS = 25
const STEP = 0.001
const PRICE_DECIMALS = 18
const PIPS = 1_000_000n
/** Square roots of price ratios as integers: finer than any level needs. */
const RATIO_ONE = 10n ** 15n
const NOTHING: Reach = { amountIn: 0n, amountOut: 0n }

/** Fewer levels where the pool ends; none on both sides for a pool without liquidity. */
export function depthOf(market: PoolMarket, state: PoolState, options: DepthOptions = {}): Depth {
  const { levels = LEVELS, step = STEP, withFee = false } = options
  const fee = withFee ? 0n : feePipsOf(market.kind)
  const ratios = Array.from({ length: levels }, (_, at) => rootRatio((1 + step) ** (at + 1)))
  const side = (of: 'buy' | 'sell') => {
    const way = wayOf(market, of)
    const reaches = ratios.map((ratio) => reachAlong(state, way, ratio))
    return reaches.flatMap((reach, at) => {
      const from = reaches[at - 1] ?? NOTHING
      return levelOf({ market, side: of, fee }, { from, to: reach })
    })
  }
  return { bids: side('sell'), asks: side('buy') }
}

/** What the pool takes and gives while its price moves by a factor above one, either way. */
export function reachOf(
  market: PoolMarket,
  state: PoolState,
  { side, moved }: { readonly side: 'buy' | 'sell'; readonly moved: number },
): Reach {
  return reachAlong(state, wayOf(market, side), rootRatio(moved))
}

/** The ratio is the square root of the factor. */
function reachAlong(state: PoolState, way: 'down' | 'up', ratio: bigint): Reach {
  return state.kind === 'v2' ? reachPair(state, way, ratio) : reachV3(state.pool, way, ratio)
}

function reachV3(pool: V3Pool, way: 'down' | 'up', ratio: bigint): Reach {
  const price = pool.sqrtPriceX96
  const to = way === 'down' ? (price * RATIO_ONE) / ratio : (price * ratio) / RATIO_ONE
  const limit = to <= SQRT_PRICE_MIN ? SQRT_PRICE_MIN + 1n : to
  const stop = pool[way].upTo(limit < SQRT_PRICE_MAX ? limit : SQRT_PRICE_MAX - 1n)
  return { amountIn: stop.totalIn, amountOut: stop.totalOut }
}

/** The reserve that goes out shrinks by the root of the ratio; the input follows from it. */
function reachPair({ reserve0, reserve1, fee }: V2State, way: 'down' | 'up', ratio: bigint): Reach {
  const reserves =
    way === 'down' ? { in: reserve0, out: reserve1 } : { in: reserve1, out: reserve0 }
  const left = (reserves.out * RATIO_ONE) / ratio
  const amountIn = getAmountIn(reserves.out - left, reserves, fee) ?? 0n
  return { amountIn, amountOut: getAmountOut(amountIn, reserves, fee) }
}

type LevelOf = {
  readonly market: PoolMarket
  readonly side: 'buy' | 'sell'
  /** What the price leaves out. */
  readonly fee: bigint
}

/** One level, or none where the stretch holds not even a unit of one side. */
function levelOf(
  { market, side, fee }: LevelOf,
  { from, to }: { from: Reach; to: Reach },
): Level[] {
  const [taken, given] = [to.amountIn - from.amountIn, to.amountOut - from.amountOut]
  if (taken <= 0n || given <= 0n) return []
  const { decimals: baseDecimals } = market.baseToken
  const { decimals: quoteDecimals } = market.quoteToken
  const up = 10n ** BigInt(PRICE_DECIMALS + baseDecimals) * PIPS
  const down = 10n ** BigInt(quoteDecimals)
  const price =
    side === 'buy'
      ? (taken * up) / (given * down * (PIPS + fee)) + 1n
      : (given * up) / (taken * down * (PIPS - fee))
  const size = side === 'buy' ? given : taken
  return [
    {
      price: formatChainAmount(price, PRICE_DECIMALS),
      size: formatChainAmount(size, baseDecimals),
    },
  ]
}

function rootRatio(ratio: number): bigint {
  return BigInt(Math.round(Math.sqrt(ratio) * Number(RATIO_ONE)))
}

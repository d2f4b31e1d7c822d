// Swap maths: what a swap takes and gives and where it leaves the pool, equal to
// UniswapV3Pool.sol.
//
// Exact integers all the way. A swap that the pool cannot make whole up to its limit is made in
// part and says so; nothing is changed by asking.

import { PIPS, type Stop, type Way, withFee } from './path.ts'
import type { V3Pool } from './pool.ts'
import {
  amount0RoundedDown,
  amount0RoundedUp,
  amount1RoundedDown,
  amount1RoundedUp,
  priceAfter0In,
  priceAfter0Out,
  priceAfter1In,
  priceAfter1Out,
} from './price-maths.ts'
import { tickAtSqrtPrice } from './tick-maths.ts'

export type SwapRequest = {
  readonly way: Way
  readonly exact: 'in' | 'out'
  readonly amount: bigint
  /** A square root price that the pool will not pass. */
  readonly limit?: bigint
}

export type Swap = {
  /** The fee included. */
  readonly amountIn: bigint
  readonly amountOut: bigint
  /** Of the pool after it. */
  readonly sqrtPriceX96: bigint
  readonly liquidity: bigint
  /** The tick of the pool where the swap ended at a stop; elsewhere it follows from the price. */
  readonly restingTick: number | undefined
  /** Initialised ticks crossed. */
  readonly crossed: number
  /** False when the limit or the pool's end came before the amount did. */
  readonly isWhole: boolean
}

/** Down: token0 comes in, token1 goes out. Up: the other way. */
export function swap(pool: V3Pool, { way, exact, amount, limit }: SwapRequest): Swap {
  const path = pool[way]
  const side = exact === 'in' ? 'totalIn' : 'totalOut'
  const end = limit === undefined ? undefined : path.upTo(limit)
  if (end !== undefined && end[side] < amount) return standing(end, false)
  const { before, after } = path.around(side, amount)
  if (after === undefined) return standing(before, false)
  if (end !== undefined && end[side] === amount) return standing(nearer(way, after, end), true)
  if (after[side] === amount) return standing(after, true)
  return exact === 'in'
    ? partIn(before, { way, amount, feePips: pool.feePips })
    : partOut(before, { way, amount, feePips: pool.feePips, after })
}

/** A swap ends where it first has its amount, and rounding can make two stops give the same. */
function nearer(way: Way, after: Stop, end: Stop): Stop {
  const isPast =
    way === 'down' ? after.sqrtPriceX96 < end.sqrtPriceX96 : after.sqrtPriceX96 > end.sqrtPriceX96
  return isPast ? end : after
}

/** The tick of a pool after a swap. Right at a tick the price alone would not tell the side. */
export function tickAfter({ restingTick, sqrtPriceX96 }: Swap): number {
  return restingTick ?? tickAtSqrtPrice(sqrtPriceX96)
}

type Part = { readonly way: Way; readonly amount: bigint; readonly feePips: bigint }
type PartOut = Part & { readonly after: Stop }

/** What is left of the input ends within the step; all of it is taken, the rest as fee. */
function partIn(before: Stop, { way, amount, feePips }: Part): Swap {
  const { sqrtPriceX96: price, liquidity } = before
  const effective = ((amount - before.totalIn) * (PIPS - feePips)) / PIPS
  const isDown = way === 'down'
  const sqrtPriceX96 = isDown
    ? priceAfter0In(price, liquidity, effective)
    : priceAfter1In(price, liquidity, effective)
  const out = isDown
    ? amount1RoundedDown({ low: sqrtPriceX96, high: price, liquidity })
    : amount0RoundedDown({ low: price, high: sqrtPriceX96, liquidity })
  const amountOut = before.totalOut + out
  return { amountIn: amount, amountOut, ...restingAt(before, sqrtPriceX96), isWhole: true }
}

/** The rounded price may be that of the next stop; then the stop counts as reached. */
function partOut(before: Stop, { way, amount, feePips, after }: PartOut): Swap {
  const { sqrtPriceX96: price, liquidity } = before
  const rest = amount - before.totalOut
  const isDown = way === 'down'
  const sqrtPriceX96 = isDown
    ? priceAfter1Out(price, liquidity, rest)
    : priceAfter0Out(price, liquidity, rest)
  const taken = isDown
    ? amount0RoundedUp({ low: sqrtPriceX96, high: price, liquidity })
    : amount1RoundedUp({ low: price, high: sqrtPriceX96, liquidity })
  const amountIn = before.totalIn + withFee(taken, feePips)
  const at = sqrtPriceX96 === after.sqrtPriceX96 ? after : before
  return { amountIn, amountOut: amount, ...restingAt(at, sqrtPriceX96), isWhole: true }
}

function restingAt({ sqrtPriceX96: own, tick, liquidity, crossed }: Stop, sqrtPriceX96: bigint) {
  return { sqrtPriceX96, liquidity, crossed, restingTick: sqrtPriceX96 === own ? tick : undefined }
}

function standing(stop: Stop, isWhole: boolean): Swap {
  const { totalIn: amountIn, totalOut: amountOut, sqrtPriceX96 } = stop
  return { amountIn, amountOut, ...restingAt(stop, sqrtPriceX96), isWhole }
}

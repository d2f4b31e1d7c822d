// Path: the stops of a price on its way up or down, each with what it takes to get there.
//
// A swap moves from stop to stop and rounds at each. What a whole step costs does not depend on the
// amount swapped, so sums up to every stop are kept and a swap is a search and one part of a step.
// That is exact: a step is made whole just when the rest pays for its amount and for the fee on
// it, both rounded up, and that sum is what the step is counted with. Stops are found when a swap
// first gets there.

import {
  amount0RoundedDown,
  amount0RoundedUp,
  amount1RoundedDown,
  amount1RoundedUp,
  divideUp,
} from './price-maths.ts'
import { SQRT_PRICE_MAX, SQRT_PRICE_MIN } from './tick-maths.ts'
import { countUpTo, type Tick } from './ticks.ts'
import type { WordEdges } from './word-edges.ts'

/** Everything of a pool that a swap depends on, at one moment. */
export type PoolShape = {
  readonly sqrtPriceX96: bigint
  readonly tick: number
  /** Active at the price. */
  readonly liquidity: bigint
  /** Hundredths of a basis point: 3000n is 0.3 %. */
  readonly feePips: bigint
  readonly edges: WordEdges
  /** Initialised ones alone, in rising order. */
  readonly ticks: readonly Tick[]
}

export type Way = 'down' | 'up'

export type Stop = {
  readonly sqrtPriceX96: bigint
  /** The pool's tick when the price rests here; undefined where a limit cut a step short. */
  readonly tick: number | undefined
  /** From here on. */
  readonly liquidity: bigint
  /** From the pool's price to here, fees included. */
  readonly totalIn: bigint
  readonly totalOut: bigint
  /** Initialised ticks that were crossed. */
  readonly crossed: number
}

export type Path = {
  readonly way: Way
  /** Stop number `at`, the pool's price being number 0; undefined beyond the limit. */
  stop(at: number): Stop | undefined
  /** The stops around an amount; there is none after it when the way ends before. */
  around(side: 'totalIn' | 'totalOut', amount: bigint): Around
}

/** `before` is the last stop whose total is below the amount, `after` the first that is not. */
export type Around = { readonly before: Stop; readonly after: Stop | undefined }

export type PathOptions = {
  readonly way: Way
  /** A price that is not to be passed; the outermost one when missing. */
  readonly limit?: bigint
}

export const PIPS = 1_000_000n

export function createPath(pool: PoolShape, { way, limit }: PathOptions): Path {
  const first: Stop = {
    ...{ sqrtPriceX96: pool.sqrtPriceX96, tick: pool.tick, liquidity: pool.liquidity },
    ...{ totalIn: 0n, totalOut: 0n, crossed: 0 },
  }
  const end = limit ?? (way === 'down' ? SQRT_PRICE_MIN + 1n : SQRT_PRICE_MAX - 1n)
  const stops: Stop[] = [first]
  let next = countUpTo(pool.ticks, pool.tick) - (way === 'down' ? 1 : 0)
  let last: Stop = first

  /** False at the limit. */
  function extend(): boolean {
    const { tick } = last
    const isOver = way === 'down' ? last.sqrtPriceX96 <= end : last.sqrtPriceX96 >= end
    if (isOver || tick === undefined) return false
    const ahead = pool.ticks[next]
    last = (way === 'down' ? stepDown : stepUp)(pool, last, { tick, ahead, end })
    if (last.sqrtPriceX96 === ahead?.sqrtPriceX96) next += way === 'down' ? -1 : 1
    stops.push(last)
    return true
  }

  return {
    way,
    stop(at) {
      while (stops.length <= at) if (!extend()) return undefined
      return stops[at]
    },
    around(side, amount) {
      while (last[side] < amount) if (!extend()) return { before: last, after: undefined }
      let low = 0
      let high = stops.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if ((stops[middle] ?? last)[side] < amount) low = middle + 1
        else high = middle
      }
      return { before: stops[low - 1] ?? first, after: stops[low] }
    },
  }
}

type Ahead = {
  readonly tick: number
  /** The next initialised tick, however far. */
  readonly ahead: Tick | undefined
  readonly end: bigint
}

function stepDown({ edges, feePips }: PoolShape, from: Stop, { tick, ahead, end }: Ahead): Stop {
  const edge = edges.below(tick)
  const isTick = ahead !== undefined && ahead.index >= edge.index
  const mark = isTick ? ahead : edge
  const isCut = mark.sqrtPriceX96 < end
  const to = isCut ? end : mark.sqrtPriceX96
  const move = { low: to, high: from.sqrtPriceX96, liquidity: from.liquidity }
  return {
    sqrtPriceX96: to,
    tick: isCut ? undefined : mark.index - 1,
    liquidity: isTick && !isCut ? from.liquidity - ahead.net : from.liquidity,
    totalIn: from.totalIn + withFee(amount0RoundedUp(move), feePips),
    totalOut: from.totalOut + amount1RoundedDown(move),
    crossed: from.crossed + (isTick && !isCut ? 1 : 0),
  }
}

function stepUp({ edges, feePips }: PoolShape, from: Stop, { tick, ahead, end }: Ahead): Stop {
  const edge = edges.above(tick)
  const isTick = ahead !== undefined && ahead.index <= edge.index
  const mark = isTick ? ahead : edge
  const isCut = mark.sqrtPriceX96 > end
  const to = isCut ? end : mark.sqrtPriceX96
  const move = { low: from.sqrtPriceX96, high: to, liquidity: from.liquidity }
  return {
    sqrtPriceX96: to,
    tick: isCut ? undefined : mark.index,
    liquidity: isTick && !isCut ? from.liquidity + ahead.net : from.liquidity,
    totalIn: from.totalIn + withFee(amount1RoundedUp(move), feePips),
    totalOut: from.totalOut + amount0RoundedDown(move),
    crossed: from.crossed + (isTick && !isCut ? 1 : 0),
  }
}

/** An input and the fee on top of it, the fee rounded up. */
export function withFee(amount: bigint, feePips: bigint): bigint {
  return amount + divideUp(amount * feePips, PIPS - feePips)
}

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
  /** The stop that a limit makes of the step it falls in; the first when the price is past it. */
  upTo(limit: bigint): Stop
}

/** `before` is the last stop whose total is below the amount, `after` the first that is not. */
export type Around = { readonly before: Stop; readonly after: Stop | undefined }

export const PIPS = 1_000_000n

export function createPath(pool: PoolShape, way: Way): Path {
  const isDown = way === 'down'
  const first: Stop = {
    ...{ sqrtPriceX96: pool.sqrtPriceX96, tick: pool.tick, liquidity: pool.liquidity },
    ...{ totalIn: 0n, totalOut: 0n, crossed: 0 },
  }
  const stops: Stop[] = [first]
  let next = countUpTo(pool.ticks, pool.tick) - (isDown ? 1 : 0)
  let last = first

  /** False at the end. A pool that was not initialised has no price to move. */
  function extend(): boolean {
    if (last.tick === undefined || pool.sqrtPriceX96 === 0n) return false
    const mark = markAhead(pool, last.tick, { way, ahead: pool.ticks[next] })
    if (mark.isTick) next += isDown ? -1 : 1
    last = step(pool, last, mark)
    stops.push(last)
    return true
  }

  /** The number of the first stop that is far enough; the last stop must be. */
  function firstOf(isFarEnough: (stop: Stop) => boolean): number {
    let low = 0
    let high = stops.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (isFarEnough(stops[middle] ?? last)) high = middle
      else low = middle + 1
    }
    return low
  }

  return {
    way,
    stop(at) {
      while (stops.length <= at) if (!extend()) return undefined
      return stops[at]
    },
    around(side, amount) {
      while (last[side] < amount) if (!extend()) return { before: last, after: undefined }
      const at = firstOf((stop) => stop[side] >= amount)
      return { before: stops[at - 1] ?? first, after: stops[at] }
    },
    upTo(limit) {
      const isReached = ({ sqrtPriceX96 }: Stop) =>
        isDown ? sqrtPriceX96 <= limit : sqrtPriceX96 >= limit
      if (isReached(first)) return first
      while (!isReached(last)) if (!extend()) return last
      const at = firstOf(isReached)
      const [before, after] = [stops[at - 1] ?? first, stops[at] ?? last]
      if (after.sqrtPriceX96 === limit) return after
      const mark = { sqrtPriceX96: limit, tick: undefined, net: 0n, isTick: false }
      return step(pool, before, { ...mark, way })
    },
  }
}

type Mark = {
  readonly way: Way
  readonly sqrtPriceX96: bigint
  /** Of the pool once it is there; undefined at the end and at a limit within a step. */
  readonly tick: number | undefined
  /** What the liquidity changes by. */
  readonly net: bigint
  readonly isTick: boolean
}

/** The next initialised tick, or the edge of the word when it is nearer, or the end of prices. */
function markAhead(
  { edges }: PoolShape,
  tick: number,
  { way, ahead }: { readonly way: Way; readonly ahead: Tick | undefined },
): Mark {
  if (way === 'down') {
    const edge = edges.below(tick)
    const isTick = ahead !== undefined && ahead.index >= edge.index
    const { index, sqrtPriceX96 } = isTick ? ahead : edge
    const net = isTick ? -ahead.net : 0n
    if (sqrtPriceX96 <= SQRT_PRICE_MIN) return endOf(way)
    return { way, sqrtPriceX96, tick: index - 1, net, isTick }
  }
  const edge = edges.above(tick)
  const isTick = ahead !== undefined && ahead.index <= edge.index
  const { index, sqrtPriceX96 } = isTick ? ahead : edge
  if (sqrtPriceX96 >= SQRT_PRICE_MAX) return endOf(way)
  return { way, sqrtPriceX96, tick: index, net: isTick ? ahead.net : 0n, isTick }
}

/** The outermost prices are never reached: a swap may go to one unit before them. */
function endOf(way: Way): Mark {
  const sqrtPriceX96 = way === 'down' ? SQRT_PRICE_MIN + 1n : SQRT_PRICE_MAX - 1n
  return { way, sqrtPriceX96, tick: undefined, net: 0n, isTick: false }
}

function step({ feePips }: PoolShape, from: Stop, mark: Mark): Stop {
  const isDown = mark.way === 'down'
  const [low, high] = isDown
    ? [mark.sqrtPriceX96, from.sqrtPriceX96]
    : [from.sqrtPriceX96, mark.sqrtPriceX96]
  const move = { low, high, liquidity: from.liquidity }
  const taken = isDown ? amount0RoundedUp(move) : amount1RoundedUp(move)
  const given = isDown ? amount1RoundedDown(move) : amount0RoundedDown(move)
  return {
    sqrtPriceX96: mark.sqrtPriceX96,
    tick: mark.tick,
    liquidity: from.liquidity + mark.net,
    totalIn: from.totalIn + withFee(taken, feePips),
    totalOut: from.totalOut + given,
    crossed: from.crossed + (mark.isTick ? 1 : 0),
  }
}

/** An input and the fee on top of it, the fee rounded up. */
export function withFee(amount: bigint, feePips: bigint): bigint {
  return amount + divideUp(amount * feePips, PIPS - feePips)
}

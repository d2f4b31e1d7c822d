// Ticks: the initialised ticks of a pool, in order, each with its price.
//
// A list is never changed: liquidity that comes or goes makes a new list that shares the ticks
// untouched. A tick is initialised while any position ends there, also when what comes and what
// goes cancel out, because a swap rounds at every initialised tick.

import { sqrtPriceAtTick } from './tick-maths.ts'

export type Tick = {
  readonly index: number
  readonly sqrtPriceX96: bigint
  /** What the liquidity grows by when the price rises past the tick. */
  readonly net: bigint
  /** Of all positions that begin or end here. */
  readonly gross: bigint
}

export type LiquidityChange = {
  readonly lower: number
  readonly upper: number
  /** Negative when liquidity leaves. */
  readonly amount: bigint
}

export function createTick({ index, net, gross }: Omit<Tick, 'sqrtPriceX96'>): Tick {
  return { index, net, gross, sqrtPriceX96: sqrtPriceAtTick(index) }
}

/** The list after a position grew or shrank. */
export function changeLiquidity(
  ticks: readonly Tick[],
  { lower, upper, amount }: LiquidityChange,
): readonly Tick[] {
  const begun = changeTick(ticks, { index: lower, net: amount, gross: amount })
  return changeTick(begun, { index: upper, net: -amount, gross: amount })
}

/** How many ticks are at or below an index: the place of the next one above it. */
export function countUpTo(ticks: readonly Tick[], index: number): number {
  let low = 0
  let high = ticks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ticks[middle]?.index ?? 0) <= index) low = middle + 1
    else high = middle
  }
  return low
}

/** The liquidity that is active at a tick: all that begins at or below it and has not ended. */
export function liquidityAt(ticks: readonly Tick[], index: number): bigint {
  return ticks.slice(0, countUpTo(ticks, index)).reduce((sum, { net }) => sum + net, 0n)
}

function changeTick(
  ticks: readonly Tick[],
  { index, net, gross }: Omit<Tick, 'sqrtPriceX96'>,
): readonly Tick[] {
  const end = countUpTo(ticks, index)
  const known = ticks[end - 1]
  if (known?.index !== index) return ticks.toSpliced(end, 0, createTick({ index, net, gross }))
  const left = known.gross + gross
  if (left === 0n) return ticks.toSpliced(end - 1, 1)
  return ticks.toSpliced(end - 1, 1, { ...known, net: known.net + net, gross: left })
}

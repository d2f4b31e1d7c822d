// Word edges: where a swap stops although no tick is initialised.
//
// The contract looks for the next tick in words of 256 bits, one bit a usable tick, and rounds at
// the last bit of a word even when nothing is there. Prices of edges are computed once a spacing.

import { sqrtPriceAtTick, TICK_MAX, TICK_MIN } from './tick-maths.ts'

export type Edge = { readonly index: number; readonly sqrtPriceX96: bigint }

export type WordEdges = {
  readonly tickSpacing: number
  /** Where a falling price stops at the latest: the first bit of the word of the tick. */
  below(tick: number): Edge
  /** Where a rising price stops at the latest: the last bit of the word of the next bit. */
  above(tick: number): Edge
}

const BITS = 256

export function createWordEdges(tickSpacing: number): WordEdges {
  const first = new Map<number, Edge>()
  const last = new Map<number, Edge>()
  const at = (edges: Map<number, Edge>, word: number, bit: number) => {
    const known = edges.get(word)
    if (known !== undefined) return known
    const index = Math.min(Math.max((word * BITS + bit) * tickSpacing, TICK_MIN), TICK_MAX)
    const edge = { index, sqrtPriceX96: sqrtPriceAtTick(index) }
    edges.set(word, edge)
    return edge
  }
  return {
    tickSpacing,
    below: (tick) => at(first, Math.floor(Math.floor(tick / tickSpacing) / BITS), 0),
    above: (tick) => at(last, Math.floor((Math.floor(tick / tickSpacing) + 1) / BITS), BITS - 1),
  }
}

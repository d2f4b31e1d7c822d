// Pool ladder: for every row of the book, what the pools of the market would trade up to its price.
//
// Known only where a pool tells its depth; prices alone say nothing about it.

import type { BookRow } from './book-rows.ts'
import type { Pool } from './market-data.ts'
import { type PoolDepth, type PoolLiquidity, poolDepthAt } from './pool-depth.ts'

export type PoolLadder = {
  readonly isKnown: boolean
  /** The largest size within the rows of the book, in base. */
  readonly deepest: number
  at(price: string): PoolDepth
}

const NONE: PoolDepth = { side: 'none', size: 0, beats: false }

export function ladderOf(pools: readonly Pool[], rows: readonly BookRow[]): PoolLadder {
  const known = pools.flatMap(liquidityOf)
  const depths = new Map(rows.map(({ price }) => [price, depthAt(known, Number(price))]))
  return {
    isKnown: known.length > 0,
    deepest: Math.max(0, ...[...depths.values()].map(({ size }) => size)),
    at: (price) => depths.get(price) ?? NONE,
  }
}

function liquidityOf({ feeBps, price, ladder }: Pool): PoolLiquidity[] {
  return price === null || ladder === undefined ? [] : [{ price: Number(price), feeBps, ...ladder }]
}

/** Several pools add up on the side of the one that trades most. */
function depthAt(pools: readonly PoolLiquidity[], price: number): PoolDepth {
  const depths = pools.map((pool) => poolDepthAt(pool, price)).sort((a, b) => b.size - a.size)
  const side = depths[0]?.side ?? 'none'
  const same = depths.filter((one) => one.side === side)
  const size = same.reduce((sum, one) => sum + one.size, 0)
  return { side, size, beats: same.some(({ beats }) => beats) }
}

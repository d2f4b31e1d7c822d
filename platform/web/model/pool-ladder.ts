// Pool ladder: for every row of the book, what the pools of the market would trade up to its price.
//
// Known only where a pool tells its reserves; prices alone say nothing about depth.

import type { BookRow } from './book-rows.ts'
import type { Pool } from './market-data.ts'
import { type PoolDepth, type PoolReserves, poolDepthAt } from './pool-depth.ts'

export type PoolLadder = {
  readonly isKnown: boolean
  /** The largest size within the rows of the book, in base. */
  readonly deepest: number
  at(price: string): PoolDepth
}

const NONE: PoolDepth = { side: 'none', size: 0, beats: false }

export function ladderOf(pools: readonly Pool[], rows: readonly BookRow[]): PoolLadder {
  const reserves = pools.flatMap(reservesOf)
  const depths = new Map(rows.map(({ price }) => [price, depthAt(reserves, Number(price))]))
  return {
    isKnown: reserves.length > 0,
    deepest: Math.max(0, ...[...depths.values()].map(({ size }) => size)),
    at: (price) => depths.get(price) ?? NONE,
  }
}

function reservesOf({ feeBps, baseReserve, quoteReserve }: Pool): PoolReserves[] {
  const [base, quote] = [Number(baseReserve ?? 0), Number(quoteReserve ?? 0)]
  return base > 0 && quote > 0 ? [{ base, quote, feeBps }] : []
}

/** Several pools add up on the side of the larger one. */
function depthAt(pools: readonly PoolReserves[], price: number): PoolDepth {
  const depths = pools.map((pool) => poolDepthAt(pool, price)).sort((a, b) => b.size - a.size)
  const side = depths[0]?.side ?? 'none'
  const size = depths.filter((one) => one.side === side).reduce((sum, one) => sum + one.size, 0)
  return { side, size, beats: depths[0]?.beats ?? false }
}

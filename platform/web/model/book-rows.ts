// Book rows: levels grouped by a step of price, with the size cumulated from the best one on.
//
// Grouped prices are rounded away from the spread, so that a group never looks better than what is
// in it. Sizes are added as numbers and only shown; no order is made from them.

import { decimalsOf } from './numbers.ts'

/** [price, size] as the server sent them. */
export type Level = readonly [string, string]

export type BookRow = {
  readonly price: string
  readonly size: number
  readonly total: number
  readonly isOwn: boolean
}

export type Grouping = {
  readonly side: 'bids' | 'asks'
  readonly tickSize: string
  /** Ticks in a group; 1 leaves levels as they are. */
  readonly ticks: number
  readonly depth: number
  /** Prices of own open orders. */
  readonly own: ReadonlySet<string>
}

/** The first `depth` groups, the best first. */
export function bookRows(levels: readonly Level[], grouping: Grouping): readonly BookRow[] {
  const decimals = decimalsOf(grouping.tickSize)
  const step = grouping.ticks
  const groups = new Map<number, { size: number; isOwn: boolean }>()
  for (const [price, size] of levels) {
    const ticks = Math.round(Number(price) / Number(grouping.tickSize))
    const part = ticks / step
    const key = (grouping.side === 'bids' ? Math.floor(part) : Math.ceil(part)) * step
    if (!groups.has(key) && groups.size === grouping.depth) break
    const group = groups.get(key) ?? { size: 0, isOwn: false }
    groups.set(key, group)
    group.size += Number(size)
    group.isOwn ||= grouping.own.has(price)
  }
  const sum = { total: 0 }
  return [...groups].map(([ticks, { size, isOwn }]) => {
    sum.total += size
    const price = (ticks * Number(grouping.tickSize)).toFixed(decimals)
    return { price, size, total: sum.total, isOwn }
  })
}

// Recent trades: the last ones of a market, newest first when read.
//
// A ring of fixed size (INV-17). Trade ids are gap-free (INV-09), so a trade's place follows from
// its id.

import type { TradeRow } from '../history-rows.ts'

/** Trades kept in memory for each market; older ones are read from the database. */
export const RECENT_TRADES = 1_000

export type RecentTrades = {
  add(trade: TradeRow): void
  /** Newest first; only ids below `before` when it is given. */
  read(limit: number, before?: number): TradeRow[]
  /** The lowest id that is kept; everything newer is here, too. Infinity when there is none. */
  oldest(): number
}

export function createRecentTrades(): RecentTrades {
  const ring: TradeRow[] = []
  let newest = 0
  const at = (id: number): TradeRow | undefined => {
    const trade = ring[id % RECENT_TRADES]
    return trade?.id === id ? trade : undefined
  }
  return {
    add: (trade) => {
      ring[trade.id % RECENT_TRADES] = trade
      newest = trade.id
    },
    read: (limit, before = Infinity) => {
      const found: TradeRow[] = []
      let trade = at(Math.min(newest, before - 1))
      while (trade !== undefined && found.length < limit) {
        found.push(trade)
        trade = at(trade.id - 1)
      }
      return found
    },
    oldest: () => {
      if (newest === 0) return Infinity
      const wrapped = at(newest - RECENT_TRADES + 1)
      return (
        wrapped?.id ?? Math.min(...ring.filter((trade) => trade !== undefined).map((t) => t.id))
      )
    },
  }
}

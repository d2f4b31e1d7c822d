// Market history: trades and candles of a market.
//
// Recent trades come from the live views, older ones from the database. A candle of 1s or 1m is as
// it was folded; a wider one is put together from minutes. Seconds are kept for one day. Minutes
// from before the exchange opened are marked `backfilled` and have no trades.

import type { Pool } from 'pg'
import { MINUTE_US } from '#kernel/time.ts'
import type { CandleRow, TradeRow } from './history-rows.ts'
import { INTERVALS, type Interval } from './interval.ts'
import type { Market } from './listing.ts'
import type { LiveViews } from './live/live-views.ts'
import { queryRows } from './query.ts'
import { readCandles } from './sql/read-candles.sql.ts'
import { readTrades } from './sql/read-trades.sql.ts'

export type CandlesQuery = {
  readonly interval: Interval
  /** Opened at or after. */
  readonly from?: number | undefined
  /** Opened before. */
  readonly to?: number | undefined
  readonly limit: number
}

export type HistoricCandle = CandleRow & { readonly backfilled: boolean }

export type CandlesPage = {
  /** Oldest first: the latest `limit` of the range. */
  readonly items: readonly HistoricCandle[]
  /** Ask again with `to` = next for what is before; null at the beginning. */
  readonly next: number | null
}

export type MarketHistory = {
  candles(market: Market, query: CandlesQuery): Promise<CandlesPage>
  /** Newest first, ids below `after`. */
  trades(
    market: Market,
    query: { readonly after?: number | undefined; readonly limit: number },
  ): Promise<{ readonly items: readonly TradeRow[]; readonly next: number | null }>
}

type Deps = { readonly pool: Pool; readonly live: Pick<LiveViews, 'trades' | 'candle' | 'asOf'> }

export function createMarketHistory({ pool, live }: Deps): MarketHistory {
  return {
    candles: async (market, query) => {
      const running = live.candle(market.id, query.interval)
      const values = candleValues(market, query, live.asOf().time)
      const stored = await queryRows<HistoricCandle>(pool, readCandles, values.all)
      const items = withRunning(stored.reverse(), running, query)
      const full = stored.length === query.limit || values.since > (query.from ?? 0)
      const oldest = values.since > (query.from ?? 0) ? values.since : items[0]?.openAt
      return { items, next: full && oldest !== undefined ? oldest : null }
    },
    trades: async (market, { after, limit }) => {
      const recent = live.trades(market.id, limit, after)
      const last = recent.at(-1)?.id ?? after ?? Number.MAX_SAFE_INTEGER
      const missing = last > 1 ? limit - recent.length : 0
      const values = [market.id, last, missing]
      const older = missing > 0 ? await queryRows<TradeRow>(pool, readTrades, values) : []
      const items = [...recent, ...older]
      const end = items.at(-1)?.id ?? 1
      return { items, next: items.length === limit && end > 1 ? end : null }
    },
  }
}

/** Wide candles are read from a bounded range of minutes, so that a page never scans it all. */
function candleValues(market: Market, query: CandlesQuery, now: number) {
  const width = INTERVALS[query.interval]
  const to = query.to ?? Number.MAX_SAFE_INTEGER
  const last = Math.min(to, now + width)
  const bounded = last - (last % width) - query.limit * width
  const since = Math.max(query.from ?? 0, width > MINUTE_US ? bounded : 0)
  const ticksOfOne = 10 ** market.priceScale / market.tickUnits
  const lotsOfOne = 10 ** market.sizeScale / market.lotStep
  const part = Math.min(width, MINUTE_US)
  const all = [
    ...[market.id, market.symbol, width, since, to],
    ...[query.limit, ticksOfOne, lotsOfOne, part],
  ]
  return { all, since }
}

/** The running candle of the live views is ahead of the database's. */
function withRunning(
  stored: readonly HistoricCandle[],
  running: CandleRow | undefined,
  { from = 0, to = Number.MAX_SAFE_INTEGER, limit }: CandlesQuery,
): HistoricCandle[] {
  if (running === undefined || running.openAt < from || running.openAt >= to) return [...stored]
  const place = stored.findIndex((row) => row.openAt >= running.openAt)
  const same = place >= 0 && stored[place]?.openAt === running.openAt
  const backfilled = same && stored[place]?.backfilled === true
  const before = place < 0 ? stored : stored.slice(0, place)
  const later = place < 0 ? [] : stored.slice(same ? place + 1 : place)
  return [...before, { ...running, backfilled }, ...later].slice(-limit)
}

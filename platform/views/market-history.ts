// Market history: trades and candles of a market.
//
// Recent trades come from the live views, older ones from the database. A candle of 1s or 1m is as
// it was folded; a wider one is put together from minutes. Seconds are kept for one day. Minutes
// from before the exchange opened are marked `backfilled` and have no trades. A page is a range of
// time, so that no query reads more than it can show; quiet times leave holes in it.

import type { Pool } from 'pg'
import { MINUTE_US } from '#kernel/time.ts'
import type { CandleRow, TradeRow } from './history-rows.ts'
import { INTERVALS, type Interval, openOf } from './interval.ts'
import type { Market } from './listing.ts'
import type { LiveViews } from './live/live-views.ts'
import { queryRows } from './query.ts'
import { readCandleBounds } from './sql/read-candle-bounds.sql.ts'
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
  /** Oldest first: those of the last `limit` intervals of the range; empty intervals have none. */
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

type Deps = { readonly pool: Pool; readonly live: Pick<LiveViews, 'trades' | 'candle'> }

export function createMarketHistory({ pool, live }: Deps): MarketHistory {
  return {
    candles: async (market, query) => {
      const running = live.candle(market.id, query.interval)
      const range = await rangeOf(pool, market, query, running)
      if (range === null) return { items: [], next: null }
      const values = candleValues(market, query, range)
      const stored = await queryRows<HistoricCandle>(pool, readCandles, values)
      return { items: withRunning(stored.reverse(), running, range), next: range.next }
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

type Range = { readonly from: number; readonly to: number; readonly next: number | null }

/** The last `limit` intervals that end before `to` or with the newest candle. */
async function rangeOf(
  pool: Pool,
  market: Market,
  query: CandlesQuery,
  running: CandleRow | undefined,
): Promise<Range | null> {
  type Bounds = { readonly oldest: number | null; readonly newest: number | null }
  const width = INTERVALS[query.interval]
  const values = [market.id, market.symbol, Math.min(width, MINUTE_US)]
  const [bounds] = await queryRows<Bounds>(pool, readCandleBounds, values)
  const newest = Math.max(bounds?.newest ?? 0, running?.openAt ?? 0)
  const oldest = openOf(bounds?.oldest ?? newest, width)
  const to = Math.min(query.to ?? Number.MAX_SAFE_INTEGER, newest + 1)
  const first = Math.max(query.from ?? 0, oldest)
  if (newest === 0 || to <= first) return null
  const from = Math.max(query.from ?? 0, openOf(to - 1, width) - (query.limit - 1) * width)
  return { from, to, next: from > first ? from : null }
}

function candleValues(market: Market, query: CandlesQuery, { from, to }: Range): unknown[] {
  const width = INTERVALS[query.interval]
  const ticksOfOne = 10 ** market.priceScale / market.tickUnits
  const lotsOfOne = 10 ** market.sizeScale / market.lotStep
  const part = Math.min(width, MINUTE_US)
  const scales = [ticksOfOne, lotsOfOne]
  return [market.id, market.symbol, width, from, to, query.limit, ...scales, part]
}

/**
 * The running candle of the live views is ahead of the database's, which may lack it yet; but it
 * knows nothing of backfilled minutes, so one that contains them is left as it is stored.
 */
function withRunning(
  stored: readonly HistoricCandle[],
  running: CandleRow | undefined,
  { from, to }: Range,
): HistoricCandle[] {
  if (running === undefined || running.openAt < from || running.openAt >= to) return [...stored]
  const older = stored.filter((row) => row.openAt < running.openAt)
  const same = stored.find((row) => row.openAt === running.openAt)
  if (same?.backfilled === true) return [...stored]
  const later = stored.filter((row) => row.openAt > running.openAt)
  return [...older, { ...running, backfilled: false }, ...later]
}

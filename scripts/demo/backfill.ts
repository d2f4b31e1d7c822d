// Thirty days of candles from before the exchange opened, so that charts do not begin empty.
//
// The reference week tiled backwards, ending at the first reference price; kept in records and
// marked as backfilled, because no trade of ours made them. Written once per market, a day a
// statement.

import type { Pool } from 'pg'

import type { Bar } from '#connectors/reference/bar.ts'
import { tileBackwards } from '#connectors/reference/series.ts'
import { MINUTE_US } from '#kernel/time.ts'
import { MARKETS } from './genesis.ts'
import type { MarketPrice } from './prices.ts'

const MINUTES = 30 * 24 * 60
const VOLUME_DIGITS = 4
/** A day; more at once would leave the heap larger than it needs to be. */
const ROWS_PER_STATEMENT = 1_440

const INSERT = `
INSERT INTO records.candles_backfill (market, open_at, open, high, low, close, volume)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
ON CONFLICT DO NOTHING`

/** Writes what is missing; a market that has candles is left alone. */
export async function backfillCandles(
  pool: Pool,
  prices: readonly MarketPrice[],
  nowUs: number,
): Promise<void> {
  const endMs = Math.floor(nowUs / MINUTE_US) * 60_000
  for (const price of prices) {
    const { market, bars, series, position } = price
    const sql = 'SELECT 1 FROM records.candles_backfill WHERE market = $1 LIMIT 1'
    if ((await pool.query(sql, [market])).rowCount !== 0) continue
    const endPrice = series.priceAt(position)
    const tiled = tileBackwards(bars, { endMs, endPrice, count: MINUTES })
    // Newest first, so that a backfill that was cut short has no hole before the first trade.
    for (let end = tiled.length; end > 0; end -= ROWS_PER_STATEMENT) {
      const rows = tiled.slice(Math.max(0, end - ROWS_PER_STATEMENT), end)
      await pool.query(INSERT, [market, ...columnsOf(market, rows)])
    }
  }
}

function columnsOf(market: string, bars: readonly Bar[]): unknown[][] {
  const digits = MARKETS.find(({ symbol }) => symbol === market)?.priceScale ?? 2
  const text = (value: number) => value.toFixed(digits)
  return [
    bars.map(({ openMs }) => openMs * 1_000),
    bars.map(({ open }) => text(open)),
    // Rounding must not lift a close above its high.
    bars.map(({ open, high, close }) => text(Math.max(open, high, close))),
    bars.map(({ open, low, close }) => text(Math.min(open, low, close))),
    bars.map(({ close }) => text(close)),
    // Recorded volumes are in quote money.
    bars.map(({ volume, close }) => (volume / close).toFixed(VOLUME_DIGITS)),
  ]
}

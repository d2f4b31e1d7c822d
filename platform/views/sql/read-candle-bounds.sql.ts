// The first and the last candle of a market: $1 market, $2 its symbol, $3 width of the parts.

export const readCandleBounds = {
  name: 'views-read-candle-bounds',
  text: `SELECT min(oldest) AS oldest, max(newest) AS newest FROM (
    SELECT min(open_at) AS oldest, max(open_at) AS newest
    FROM views.candles WHERE market = $1::bigint AND width = $3::bigint
    UNION ALL
    SELECT min(open_at), max(open_at)
    FROM records.candles_backfill WHERE market = $2::text AND $3::bigint = 60000000
  ) AS both_kinds`,
}

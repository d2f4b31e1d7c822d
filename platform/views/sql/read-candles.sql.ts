// Candles of a market, newest first: $1 market, $2 its symbol, $3 width, $4 from, $5 to, $6 limit,
// $7 ticks of a price of 1, $8 lots of a size of 1, $9 width of the candles they are made of.
//
// Backfilled minutes (records) fill in only where no trade of ours made a minute, and a candle that
// contains one is marked.

export const readCandles = {
  name: 'views-read-candles',
  text: `WITH parts AS (
    SELECT open_at, open, high, low, close, volume, quote_volume, trades, false AS backfilled
    FROM views.candles
    WHERE market = $1 AND width = $9 AND open_at >= $4 AND open_at < $5
    UNION ALL
    SELECT open_at, round(open::numeric * $7::numeric)::bigint,
      round(high::numeric * $7::numeric)::bigint, round(low::numeric * $7::numeric)::bigint,
      round(close::numeric * $7::numeric)::bigint, round(volume::numeric * $8::numeric)::bigint,
      0, 0, true
    FROM records.candles_backfill AS old
    WHERE old.market = $2 AND $9 = 60000000 AND open_at >= $4 AND open_at < $5
      AND NOT EXISTS (SELECT FROM views.candles AS own
        WHERE own.market = $1 AND own.width = $9 AND own.open_at = old.open_at)
  )
  SELECT $1::bigint AS market, open_at - open_at % $3 AS "openAt",
    (array_agg(open ORDER BY open_at))[1] AS open, max(high) AS high, min(low) AS low,
    (array_agg(close ORDER BY open_at DESC))[1] AS close,
    least(sum(volume), 9007199254740991)::bigint AS volume,
    least(sum(quote_volume), 9007199254740991)::bigint AS "quoteVolume",
    sum(trades)::bigint AS trades, bool_or(backfilled) AS backfilled
  FROM parts GROUP BY 2 ORDER BY 2 DESC LIMIT $6`,
}

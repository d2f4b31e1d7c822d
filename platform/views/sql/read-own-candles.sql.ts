// Candles of all markets from our own trades: $1 width, $2 width of their parts, $3 from.

export const readOwnCandles = {
  name: 'views-read-own-candles',
  text: `SELECT market, open_at - open_at % $1::bigint AS "openAt",
      (array_agg(open ORDER BY open_at))[1] AS open, max(high) AS high, min(low) AS low,
      (array_agg(close ORDER BY open_at DESC))[1] AS close,
      least(sum(volume), 9007199254740991)::bigint AS volume,
      least(sum(quote_volume), 9007199254740991)::bigint AS "quoteVolume",
      sum(trades)::bigint AS trades
    FROM views.candles WHERE width = $2 AND open_at >= $3 GROUP BY 1, 2 ORDER BY 1, 2`,
}

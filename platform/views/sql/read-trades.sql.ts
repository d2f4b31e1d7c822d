// Trades of a market, newest first: $1 market, $2 ids below, $3 limit.

export const readTrades = {
  name: 'views-read-trades',
  text: `SELECT market, trade_id AS id, price, size, side AS "takerSide", at FROM views.fills
    WHERE market = $1 AND trade_id < $2 AND liquidity = 'taker'
    ORDER BY trade_id DESC LIMIT $3`,
}

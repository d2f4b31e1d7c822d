// Profit and loss of a position at average cost, at the last price.
//
// INV-14: for positions opened by fills, realised + unrealised + fees add up to 0 over all accounts
// of a market. Amounts are exact integers; percentages are for reading and come from decimal.js.

import { Decimal } from 'decimal.js'
import { amountText, averagePriceText, sizeText } from './decimals.ts'
import type { PositionRow } from './history-rows.ts'
import type { Listing, Market } from './listing.ts'

/** Quote units gained or lost if the position were closed at `price` ticks, without fees. */
export function unrealisedQuote(row: PositionRow, market: Market, price: number): number {
  if (row.position === 0) return 0
  const worth = Math.abs(row.position) * price * market.quotePerTickLot
  return row.position > 0 ? worth - row.cost : row.cost - worth
}

/**
 * A row of GET /v1/pnl. `lastPrice` is in ticks, 0 before the first trade: then nothing is
 * unrealised. percent is unrealised over the cost of what is open, two digits, half even.
 */
export function pnlJson(listing: Listing, row: PositionRow, lastPrice: number) {
  const market = listing.market(row.market)
  const unrealised = lastPrice === 0 ? 0 : unrealisedQuote(row, market, lastPrice)
  return {
    account: row.account,
    market: market.symbol,
    position: sizeText(market, row.position),
    averagePrice: averagePriceText(market, row.cost, Math.abs(row.position)),
    realised: amountText(market.quote, row.realised),
    unrealised: amountText(market.quote, unrealised),
    fees: amountText(market.quote, row.fees),
    ...(row.feesInBase === 0 ? {} : { feesInBase: amountText(market.base, row.feesInBase) }),
    percent: percentText(unrealised, row.cost),
  }
}

function percentText(part: number, whole: number): string {
  if (whole === 0) return '0.00'
  return new Decimal(part).div(whole).mul(100).toFixed(2, Decimal.ROUND_HALF_EVEN)
}

// Ticker: best prices, last trade and the last 24 hours of a market, as the API says them.

import type { MarketId } from '#kernel/ids.ts'
import { amountText, priceText, sizeText } from '#views/decimals.ts'
import type { LiveViews } from '#views/live/live-views.ts'

/** Prices are null while there is none. */
export function tickerJson(views: LiveViews, id: MarketId, now: number) {
  const market = views.listing.market(id)
  const view = views.ticker(id, now)
  const price = (ticks: number) => (ticks === 0 ? null : priceText(market, ticks))
  return {
    market: market.symbol,
    bid: price(view.bid),
    ask: price(view.ask),
    last: price(view.last),
    open24h: price(view.open24h),
    high24h: price(view.high24h),
    low24h: price(view.low24h),
    volume24h: sizeText(market, view.volume24h),
    quoteVolume24h: amountText(market.quote, view.quoteVolume24h),
    at: now,
  }
}

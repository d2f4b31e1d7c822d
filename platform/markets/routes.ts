// Routes of /v1/assets and /v1/markets: public market data; and what somebody pays there.
//
// What is now comes from memory as of the last released command; older trades and candles come
// from history. An unknown market in a path is 404. Only fees know an account.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '#kernel/time.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { limitOf, Nothing, REFUSED, refused, wholeOf } from '#platform/http/port.ts'
import { assetJson, candleJson, levelsJson, tradeJson } from '#views/format.ts'
import { marketJson } from '#views/format-market.ts'
import type { Asset, Market } from '#views/listing.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { MarketHistory } from '#views/market-history.ts'
import { type FeesRouteDeps, feesRoute } from './fees-route.ts'
import { type MarkRouteDeps, markRoute } from './mark-route.ts'
import type { ChainFacts } from './port.ts'
import * as schemas from './schemas.ts'
import { tickerJson } from './ticker.ts'

export type MarketRoutesDeps = MarkRouteDeps &
  FeesRouteDeps & {
    readonly views: LiveViews
    readonly marketHistory: MarketHistory
    readonly chainFacts: ChainFacts
    readonly clock: Clock
  }

const OPEN: RouteAuth = 'none'
const TAGS = ['markets']
const DEPTH_DEFAULT = 50

/** The plugin with all routes of this module. */
export function marketRoutes(deps: MarketRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(listingRoutes(deps))
    void app.register(nowRoutes(deps))
    void app.register(historyRoutes(deps))
    void app.register(markRoute(deps))
    void app.register(feesRoute(deps))
    done()
  }
}

function listingRoutes({ views, chainFacts }: MarketRoutesDeps): FastifyPluginCallbackTypebox {
  const { listing } = views
  const withPools = (market: Market, detail?: 'ladder') => ({
    ...marketJson(market, views.marketState(market.id)),
    pools: chainFacts.pools(market.symbol, detail),
  })
  return (app, _options, done) => {
    app.get(
      '/v1/assets',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          response: { 200: schemas.Assets, ...REFUSED },
        },
      },
      async () => ({
        items: listing.assets().map((one) => withToken(chainFacts, one)),
        next: null,
      }),
    )
    app.get(
      '/v1/markets',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          response: { 200: schemas.Markets, ...REFUSED },
        },
      },
      async () => ({ items: listing.markets().map((market) => withPools(market)), next: null }),
    )
    app.get(
      '/v1/markets/:market',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          params: schemas.MarketParams,
          querystring: Nothing,
          response: { 200: schemas.Market, ...REFUSED },
        },
      },
      async (request, reply) => {
        const market = listing.marketBySymbol(request.params.market)
        if (market === undefined) return refused(reply, { code: 'not_found' })
        return withPools(market, 'ladder')
      },
    )
    done()
  }
}

function nowRoutes({ views, clock }: MarketRoutesDeps): FastifyPluginCallbackTypebox {
  const { listing } = views
  return (app, _options, done) => {
    app.get(
      '/v1/markets/:market/book',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          params: schemas.MarketParams,
          querystring: schemas.DepthQuery,
          response: { 200: schemas.Book, ...REFUSED },
        },
      },
      async (request, reply) => {
        const market = listing.marketBySymbol(request.params.market)
        if (market === undefined) return refused(reply, { code: 'not_found' })
        const depth = Number(request.query.depth ?? DEPTH_DEFAULT)
        const { number, bids, asks, at } = views.book(market.id, depth)
        const levels = { bids: levelsJson(market, bids), asks: levelsJson(market, asks) }
        return { market: market.symbol, number, ...levels, at }
      },
    )
    app.get(
      '/v1/markets/:market/ticker',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          params: schemas.MarketParams,
          querystring: Nothing,
          response: { 200: schemas.Ticker, ...REFUSED },
        },
      },
      async (request, reply) => {
        const market = listing.marketBySymbol(request.params.market)
        if (market === undefined) return refused(reply, { code: 'not_found' })
        return tickerJson(views, market.id, clock())
      },
    )
    done()
  }
}

function historyRoutes(deps: MarketRoutesDeps): FastifyPluginCallbackTypebox {
  const { views, marketHistory } = deps
  const { listing } = views
  return (app, _options, done) => {
    app.get(
      '/v1/markets/:market/trades',
      {
        config: { auth: OPEN, weight: 2 },
        schema: {
          tags: TAGS,
          params: schemas.MarketParams,
          querystring: schemas.TradesQuery,
          response: { 200: schemas.TradePage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const market = listing.marketBySymbol(request.params.market)
        if (market === undefined) return refused(reply, { code: 'not_found' })
        const { after, limit } = request.query
        const from = after === undefined ? undefined : wholeOf(after)
        const page = await marketHistory.trades(market, { after: from, limit: limitOf(limit) })
        const items = page.items.map((trade) => tradeJson(listing, trade))
        return { items, next: page.next === null ? null : String(page.next) }
      },
    )
    void app.register(candlesRoute(deps))
    done()
  }
}

function candlesRoute({ views, marketHistory }: MarketRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/markets/:market/candles',
      {
        config: { auth: OPEN, weight: 2 },
        schema: {
          tags: TAGS,
          params: schemas.MarketParams,
          querystring: schemas.CandlesQuery,
          response: { 200: schemas.CandlePage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const market = views.listing.marketBySymbol(request.params.market)
        if (market === undefined) return refused(reply, { code: 'not_found' })
        const { interval, from, to, limit } = request.query
        const page = await marketHistory.candles(market, {
          interval,
          from: from === undefined ? undefined : wholeOf(from),
          to: to === undefined ? undefined : wholeOf(to),
          limit: limitOf(limit),
        })
        const items = page.items.map((row) => ({
          ...candleJson(market, row),
          ...(row.backfilled ? { backfilled: true } : {}),
        }))
        return { items, next: page.next === null ? null : String(page.next) }
      },
    )
    done()
  }
}

function withToken(chainFacts: ChainFacts, asset: Asset) {
  const { symbol, scale, chain } = { chain: undefined, ...assetJson(asset) }
  const token = chain === undefined ? undefined : chainFacts.token(symbol)
  if (chain === undefined || token === undefined) return { symbol, scale }
  return { symbol, scale, chain: { token, decimals: chain.decimals } }
}

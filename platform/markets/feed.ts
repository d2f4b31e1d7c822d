// Market feed: book, trades, ticker and candles as they change, for the stream.
//
// A message is made once however many listen, and not at all when nobody does. Listeners are
// called inside a release, so a book's deltas follow its snapshot without a gap. Tickers gather
// what happened for a moment; everything else goes out change by change.

import { assert } from '#kernel/assert.ts'
import type { MarketId } from '#kernel/ids.ts'
import type { Clock } from '#kernel/time.ts'
import { candleJson, levelsJson, tradeJson } from '#views/format.ts'
import { phaseJson } from '#views/format-market.ts'
import type { TradeRow } from '#views/history-rows.ts'
import type { BookChange } from '#views/live/listeners.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { MarketFeed, PublicChannel } from './port.ts'
import { tickerJson } from './ticker.ts'

const TICKER_EVERY_MS = 100

type Listener = (text: string) => void
type Listeners = Map<string, Set<Listener>>

export type MarketFeedDeps = { readonly views: LiveViews; readonly clock: Clock }

export function createMarketFeed({ views, clock }: MarketFeedDeps): MarketFeed {
  const listeners: Listeners = new Map()
  const stale = new Set<MarketId>()
  // While nobody listens the views make no change into a message at all.
  let stop: (() => void) | null = null
  const say = (key: string, message: () => unknown): void => {
    const set = listeners.get(key)
    if (set === undefined) return
    const text = JSON.stringify(message())
    for (const listener of set) listener(text)
  }
  const tickers = setInterval(() => {
    for (const id of stale) say(keyOf('ticker', id), () => tickerMessage(views, id, clock()))
    stale.clear()
  }, TICKER_EVERY_MS).unref()
  const hear = () =>
    views.listen({
      book: (change) => {
        stale.add(change.market)
        say(keyOf('book', change.market), () => deltaMessage(views, change))
      },
      state: (market, at) => {
        say(keyOf('market', market), () => stateMessage(views, market, at))
      },
      trade: (trade) => {
        stale.add(trade.market)
        say(keyOf('trades', trade.market), () => tradeMessage(views, trade))
        for (const key of candleKeys(listeners, trade.market)) {
          say(key, () => candleMessage(views, trade.market, key))
        }
      },
    })
  return {
    has: (market) => views.listing.marketBySymbol(market) !== undefined,
    subscribe: (channel, listener) => {
      const market = views.listing.marketBySymbol(channel.market)
      assert(market !== undefined, `channel of an unlisted market ${channel.market}`)
      const key = channelKey(channel, market.id)
      const first = firstMessage(views, channel, { id: market.id, key, now: clock() })
      if (first !== undefined) listener(JSON.stringify(first))
      stop ??= hear()
      const leave = join(listeners, key, listener)
      return () => {
        leave()
        if (listeners.size > 0) return
        stop?.()
        stop = null
      }
    },
    close: () => {
      clearInterval(tickers)
      stop?.()
    },
  }
}

function keyOf(name: string, market: MarketId): string {
  return `${name}:${market}`
}

function channelKey(channel: PublicChannel, market: MarketId): string {
  const key = keyOf(channel.name, market)
  return channel.name === 'candles' ? `${key}:${channel.interval}` : key
}

function* candleKeys(listeners: Listeners, market: MarketId): Iterable<string> {
  const prefix = `${keyOf('candles', market)}:`
  for (const key of listeners.keys()) if (key.startsWith(prefix)) yield key
}

function join(listeners: Listeners, key: string, listener: Listener): () => void {
  const set = listeners.get(key) ?? new Set()
  listeners.set(key, set.add(listener))
  return () => {
    set.delete(listener)
    if (set.size === 0 && listeners.get(key) === set) listeners.delete(key)
  }
}

type Place = { readonly id: MarketId; readonly key: string; readonly now: number }

/** What a new listener gets at once; trades come as they happen. */
function firstMessage(views: LiveViews, channel: PublicChannel, { id, key, now }: Place) {
  if (channel.name === 'book') return snapshotMessage(views, id)
  if (channel.name === 'market') return stateMessage(views, id, now)
  if (channel.name === 'ticker') return tickerMessage(views, id, now)
  if (channel.name === 'candles') return candleMessage(views, id, key)
  return undefined
}

function snapshotMessage(views: LiveViews, id: MarketId) {
  const market = views.listing.market(id)
  const { number, bids, asks, at } = views.book(id, Infinity)
  const levels = { bids: levelsJson(market, bids), asks: levelsJson(market, asks) }
  return { channel: 'book', market: market.symbol, type: 'snapshot', number, ...levels, at }
}

function deltaMessage(views: LiveViews, { market: id, number, bids, asks, at }: BookChange) {
  const market = views.listing.market(id)
  const levels = { bids: levelsJson(market, bids), asks: levelsJson(market, asks) }
  return { channel: 'book', market: market.symbol, type: 'delta', number, ...levels, at }
}

function tradeMessage(views: LiveViews, row: TradeRow) {
  const trade = tradeJson(views.listing, row)
  return { channel: 'trades', market: views.listing.market(row.market).symbol, trade }
}

function tickerMessage(views: LiveViews, id: MarketId, now: number) {
  const ticker = tickerJson(views, id, now)
  return { channel: 'ticker', market: ticker.market, ticker }
}

function stateMessage(views: LiveViews, id: MarketId, at: number) {
  const market = views.listing.market(id)
  const state = phaseJson(market, views.marketState(id))
  return { channel: 'market', market: market.symbol, ...state, at }
}

function candleMessage(views: LiveViews, id: MarketId, key: string) {
  const interval = key.slice(key.lastIndexOf(':') + 1) as '1s' // Made by channelKey from one.
  const row = views.candle(id, interval)
  if (row === undefined) return undefined
  const market = views.listing.market(id)
  return { channel: 'candles', market: market.symbol, interval, candle: candleJson(market, row) }
}

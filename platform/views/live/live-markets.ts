// Live markets: the book, the last trades, the ticker and the running candles of each market.
//
// All are folded from the same events, so they agree with one another at every released event.

import type { EventHeader, Fill } from '#engine/event.ts'
import { assert } from '#kernel/assert.ts'
import type { MarketId } from '#kernel/ids.ts'
import type { TradeRow } from '../history-rows.ts'
import type { MarketState } from '../market-state.ts'
import { createLiveBook, type LiveBook } from './book.ts'
import { createRecentTrades, type RecentTrades } from './recent-trades.ts'
import { createRunningCandles, type RunningCandles } from './running-candles.ts'
import { createTickerWindow, type TickerWindow } from './ticker.ts'

export type LiveMarket = {
  readonly book: LiveBook
  readonly trades: RecentTrades
  readonly window: TickerWindow
  readonly candles: RunningCandles
  lastTradeId: number
  /** Ticks; 0 before the first trade. */
  lastPrice: number
  state: MarketState
}

export type MarketStart = {
  readonly bookNumber: number
  readonly lastTradeId: number
  readonly lastPrice: number
  readonly at: number
  readonly state: MarketState
}

export type LiveMarkets = {
  start(id: MarketId, start: MarketStart): void
  get(id: MarketId): LiveMarket
  traded(event: Fill & EventHeader, notional: number): TradeRow
}

export function createLiveMarkets(): LiveMarkets {
  const markets: LiveMarket[] = []
  const get = (id: MarketId): LiveMarket => {
    const market = markets[id]
    if (market === undefined) throw new Error(`market ${id} is not listed`)
    return market
  }
  return {
    start: (id, { bookNumber, lastTradeId, lastPrice, at, state }) => {
      markets[id] = {
        book: createLiveBook({ number: bookNumber, at }),
        trades: createRecentTrades(),
        window: createTickerWindow(),
        candles: createRunningCandles(),
        lastTradeId,
        lastPrice,
        state,
      }
    },
    get,
    traded: (event, notional) => {
      const market = get(event.market)
      const { tradeId: id, price, size, takerSide, time: at } = event
      assert(id === market.lastTradeId + 1, `INV-09: trade ${id} follows ${market.lastTradeId}`)
      const trade: TradeRow = { market: event.market, id, price, size, takerSide, at }
      market.lastTradeId = id
      market.lastPrice = price
      market.trades.add(trade)
      market.window.add(trade, notional)
      market.candles.add(trade, notional)
      return trade
    },
  }
}

// Market feed: our own platform's markets as they change, for any number of listeners.
//
// One stream serves all bots of a process. Books are kept from snapshot and deltas; a burst of
// deltas is told once. When the stream is cut or a gap is found, listeners hear `stale` and nothing
// more until a fresh snapshot is there: a book that may be wrong is never shown.

import type { Client } from '#client/client.ts'
import { createLiveBook, type LiveBook } from '#client/live-book.ts'
import type { Market } from '#client/shapes.ts'
import type { Stream } from '#client/stream.ts'
import type { Answer, History, HistoryRequest, Instrument, Level, MarketUpdate } from '../venue.ts'
import { readHistory } from './history.ts'

export type LocalBook = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }

export type MarketFeed = {
  /** Reads the markets; throws when the platform cannot be reached. */
  instruments(): Promise<readonly Instrument[]>
  subscribe(symbol: string, listener: (update: MarketUpdate) => void): () => void
  /** The local book now; undefined while it is not known. */
  book(symbol: string): LocalBook | undefined
  /** Bars that are over, as the platform keeps them. */
  history(request: HistoryRequest): Promise<Answer<History>>
  /** The owner of the stream says that it was cut. */
  cut(reason: string): void
  close(): void
}

export type MarketFeedDeps = {
  readonly client: Pick<Client, 'markets' | 'candles'>
  readonly stream: Stream
  /** Levels of a side that are told. */
  readonly depth?: number
  /** Beside the book. */
  readonly also?: readonly ('trades' | 'ticker')[]
  /** Microseconds. */
  readonly now: () => number
}

type Watched = {
  readonly symbol: string
  readonly listeners: Set<(update: MarketUpdate) => void>
  readonly ends: (() => void)[]
  book: LiveBook | undefined
  isDirty: boolean
}

const DEPTH = 25

export function createMarketFeed(deps: MarketFeedDeps): MarketFeed {
  const watched = new Map<string, Watched>()

  function watch(symbol: string): Watched {
    const known = watched.get(symbol)
    if (known !== undefined) return known
    const market: Watched = {
      ...{ symbol, listeners: new Set(), ends: [] },
      ...{ book: undefined, isDirty: false },
    }
    watched.set(symbol, market)
    follow(deps, market)
    return market
  }

  function cut(reason: string): void {
    for (const market of watched.values()) {
      tell(market, { kind: 'stale', symbol: market.symbol, reason })
    }
  }

  return {
    instruments: () => readInstruments(deps.client),
    subscribe(symbol, listener) {
      const market = watch(symbol)
      market.listeners.add(listener)
      const book = bookOf(deps, market)
      if (book !== undefined) listener({ kind: 'book', symbol, ...book, at: deps.now() })
      return () => void market.listeners.delete(listener)
    },
    book(symbol) {
      const market = watched.get(symbol)
      return market === undefined ? undefined : bookOf(deps, market)
    },
    history: (request) => readHistory({ client: deps.client, now: deps.now }, request),
    cut,
    close() {
      for (const { ends } of watched.values()) for (const end of ends) end()
      watched.clear()
    },
  }
}

function follow(deps: MarketFeedDeps, market: Watched): void {
  const { stream, also = ['trades'], now } = deps
  const { symbol } = market
  const book = createLiveBook({ stream, market: symbol, onChange: () => mark(deps, market) })
  market.book = book
  market.ends.push(() => book.close())
  if (also.includes('trades')) {
    const onMessage = ({ trade }: { trade: { takerSide: 'buy' | 'sell' } & TradeFigures }) => {
      const { takerSide: side, price, size, at } = trade
      tell(market, { kind: 'trade', symbol, side, price, size, at })
    }
    market.ends.push(stream.subscribe({ name: 'trades', market: symbol }, { onMessage }))
  }
  if (also.includes('ticker')) {
    const onMessage = ({ ticker }: { ticker: { last: string | null } }) => {
      const price = ticker.last
      if (price !== null) tell(market, { kind: 'price', symbol, price, at: now() })
    }
    market.ends.push(stream.subscribe({ name: 'ticker', market: symbol }, { onMessage }))
  }
}

type TradeFigures = { readonly price: string; readonly size: string; readonly at: number }

/** Tells the book when the burst of messages that are here already has been taken in. */
function mark(deps: MarketFeedDeps, market: Watched): void {
  if (market.isDirty) return
  market.isDirty = true
  setImmediate(() => {
    market.isDirty = false
    const { symbol } = market
    const book = bookOf(deps, market)
    if (book === undefined) tell(market, { kind: 'stale', symbol, reason: 'a gap in the book' })
    else tell(market, { kind: 'book', symbol, ...book, at: deps.now() })
  })
}

function tell(market: Watched, update: MarketUpdate): void {
  for (const listener of market.listeners) listener(update)
}

function bookOf({ depth = DEPTH }: MarketFeedDeps, { book }: Watched): LocalBook | undefined {
  const bids = book?.levels('bids', depth)
  const asks = book?.levels('asks', depth)
  if (bids === null || bids === undefined || asks === null || asks === undefined) return undefined
  return { bids: bids.map(toLevel), asks: asks.map(toLevel) }
}

function toLevel([price, size]: readonly [string, string]): Level {
  return { price, size }
}

async function readInstruments(client: Pick<Client, 'markets'>): Promise<readonly Instrument[]> {
  const answer = await client.markets()
  if (answer.kind !== 'done') throw new Error(`the markets cannot be read: ${answer.kind}`)
  return answer.value.items.map(toInstrument)
}

function toInstrument(market: Market): Instrument {
  const { symbol, base, quote } = market
  return {
    ...{ symbol, base, quote, kind: 'order-book' },
    ...{ tick: market.tickSize, lot: market.lotSize },
    takerFee: rateOf(market.takerFeeBps),
    makerFee: rateOf(market.makerFeeBps),
    minNotional: market.minNotional,
  }
}

/** Rates are counted in hundredths of a basis point. */
function rateOf(bps: number): string {
  return (Math.round(bps * 100) / 1_000_000).toFixed(6)
}

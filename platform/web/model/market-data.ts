// Market data: ticker, book, trades and pool of the market that is looked at, from the stream.
//
// Changes are gathered and shown once a frame. Nothing here survives a change of the market, so a
// number of one market is never seen under the name of another.

import { effect, type ReadonlySignal, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import { createLiveBook } from '#client/live-book.ts'
import type { Stream } from '#client/stream.ts'
import type { MarketMessage, TickerMessage, TradesMessage } from '#client/stream-messages.ts'
import type { Level } from './book-rows.ts'
import type { Frames } from './frames.ts'
import { insist } from './insist.ts'
import type { Market } from './listing.ts'

export type MarketDataDeps = {
  readonly client: Client
  readonly stream: Stream
  readonly frames: Frames
  readonly market: ReadonlySignal<string | undefined>
  /** Told of the market as often as its pools are asked for. */
  readonly onMarket: (market: Market) => void
}

export type MarketData = ReturnType<typeof createMarketData>
export type Ticker = TickerMessage['ticker']
export type Trade = TradesMessage['trade']
export type Phase = Omit<MarketMessage, 'channel' | 'market' | 'at'>
export type Sides = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }
export type Pool = Market['pools'][number]
/** Seconds since 1970, price in quote. */
export type PoolPoint = { readonly time: number; readonly value: number }

const LEVELS = 200
const TRADES = 60
const POOL_EVERY_MS = 1_000
const POOL_POINTS_MAX = 20_000

export function createMarketData(deps: MarketDataDeps) {
  const state = {
    ticker: signal<Ticker | null>(null),
    book: signal<Sides | null>(null),
    trades: signal<readonly Trade[] | null>(null),
    pools: signal<readonly Pool[]>([]),
    phase: signal<Phase | null>(null),
    poolPoints: signal<readonly PoolPoint[]>([]),
  }
  effect(() => {
    const market = deps.market.value
    state.ticker.value = null
    state.book.value = null
    state.trades.value = null
    state.pools.value = []
    state.phase.value = null
    state.poolPoints.value = []
    if (market !== undefined) return follow(deps, state, market)
  })
  return state
}

type State = ReturnType<typeof createMarketData>

function follow(deps: MarketDataDeps, state: State, market: string): () => void {
  const { stream, frames } = deps
  const book = createLiveBook({
    ...{ stream, market },
    onChange: () =>
      frames.soon(`book ${market}`, () => {
        const [bids, asks] = [book.levels('bids', LEVELS), book.levels('asks', LEVELS)]
        if (bids !== null && asks !== null && deps.market.peek() === market) {
          state.book.value = { bids, asks }
        }
      }),
  })
  const stops = [
    () => book.close(),
    followTicker(deps, state, market),
    followTrades(deps, state, market),
    followPhase(deps, state, market),
    followPools(deps, state, market),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function followTicker({ client, stream, frames }: MarketDataDeps, state: State, market: string) {
  const show = (ticker: Ticker): void =>
    frames.soon(`ticker`, () => {
      state.ticker.value = ticker
    })
  return stream.subscribe(
    { name: 'ticker', market },
    {
      onMessage: ({ ticker }) => show(ticker),
      onReady: () =>
        void client.ticker(market).then((outcome) => {
          if (outcome.kind === 'done' && state.ticker.peek() === null) show(outcome.value)
        }),
    },
  )
}

function followTrades({ client, stream, frames }: MarketDataDeps, state: State, market: string) {
  const seen = { trades: new Map<number, Trade>(), isKnown: false, isStopped: false }
  const show = (): void =>
    frames.soon('trades', () => {
      if (seen.isStopped || !seen.isKnown) return
      const newest = [...seen.trades.values()].sort((a, b) => b.id - a.id).slice(0, TRADES)
      seen.trades = new Map(newest.map((trade) => [trade.id, trade]))
      state.trades.value = newest
    })
  const stop = stream.subscribe(
    { name: 'trades', market },
    {
      onMessage: ({ trade }) => {
        seen.trades.set(trade.id, trade)
        show()
      },
      onReady: () =>
        void insist(
          () => client.trades(market, { limit: TRADES }),
          () => !seen.isStopped,
        ).then((page) => {
          for (const trade of page?.items ?? []) seen.trades.set(trade.id, trade)
          seen.isKnown = page !== undefined
          show()
        }),
    },
  )
  return () => {
    seen.isStopped = true
    stop()
  }
}

/** Phase, mark price, and what an auction would trade. */
function followPhase({ stream, frames }: MarketDataDeps, state: State, market: string) {
  return stream.subscribe(
    { name: 'market', market },
    {
      onMessage: (message) =>
        frames.soon('phase', () => {
          state.phase.value = message
        }),
    },
  )
}

/** Pools have no channel: they are asked for once a second while the stream is up. */
function followPools({ client, stream, onMarket }: MarketDataDeps, state: State, market: string) {
  const run = { isStopped: false }
  const ask = async (): Promise<void> => {
    if (stream.state() !== 'open' || document.hidden) return
    const outcome = await client.market(market)
    if (outcome.kind !== 'done' || run.isStopped) return
    onMarket(outcome.value)
    const { pools } = outcome.value
    state.pools.value = pools
    const [pool] = pools
    if (pool?.price != null) addPoint(state, Number(pool.price))
  }
  const timer = setInterval(() => void ask(), POOL_EVERY_MS)
  void ask()
  return () => {
    run.isStopped = true
    clearInterval(timer)
  }
}

function addPoint({ poolPoints }: State, value: number): void {
  const time = Math.floor(Date.now() / 1_000)
  const points = poolPoints.peek()
  if (points.at(-1)?.time === time) return
  poolPoints.value = [...points.slice(-POOL_POINTS_MAX), { time, value }]
}

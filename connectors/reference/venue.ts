// The reference venue: prices without liquidity, played from recorded or synthetic series.
//
// Read-only: it has no place to send an order. The position grows with time times speed, is told to
// whoever saves it, and never jumps; a venue that starts at a saved position goes on from there.

import type { MarketUpdate, Venue } from '../venue.ts'
import type { Series } from './series.ts'

export const REFERENCE = 'reference'

export type ReferenceMarket = {
  readonly market: string
  readonly series: Series
  /** In bars, where it stands at the start. */
  readonly position: number
  /** 10: a recorded minute passes in six seconds. */
  readonly speed: number
}

export type ReferenceVenue = Venue & {
  /** In bars, now. */
  positions(): Readonly<Record<string, number>>
  prices(): Readonly<Record<string, number>>
}

export type ReferenceVenueOptions = {
  readonly markets: readonly ReferenceMarket[]
  /** Milliseconds; only differences count for the position. */
  readonly nowMs: () => number
  readonly everyMs?: number
}

const EVERY_MS = 200
const SECONDS_PER_BAR = 60
const PRICE_DIGITS = 8

export function createReferenceVenue(options: ReferenceVenueOptions): ReferenceVenue {
  const { markets, nowMs, everyMs = EVERY_MS } = options
  const startMs = nowMs()
  const listeners = new Map<string, Set<(update: MarketUpdate) => void>>()

  const positionOf = ({ position, speed }: ReferenceMarket) =>
    position + (((nowMs() - startMs) / 1_000) * speed) / SECONDS_PER_BAR
  const priceOf = (market: ReferenceMarket) => market.series.priceAt(positionOf(market))
  const all = (value: (market: ReferenceMarket) => number) =>
    Object.fromEntries(markets.map((market) => [market.market, value(market)]))
  const updateOf = (market: ReferenceMarket): MarketUpdate => {
    const price = priceOf(market).toFixed(PRICE_DIGITS)
    return { kind: 'price', symbol: market.market, price, at: Math.floor(nowMs() * 1_000) }
  }

  const timer = setInterval(() => {
    for (const market of markets) {
      for (const listener of listeners.get(market.market) ?? []) listener(updateOf(market))
    }
  }, everyMs)

  return {
    name: REFERENCE,
    instruments: async () => markets.map(({ market }) => toInstrument(market)),
    subscribe(symbol, listener) {
      const market = markets.find((one) => one.market === symbol)
      if (market === undefined) throw new Error(`no reference price for ${symbol}`)
      const set = listeners.get(symbol) ?? new Set()
      listeners.set(symbol, set.add(listener))
      listener(updateOf(market))
      return () => void set.delete(listener)
    },
    quote: async () => ({ kind: 'unavailable', reason: 'a reference price is not for trading' }),
    trading: undefined,
    positions: () => all(positionOf),
    prices: () => all(priceOf),
    async close() {
      clearInterval(timer)
      listeners.clear()
    },
  }
}

function toInstrument(symbol: string) {
  const [base = '', quote = ''] = symbol.split('-')
  const fees = { takerFee: '0', makerFee: '0' }
  return { symbol, base, quote, kind: 'reference' as const, tick: '0', lot: '0', ...fees }
}

// A live venue whose book and trades a test tells.

import type { Instrument, MarketUpdate, Side, Venue } from '#connectors/venue.ts'

export const ETH_USDC: Instrument = {
  ...{ symbol: 'ETH-USDC', base: 'ETH', quote: 'USDC', kind: 'order-book', tick: '0.01' },
  ...{ lot: '0.0001', takerFee: '0.001', makerFee: '0.0002', minNotional: '1' },
}

type Levels = readonly (readonly [price: number, size: number])[]

export type ToldVenue = {
  readonly venue: Venue
  book(bids: Levels, asks: Levels, at?: number): void
  trade(side: Side, price: number, size: number): void
  gone(): void
  subscribers(): number
}

const NOTHING: MarketUpdate = { kind: 'stale', symbol: ETH_USDC.symbol, reason: 'gone' }

export function createToldVenue(): ToldVenue {
  const listeners = new Set<(update: MarketUpdate) => void>()
  const told: { book: Extract<MarketUpdate, { kind: 'book' }> | undefined } = { book: undefined }
  const tell = (update: MarketUpdate) => {
    for (const listener of [...listeners]) listener(update)
  }
  const textOf = (levels: Levels) =>
    levels.map(([price, size]) => ({ price: price.toFixed(2), size: size.toFixed(4) }))
  return {
    venue: {
      name: 'internal',
      instruments: async () => [ETH_USDC],
      subscribe(_symbol, listener) {
        listeners.add(listener)
        if (told.book !== undefined) listener(told.book)
        return () => void listeners.delete(listener)
      },
      quote: async () => ({ kind: 'unavailable', reason: 'ask the paper' }),
      trading: undefined,
      close: async () => {},
    },
    book(bids, asks, at = 1) {
      const symbol = ETH_USDC.symbol
      told.book = { kind: 'book', symbol, bids: textOf(bids), asks: textOf(asks), at }
      tell(told.book)
    },
    trade(side, price, size) {
      const figures = { price: price.toFixed(2), size: size.toFixed(4), at: 1 }
      tell({ kind: 'trade', symbol: ETH_USDC.symbol, side, ...figures })
    },
    gone() {
      told.book = undefined
      tell(NOTHING)
    },
    subscribers: () => listeners.size,
  }
}

// Mids: what a coin is worth in USDC now, from our own books, else from the reference.
//
// For limits and for figures; a US dollar counts as one USDC.

import type { MarketUpdate } from '#connectors/venue.ts'

export type Mids = {
  /** Undefined while nobody knows. */
  priceOf(asset: string): number | undefined
  /** Answers when the platform has told its markets. */
  ready(): Promise<void>
}

export type MidsDeps = {
  readonly feed: {
    instruments(): Promise<readonly unknown[]>
    subscribe(symbol: string, listener: (update: MarketUpdate) => void): () => void
  }
  readonly symbols: readonly string[]
  readonly fallback: () => Readonly<Record<string, number>>
}

const DOLLARS = ['USDC', 'USD']

export function createMids({ feed, symbols, fallback }: MidsDeps): Mids {
  const mids = new Map<string, number>()
  for (const symbol of symbols) {
    feed.subscribe(symbol, (update) => {
      if (update.kind !== 'book') return
      const [bid, ask] = [Number(update.bids[0]?.price), Number(update.asks[0]?.price)]
      if (bid > 0 && ask > 0) mids.set(symbol, (bid + ask) / 2)
    })
  }
  return {
    priceOf(asset) {
      if (DOLLARS.includes(asset)) return 1
      const symbol = symbols.find((one) => DOLLARS.some((dollar) => one === `${asset}-${dollar}`))
      return symbol === undefined ? undefined : (mids.get(symbol) ?? fallback()[symbol])
    },
    ready: async () => void (await feed.instruments()),
  }
}

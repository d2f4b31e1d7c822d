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
    instruments(): Promise<readonly { readonly symbol: string }[]>
    subscribe(symbol: string, listener: (update: MarketUpdate) => void): () => void
  }
  readonly fallback: () => Readonly<Record<string, number>>
}

const DOLLARS = ['USDC', 'USD']

export function createMids({ feed, fallback }: MidsDeps): Mids {
  const mids = new Map<string, number>()
  function follow(symbol: string): void {
    feed.subscribe(symbol, (update) => {
      if (update.kind !== 'book') return
      const [bid, ask] = [Number(update.bids[0]?.price), Number(update.asks[0]?.price)]
      if (bid > 0 && ask > 0) mids.set(symbol, (bid + ask) / 2)
    })
  }
  return {
    priceOf(asset) {
      if (DOLLARS.includes(asset)) return 1
      for (const dollar of DOLLARS) {
        const symbol = `${asset}-${dollar}`
        const price = mids.get(symbol) ?? fallback()[symbol]
        if (price !== undefined) return price
      }
      return undefined
    },
    async ready() {
      const instruments = await feed.instruments()
      const inDollars = instruments.filter(({ symbol }) => {
        return DOLLARS.some((dollar) => symbol.endsWith(`-${dollar}`))
      })
      for (const { symbol } of inDollars) follow(symbol)
    },
  }
}

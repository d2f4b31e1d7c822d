// Markets' port: public market data as a stream, and what only the chain side knows of a market.

import type { Interval, Pool } from './schemas.ts'

export type PublicChannel =
  | { readonly name: 'book' | 'trades' | 'ticker' | 'market'; readonly market: string }
  | { readonly name: 'candles'; readonly market: string; readonly interval: Interval }

export type MarketFeed = {
  has(market: string): boolean
  /**
   * Hands over the state as it is now, then every change, each as a JSON text. Nothing comes in
   * between: a book's snapshot has number n, its first delta n + 1. Returns how to stop.
   */
  subscribe(channel: PublicChannel, listener: (text: string) => void): () => void
  close(): void
}

/** What the wallet knows of assets and markets; answers from memory. */
export type ChainFacts = {
  /** The address of an asset's token; undefined when it exists in the ledger only. */
  token(asset: string): string | undefined
  /** Pools that trade the market's pair on chain, with their prices; with depth if asked. */
  pools(market: string, detail?: 'ladder'): Pool[]
}

// Stored market: the state of a market as a row of the schema `views`.
//
// The tiers are JSON in one column. What an auction would trade is gone with the moment and is not
// stored: after a start the engine's image says it.

import type { FeeTier } from '#engine/command.ts'
import type { MarketState } from './market-state.ts'

export type StoredMarket = Omit<MarketState, 'tiers' | 'indicativePrice' | 'indicativeVolume'> & {
  readonly tiers: string
}

export function storedMarket(state: MarketState): StoredMarket {
  const { indicativePrice: _price, indicativeVolume: _volume, tiers, ...row } = state
  return { ...row, tiers: JSON.stringify(tiers) }
}

export function stateOfStored({ tiers, ...row }: StoredMarket): MarketState {
  const parsed: readonly FeeTier[] = JSON.parse(tiers) // Written by storedMarket.
  return { ...row, tiers: parsed, indicativePrice: 0, indicativeVolume: 0 }
}

// Listing: assets and markets with the scales that turn their integers into text.
//
// Ids are dense from 0 in the order of listing and never change. Everybody who formats or parses
// money for people reads the scales here.

import type { MarketKind } from '#engine/command.ts'
import type { AssetListed, MarketListed } from '#engine/event.ts'
import type { Amount, FeeRate } from '#kernel/amount.ts'
import type { AssetId, MarketId } from '#kernel/ids.ts'

export type Asset = {
  readonly id: AssetId
  readonly symbol: string
  readonly scale: number
  /** Decimals of its token; -1 when it exists in the ledger only. */
  readonly chainDecimals: number
}

export type Market = {
  readonly id: MarketId
  readonly symbol: string
  readonly kind: MarketKind
  readonly base: Asset
  readonly quote: Asset
  readonly priceScale: number
  readonly tickUnits: number
  readonly lotUnits: number
  /** Decimals of a size: those of the base asset less the trailing zeros of lotUnits. */
  readonly sizeScale: number
  /** A lot in units of 10^-sizeScale. */
  readonly lotStep: number
  readonly quotePerTickLot: number
  readonly minNotional: Amount
  readonly makerRate: FeeRate
  readonly takerRate: FeeRate
}

export type Listing = {
  asset(id: AssetId): Asset
  market(id: MarketId): Market
  assetBySymbol(symbol: string): Asset | undefined
  marketBySymbol(symbol: string): Market | undefined
  /** In the order of their ids. */
  assets(): readonly Asset[]
  markets(): readonly Market[]
}

export type MutableListing = Listing & {
  listAsset(asset: Omit<AssetListed, 'kind'>): void
  listMarket(market: Omit<MarketListed, 'kind'>): void
}

/** An empty listing, filled by `assetListed` and `marketListed` events or the engine's image. */
export function createListing(): MutableListing {
  const assets: Asset[] = []
  const markets: Market[] = []
  const asset = (id: AssetId): Asset => known(assets[id], `asset ${id}`)
  return {
    asset,
    market: (id) => known(markets[id], `market ${id}`),
    assetBySymbol: (symbol) => assets.find((one) => one.symbol === symbol),
    marketBySymbol: (symbol) => markets.find((one) => one.symbol === symbol),
    assets: () => assets,
    markets: () => markets,
    listAsset: (row) => {
      const { asset: id, symbol, scale, chainDecimals } = row
      assets[id] = { id, symbol, scale, chainDecimals }
    },
    listMarket: (row) => {
      markets[row.market] = marketOf(row, asset(row.base), asset(row.quote))
    },
  }
}

function marketOf(row: Omit<MarketListed, 'kind'>, base: Asset, quote: Asset): Market {
  const { market: id, symbol, marketKind: kind, priceScale, tickUnits, lotUnits } = row
  const { quotePerTickLot, minNotional, makerRate, takerRate } = row
  const zeros = Math.min(base.scale, trailingZeros(lotUnits))
  return {
    id,
    symbol,
    kind,
    base,
    quote,
    priceScale,
    tickUnits,
    lotUnits,
    sizeScale: base.scale - zeros,
    lotStep: lotUnits / 10 ** zeros,
    quotePerTickLot,
    minNotional,
    makerRate,
    takerRate,
  }
}

function trailingZeros(value: number): number {
  return value > 0 && value % 10 === 0 ? 1 + trailingZeros(value / 10) : 0
}

function known<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new Error(`${what} is not listed`)
  return row
}

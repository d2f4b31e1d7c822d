// Asset table: the ledger's assets as the wallet names them, with both scales.

import { type AssetId, asId } from '#kernel/ids.ts'
import type { Scales } from './units.ts'

export type WalletAsset = { readonly id: number; readonly symbol: string; readonly scale: number }

export type AssetTable = {
  /** Undefined for an asset that is not listed or has no token on the chain. */
  scalesOf(symbol: string): Scales | undefined
  assetOf(id: number): { readonly symbol: string; readonly scales: Scales } | undefined
  assetId(symbol: string): AssetId | undefined
}

export function createAssetTable(
  assets: readonly WalletAsset[],
  decimalsOf: (symbol: string) => number | undefined,
): AssetTable {
  function scalesOf(symbol: string): Scales | undefined {
    const scale = assets.find((asset) => asset.symbol === symbol)?.scale
    const decimals = decimalsOf(symbol)
    return scale === undefined || decimals === undefined ? undefined : { scale, decimals }
  }

  return {
    scalesOf,
    assetOf(id) {
      const symbol = assets.find((asset) => asset.id === id)?.symbol
      const scales = symbol === undefined ? undefined : scalesOf(symbol)
      return symbol === undefined || scales === undefined ? undefined : { symbol, scales }
    },
    assetId(symbol) {
      const id = assets.find((asset) => asset.symbol === symbol)?.id
      return id === undefined ? undefined : asId<AssetId>(id)
    },
  }
}

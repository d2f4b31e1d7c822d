// Listing: assets and markets, numbered from 0 in the order they are listed.
//
// A market is listed only when one tick times one lot is a whole number of quote units, so that
// every notional is exact.

import { mulExact } from '#kernel/amount.ts'
import { type AssetId, asId, type MarketId, SYMBOL } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import type { ListAsset, ListMarket } from '../command.ts'
import { emitPayload } from '../emit.ts'
import { ASSET_SCALE_MAX, ASSETS_MAX, MARKETS_MAX } from '../limits.ts'
import { type AssetRow, addMarket, type Engine } from '../state.ts'
import { areRates } from './markets.ts'

const CHAIN_DECIMALS_MAX = 36
const PRICE_SCALE_MAX = 18

export function listAsset(engine: Engine, command: ListAsset): RefusalCode | null {
  const { symbol, scale, chainDecimals } = command
  if (!SYMBOL.test(symbol)) return 'request.malformed'
  if (engine.assets.some((asset) => asset.symbol === symbol)) return 'request.malformed'
  if (scale > ASSET_SCALE_MAX) return 'request.malformed'
  if (chainDecimals < -1 || chainDecimals > CHAIN_DECIMALS_MAX) return 'request.malformed'
  if (engine.assets.length >= ASSETS_MAX) return 'capacity.exhausted'
  const row = { asset: asId<AssetId>(engine.assets.length), symbol, scale, chainDecimals }
  engine.assets.push(row)
  emitPayload(engine, { kind: 'assetListed', ...row })
  return null
}

export function listMarket(engine: Engine, command: ListMarket): RefusalCode | null {
  const { symbol, base, quote, makerRate, takerRate } = command
  if (!SYMBOL.test(symbol)) return 'request.malformed'
  if (engine.markets.some((market) => market.symbol === symbol)) return 'request.malformed'
  const [baseRow, quoteRow] = [engine.assets[base], engine.assets[quote]]
  if (baseRow === undefined || quoteRow === undefined) return 'asset.unknown'
  const quotePerTickLot = quoteUnits(command, baseRow, quoteRow)
  if (quotePerTickLot === null || base === quote) return 'market.invalid'
  if (!areRates(makerRate, takerRate)) return 'market.invalid'
  if (engine.markets.length >= MARKETS_MAX) return 'capacity.exhausted'
  const { marketKind, priceScale, tickUnits, lotUnits, minNotional } = command
  const units = { base, quote, priceScale, tickUnits, lotUnits, quotePerTickLot }
  const market = asId<MarketId>(engine.markets.length)
  const row = { market, symbol, marketKind, ...units, minNotional, makerRate, takerRate }
  addMarket(engine, row)
  emitPayload(engine, { kind: 'marketListed', ...row })
  return null
}

// One tick times one lot in quote units, or null when it is not a whole number of them:
// tickUnits x lotUnits x 10^(quote scale - price scale - base scale). Dividing by a power of ten
// takes that many twos and fives out of the two factors.
function quoteUnits(command: ListMarket, base: AssetRow, quote: AssetRow): number | null {
  if (command.priceScale > PRICE_SCALE_MAX) return null
  const power = quote.scale - command.priceScale - base.scale
  const factors = [command.tickUnits, command.lotUnits]
  for (const prime of [2, 5]) {
    for (let left = -power; left > 0; left -= 1) {
      const divisible = factors.findIndex((factor) => factor % prime === 0)
      if (divisible < 0) return null
      factors[divisible] = (factors[divisible] ?? 0) / prime
    }
  }
  const units = factors.reduce(mulWithin, 10 ** Math.max(0, power))
  return units >= 1 ? units : null
}

/** The product, or -1 once it passed 2^53 - 1. */
function mulWithin(product: number, factor: number): number {
  return product < 0 ? -1 : mulExact(product, factor)
}

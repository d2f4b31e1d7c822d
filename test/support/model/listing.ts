// Listing: assets and markets, numbered from 0 in the order they are listed.
//
// A market is listed only when one tick times one lot is a whole number of quote units.

import type { ListAsset, ListMarket } from '#engine/command.ts'
import { ASSET_SCALE_MAX, ASSETS_MAX, FEE_RATE_MAX, MARKETS_MAX } from '#engine/limits.ts'
import { asUnit, SAFE_MAX } from '#kernel/amount.ts'
import { asId, SYMBOL } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import type { Asset, Market, World } from './world.ts'
import { emit } from './world.ts'

export function listAsset(world: World, command: ListAsset): RefusalCode | null {
  const { symbol, scale, chainDecimals } = command
  const taken = world.assets.some((asset) => asset.symbol === symbol)
  if (!SYMBOL.test(symbol) || taken) return 'request.malformed'
  if (scale > ASSET_SCALE_MAX || chainDecimals < -1 || chainDecimals > 36)
    return 'request.malformed'
  if (world.assets.length >= ASSETS_MAX) return 'capacity.exhausted'
  const asset = { symbol, scale, chainDecimals, asset: asId<Asset['asset']>(world.assets.length) }
  world.assets.push(asset)
  emit(world, { kind: 'assetListed', ...asset })
  return null
}

export function listMarket(world: World, command: ListMarket): RefusalCode | null {
  const taken = world.markets.some(({ listing }) => listing.symbol === command.symbol)
  if (!SYMBOL.test(command.symbol) || taken) return 'request.malformed'
  const base = world.assets[command.base]
  const quote = world.assets[command.quote]
  if (base === undefined || quote === undefined) return 'asset.unknown'
  const quotePerTickLot = quoteUnits(command, base, quote)
  if (quotePerTickLot === null || base === quote) return 'market.invalid'
  if (Math.abs(command.makerRate) > FEE_RATE_MAX) return 'market.invalid'
  if (command.takerRate < 0 || command.takerRate > FEE_RATE_MAX) return 'market.invalid'
  if (world.markets.length >= MARKETS_MAX) return 'capacity.exhausted'
  const { symbol, marketKind, priceScale, tickUnits, lotUnits } = command
  const { minNotional, makerRate, takerRate } = command
  const market = asId<Market['listing']['market']>(world.markets.length)
  const assets = { base: command.base, quote: command.quote }
  const scales = { priceScale, tickUnits, lotUnits, quotePerTickLot }
  const rules = { minNotional, makerRate, takerRate }
  const listed = { market, symbol, marketKind, ...assets, ...scales, ...rules }
  world.markets.push(begin(world, listed))
  emit(world, { kind: 'marketListed', ...listed })
  return null
}

// Continuous, with one fee tier and no other rules.
function begin({ time }: World, listing: Market['listing']): Market {
  const { minNotional, makerRate, takerRate } = listing
  const sessions = { haltUs: 0, auctionUs: 0, sessionOpenUs: 0, sessionCloseUs: 0 }
  return {
    listing,
    levels: { buy: [], sell: [] },
    bookNumber: 0,
    lastTradeId: 0,
    lastPrice: 0,
    mark: 0,
    rules: { minNotional, collarBps: 0, bandBps: 0, bandWindowUs: 0, ...sessions },
    tiers: [{ minNotional: asUnit(0), makerRate, takerRate }],
    delisted: false,
    phase: 'continuous',
    endsAt: 0,
    next: 'continuous',
    uncrossPrice: 0,
    sessionsFrom: time,
    indicativeAt: 0,
    told: { price: 0, volume: 0 },
    band: { price: 0, at: time },
    ranges: { last: { low: 0, high: 0 }, mark: { low: 0, high: 0 } },
    armed: [],
    before: { last: 0, mark: 0, began: false },
  }
}

// tick x lot in quote units: tickUnits / 10^priceScale x lotUnits / 10^baseScale x 10^quoteScale.
function quoteUnits(command: ListMarket, base: Asset, quote: Asset): number | null {
  if (command.priceScale > 18) return null
  const above = BigInt(command.tickUnits) * BigInt(command.lotUnits) * 10n ** BigInt(quote.scale)
  const below = 10n ** BigInt(command.priceScale + base.scale)
  const units = above / below
  return above % below === 0n && units >= 1n && units <= SAFE_MAX ? Number(units) : null
}

// Decimals: integers of markets and assets as the text that people read, and averages of them.
//
// Exact both ways; the only rounding is that of an average price, to nearest, four digits finer
// than the market's price, and it is for reading: no money is ever computed from it.

import { formatDecimal } from '#kernel/amount.ts'
import type { Asset, Market } from './listing.ts'

const AVERAGE_EXTRA_DIGITS = 4

/** Ledger units of an asset as a decimal with all digits of its scale; signed. */
export function amountText(asset: Asset, units: number): string {
  return formatDecimal(units, asset.scale)
}

/** Ticks of a market as a decimal price. */
export function priceText(market: Market, ticks: number): string {
  return formatDecimal(ticks * market.tickUnits, market.priceScale)
}

/** Lots of a market as a decimal size in the base asset; signed. */
export function sizeText(market: Market, lots: number): string {
  return formatDecimal(lots * market.lotStep, market.sizeScale)
}

/**
 * The price at which `lots` cost `quote` ledger units, rounded to nearest (half up) at four digits
 * beyond the market's price; surplus zeros are left out. Null when there are no lots.
 */
export function averagePriceText(market: Market, quote: number, lots: number): string | null {
  if (lots === 0) return null
  const digits = market.priceScale + AVERAGE_EXTRA_DIGITS
  const fine = BigInt(market.tickUnits) * 10n ** BigInt(AVERAGE_EXTRA_DIGITS)
  const perTick = BigInt(lots) * BigInt(market.quotePerTickLot)
  const nearest = (2n * BigInt(quote) * fine + perTick) / (2n * perTick)
  return trimZeros(nearest.toString().padStart(digits + 1, '0'), digits, market.priceScale)
}

function trimZeros(text: string, digits: number, least: number): string {
  const whole = text.slice(0, -digits)
  let kept = digits
  while (kept > least && text[whole.length + kept - 1] === '0') kept -= 1
  return kept === 0 ? whole : `${whole}.${text.slice(whole.length, whole.length + kept)}`
}

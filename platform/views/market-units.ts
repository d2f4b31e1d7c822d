// Market units: decimal texts of a body as integers of their market.
//
// Parsed strictly: what the market's scales cannot hold exactly is refused, nothing is rounded. A
// price finer than the tick and a size off the lot are rules of the market, not malformed.

import {
  type Amount,
  asUnit,
  type PriceTicks,
  parseDecimal,
  type SizeLots,
} from '#kernel/amount.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { accept, type Refused, type Result, refuse } from '#kernel/result.ts'
import type { Market } from './listing.ts'

const NO_TICKS = accept(asUnit<PriceTicks>(0))
const NO_LOTS = accept(asUnit<SizeLots>(0))
const NO_QUOTE = accept(asUnit<Amount>(0))

/** order.price_off_tick, order.price_out_of_band; 0 for a price that is not given. */
export function ticksOf(market: Market, text: string | undefined): Result<PriceTicks> {
  if (text === undefined) return NO_TICKS
  const parsed = parseDecimal(text, market.priceScale)
  if (!parsed.ok) {
    return refuseDecimal(parsed.why, 'order.price_off_tick', 'order.price_out_of_band')
  }
  const ticks = parsed.units / market.tickUnits
  return Number.isInteger(ticks) ? accept(asUnit(ticks)) : refuse('order.price_off_tick')
}

/** order.size_off_lot, order.too_large; 0 for a size that is not given. */
export function lotsOf(market: Market, text: string | undefined): Result<SizeLots> {
  if (text === undefined) return NO_LOTS
  const parsed = parseDecimal(text, market.base.scale)
  if (!parsed.ok) return refuseDecimal(parsed.why, 'order.size_off_lot', 'order.too_large')
  const lots = parsed.units / market.lotUnits
  return Number.isInteger(lots) ? accept(asUnit(lots)) : refuse('order.size_off_lot')
}

/** request.malformed, order.too_large; 0 for an amount that is not given. */
export function quoteOf(market: Market, text: string | undefined): Result<Amount> {
  if (text === undefined) return NO_QUOTE
  const parsed = parseDecimal(text, market.quote.scale)
  if (!parsed.ok) return refuseDecimal(parsed.why, 'request.malformed', 'order.too_large')
  return accept(asUnit(parsed.units))
}

function refuseDecimal(
  why: 'malformed' | 'too_precise' | 'too_large',
  tooPrecise: RefusalCode,
  tooLarge: RefusalCode,
): Refused {
  if (why === 'too_precise') return refuse(tooPrecise)
  return why === 'too_large' ? refuse(tooLarge) : refuse('request.malformed', { why: 'decimal' })
}

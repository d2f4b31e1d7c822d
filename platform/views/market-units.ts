// Market units: decimal texts of a body as integers of their market.
//
// Parsed strictly: what the market's scales cannot hold exactly is refused, nothing is rounded. A
// price finer than the tick and a size off the lot are rules of the market, not malformed.

import {
  type Amount,
  asUnit,
  type PriceTicks,
  type SizeLots,
  unitsOfDecimal,
  whyNoDecimal,
} from '#kernel/amount.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { type Refused, refuse } from '#kernel/result.ts'
import type { Market } from './listing.ts'

/** order.price_off_tick, order.price_out_of_band; 0 for a price that is not given. */
export function ticksOf(market: Market, text: string | undefined): PriceTicks | Refused {
  if (text === undefined) return asUnit(0)
  const units = unitsOfDecimal(text, market.priceScale)
  if (units < 0) return refuseDecimal(units, 'order.price_off_tick', 'order.price_out_of_band')
  const ticks = units / market.tickUnits
  return Number.isInteger(ticks) ? asUnit(ticks) : refuse('order.price_off_tick')
}

/** order.size_off_lot, order.too_large; 0 for a size that is not given. */
export function lotsOf(market: Market, text: string | undefined): SizeLots | Refused {
  if (text === undefined) return asUnit(0)
  const units = unitsOfDecimal(text, market.base.scale)
  if (units < 0) return refuseDecimal(units, 'order.size_off_lot', 'order.too_large')
  const lots = units / market.lotUnits
  return Number.isInteger(lots) ? asUnit(lots) : refuse('order.size_off_lot')
}

/** request.malformed, order.too_large; 0 for an amount that is not given. */
export function quoteOf(market: Market, text: string | undefined): Amount | Refused {
  if (text === undefined) return asUnit(0)
  const units = unitsOfDecimal(text, market.quote.scale)
  if (units < 0) return refuseDecimal(units, 'request.malformed', 'order.too_large')
  return asUnit(units)
}

/** Whether an amount was refused: of itself it is a number, for each order has several. */
export function isRefused(amount: number | Refused): amount is Refused {
  return typeof amount !== 'number'
}

function refuseDecimal(units: number, tooPrecise: RefusalCode, tooLarge: RefusalCode): Refused {
  const why = whyNoDecimal(units)
  if (why === 'too_precise') return refuse(tooPrecise)
  return why === 'too_large' ? refuse(tooLarge) : refuse('request.malformed', { why: 'decimal' })
}

// Values: how large an order may be, in lots, base and quote.

import { SIZE_LOTS_MAX } from '#engine/limits.ts'
import { SAFE_MAX } from '#kernel/amount.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { isBracket, needFor, notionalOf, valuePrice, worstPrice } from './terms.ts'
import type { Order } from './world.ts'

/** Too many lots, or base beyond what a number holds. */
export function refuseUnits({ size, market }: Order): RefusalCode | null {
  if (size > SIZE_LOTS_MAX) return 'order.too_large'
  return BigInt(size) * BigInt(market.listing.lotUnits) > SAFE_MAX ? 'order.too_large' : null
}

/** Notional at V or W, or the hold of a buy, beyond what a number holds. */
export function refuseTooLarge(order: Order, size: number): RefusalCode | null {
  const notionals = [valuePrice(order), worstPrice(order)].map((price) =>
    notionalOf(order, price, size),
  )
  if (order.request.side === 'buy') notionals.push(needFor(order, size))
  return notionals.some((amount) => amount > SAFE_MAX) ? 'order.too_large' : null
}

/** What an exit would sell for beyond what a number holds. */
export function refuseExit(order: Order, size: number): RefusalCode | null {
  const amount = notionalOf(order, order.request.extra.takeProfitPrice, size)
  return isBracket(order.request) && amount > SAFE_MAX ? 'order.too_large' : null
}

/** Below the smallest order of the market; what only reduces never is. */
export function refuseTooSmall(order: Order, size: number): RefusalCode | null {
  if (order.request.extra.reduceOnly) return null
  const value = notionalOf(order, valuePrice(order), size)
  return value < order.market.rules.minNotional ? 'order.notional_too_small' : null
}

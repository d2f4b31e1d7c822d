// Amend order: what of an open order is changed, as a command.
//
// In the command 0 leaves a field as it is, so a 0 that somebody wrote is refused here: he would
// be told that it was done.

import type { AmendOrder } from '#engine/command.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Market } from '#views/listing.ts'
import { isRefused, lotsOf, ticksOf } from '#views/market-units.ts'
import type { OrderRow } from '#views/order-row.ts'
import type { AmendBody } from './schemas.ts'

/** What the market's units refuse; order.price_out_of_band, order.amend_below_filled for 0. */
export function amendSubmission(
  body: AmendBody,
  market: Market,
  { account, id: orderId }: Pick<OrderRow, 'account' | 'id'>,
): Result<AmendOrder> {
  const price = ticksOf(market, body.price)
  if (isRefused(price)) return price
  const triggerPrice = ticksOf(market, body.triggerPrice)
  if (isRefused(triggerPrice)) return triggerPrice
  const size = lotsOf(market, body.size)
  if (isRefused(size)) return size
  if (isZero(body.price, price) || isZero(body.triggerPrice, triggerPrice)) {
    return refuse('order.price_out_of_band')
  }
  if (isZero(body.size, size)) return refuse('order.amend_below_filled')
  return accept({ kind: 'amend', account, orderId, price, size, triggerPrice })
}

function isZero(text: string | undefined, value: number): boolean {
  return text !== undefined && value === 0
}

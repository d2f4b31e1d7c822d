// Placed order: what one `place` command made, from its events alone.
//
// The answer to the command and to every repetition is made of it, byte for byte: nothing that
// happened later is in it.

import type { Event } from '#engine/event.ts'
import type { MarketId } from '#kernel/ids.ts'
import { type FillRow, fillNotional, fillRow } from './fill-row.ts'
import {
  acceptedOrder,
  cancelledOrder,
  filledOrder,
  type OrderRow,
  reducedOrder,
} from './order-row.ts'

/**
 * The order and its fills as one `place` command left them, from that command's events: what the
 * answer to the command and to every repetition is made of. Undefined when it was refused.
 */
export function placedOrder(
  events: readonly Event[],
  quotePerTickLot: (market: MarketId) => number,
): { readonly order: OrderRow; readonly fills: readonly FillRow[] } | undefined {
  const accepted = events.find((event) => event.kind === 'accepted')
  if (accepted === undefined) return undefined
  const fills: FillRow[] = []
  let order = acceptedOrder(accepted)
  for (const event of events) {
    if (event.kind === 'fill' && event.takerOrderId === order.id) {
      const notional = fillNotional(event, quotePerTickLot(event.market))
      const fill = fillRow(event, order, 'taker', notional)
      fills.push(fill)
      order = filledOrder(order, event, fill)
    }
    if (event.kind === 'cancelled' && event.orderId === order.id) {
      order = cancelledOrder(order, event)
    }
    if (event.kind === 'reduced' && event.orderId === order.id) order = reducedOrder(order, event)
  }
  return { order, fills }
}

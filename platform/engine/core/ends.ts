// Ends: how an open order is over before it is filled: cancelled where it stands, waits or expires.
//
// INV-03: exactly what the order still holds is released.

import { CANCELS_PER_TICK_MAX } from '../limits.ts'
import { leaveBook } from './book.ts'
import { clock } from './clock.ts'
import { ORDER_EXPIRED } from './codes.ts'
import { firstToExpire, nextExpiry } from './expiry.ts'
import { marketAt, sideOfBook } from './markets.ts'
import { closeKnownOrder } from './open-orders.ts'
import { emitCancelled } from './order-events.ts'
import { MARKET_MASK, orderAt, sideOf } from './orders.ts'

/** Cancels an order that can be found by its id, wherever it is. */
export function cancelSlot(slot: u32, code: i32): void {
  const order = orderAt(slot)
  const market = marketAt(order.flags & MARKET_MASK)
  emitCancelled(market, order, code)
  if (order.level !== 0) leaveBook(sideOfBook(market, sideOf(order)), order)
  closeKnownOrder(market, slot)
}

/** Cancels some orders whose time is over, the earliest first. */
export function expire(): void {
  for (let left = CANCELS_PER_TICK_MAX; left > 0; left -= 1) {
    if (nextExpiry() > clock.time) return
    cancelSlot(firstToExpire(), ORDER_EXPIRED)
  }
}

// Cancel: the owner takes an open order back, in the book or draining.
//
// INV-03: exactly what the order still holds is released.

import { accountAt, isCustomer } from './accounts.ts'
import * as codes from './codes.ts'
import { marketAt } from './markets.ts'
import { tables } from './memory.ts'
import { closeKnownOrder } from './open-orders.ts'
import { emitCancelled } from './order-events.ts'
import { findSlot, isDraining, MARKET_MASK, orderAt, sideOf } from './orders.ts'
import { cancelStanding } from './self-trade.ts'

/** Cancels an account's order; answers 0 or the refusal's number. */
export function cancel(account: i32, orderId: i64): i32 {
  const slot = findSlot(orderId)
  if (slot === 0 || i32(orderAt(slot).account) !== account) return codes.NOT_FOUND
  cancelSlot(slot, codes.ORDER_CANCELLED_BY_OWNER)
  return 0
}

/** Cancels all open orders of an account, oldest first, of one market and side unless -1. */
export function cancelAll(account: i32, market: i32, side: i32): i32 {
  if (!isCustomer(account)) return codes.ACCOUNT_UNKNOWN
  if (market >= i32(tables.marketsUsed)) return codes.MARKET_UNKNOWN
  let slot = accountAt(account).openHead
  while (slot !== 0) {
    const order = orderAt(slot)
    const next = order.accountNext
    const isOfMarket = market < 0 || i32(order.flags & MARKET_MASK) === market
    if (isOfMarket && (side < 0 || i32(sideOf(order)) === side)) {
      cancelSlot(slot, codes.ORDER_CANCELLED_BY_OWNER)
    }
    slot = next
  }
  return 0
}

/** Cancels an open order, wherever it is. */
export function cancelSlot(slot: u32, code: i32): void {
  const order = orderAt(slot)
  const market = marketAt(order.flags & MARKET_MASK)
  if (!isDraining(order)) {
    cancelStanding(market, slot, code)
    return
  }
  emitCancelled(market, order, code)
  closeKnownOrder(market, slot)
}

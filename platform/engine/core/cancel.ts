// Cancel: the owner takes open orders back, by their ids or many at once.
//
// Many go in the order in which they were opened. Nothing depends on the phase of a market.

import { accountAt, isCustomer } from './accounts.ts'
import * as codes from './codes.ts'
import { cancelSlot } from './ends.ts'
import { extraOf } from './extras.ts'
import { tables } from './memory.ts'
import { findSlot, HAS_EXTRA, MARKET_MASK, Order, orderAt, sideOf } from './orders.ts'

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

/** Cancels what an account placed over a connection. */
export function cancelSession(account: i32, session: u32): i32 {
  if (!isCustomer(account)) return codes.ACCOUNT_UNKNOWN
  if (session === 0) return codes.REQUEST_MALFORMED
  let slot = accountAt(account).openHead
  while (slot !== 0) {
    const order = orderAt(slot)
    const next = order.accountNext
    if (hasExtra(order) && extraOf(order).session === session) {
      cancelSlot(slot, codes.ORDER_DISCONNECTED)
    }
    slot = next
  }
  return 0
}

/** Cancels what an account placed with a key. */
export function cancelKey(account: u32, key: u32): void {
  let slot = accountAt(account).openHead
  while (slot !== 0) {
    const order = orderAt(slot)
    const next = order.accountNext
    if (hasExtra(order) && extraOf(order).key === key) cancelSlot(slot, codes.ORDER_DEAD_MAN)
    slot = next
  }
}

function hasExtra(order: Order): bool {
  return (order.flags & HAS_EXTRA) !== 0
}

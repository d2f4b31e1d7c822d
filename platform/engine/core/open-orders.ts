// Open orders of an account: counted and linked, oldest first.
//
// INV-03: an order is in the list of its account from its acceptance until it closes; closing
// releases what it still holds, frees its slot and forgets its id.

import { accountAt, countClosed, countOpened } from './accounts.ts'
import { cellOf, changeHeld } from './balances.ts'
import { dropExtra } from './leaving.ts'
import { heldAsset, Market } from './markets.ts'
import {
  freeSlot,
  HAS_EXTRA,
  isDraining,
  Order,
  orderAt,
  sideOf,
  unindexSlot,
  unpark,
} from './orders.ts'

/** The balance that an order holds of. */
export function heldCell(market: Market, order: Order): u32 {
  return cellOf(order.account, heldAsset(market, sideOf(order)))
}

/** Adds an order at the end of its account's list. */
export function openOrder(slot: u32): void {
  const order = orderAt(slot)
  const account = accountAt(order.account)
  const tail = account.openTail
  order.accountNext = 0
  order.accountPrev = tail
  if (tail === 0) account.openHead = slot
  else orderAt(tail).accountNext = slot
  account.openTail = slot
  countOpened(account)
}

/** Ends an order that stands in no book: hold, list and slot. */
export function closeOrder(market: Market, slot: u32): void {
  const order = orderAt(slot)
  if (order.held !== 0) {
    changeHeld(heldCell(market, order), -order.held)
    order.held = 0
  }
  if (isDraining(order)) unpark(slot)
  unlink(order)
  if ((order.flags & HAS_EXTRA) !== 0) dropExtra(slot)
  freeSlot(slot)
}

/** Ends an order that was findable by its id. */
export function closeKnownOrder(market: Market, slot: u32): void {
  unindexSlot(slot, orderAt(slot).id)
  closeOrder(market, slot)
}

function unlink(order: Order): void {
  const account = accountAt(order.account)
  const next = order.accountNext
  const prev = order.accountPrev
  if (prev === 0) account.openHead = next
  else orderAt(prev).accountNext = next
  if (next === 0) account.openTail = prev
  else orderAt(next).accountPrev = prev
  countClosed(account)
}

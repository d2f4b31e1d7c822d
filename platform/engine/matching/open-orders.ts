// Open orders of an account: counted and linked, oldest first.
//
// INV-03: an order is in the list of its account from its acceptance until it closes; closing
// releases what it still holds, frees its slot and forgets its id.

import * as columns from '../columns.ts'
import * as ledger from '../ledger/balances.ts'
import type { Engine, Market } from '../state.ts'
import * as rows from './orders.ts'

const { intAt, numAt } = columns
const { cellOf, touch } = ledger
const {
  ACCOUNT,
  ACCOUNT_NEXT,
  ACCOUNT_PREV,
  BUY,
  freeSlot,
  HELD,
  HOT_INTS,
  HOT_NUMS,
  isDraining,
  sideOf,
  unindexSlot,
  unpark,
} = rows

/** The balance that an order holds of. */
export function heldCell(engine: Engine, market: Market, slot: number): number {
  const account = intAt(engine.orders.hot.i32, slot * HOT_INTS + ACCOUNT)
  const { quote, base } = market.row
  return cellOf(account, sideOf(engine.orders, slot) === BUY ? quote : base)
}

/** Adds an order at the end of its account's list. */
export function openOrder({ accounts, orders }: Engine, slot: number): void {
  const { i32 } = orders.hot
  const row = slot * HOT_INTS
  const account = intAt(i32, row + ACCOUNT)
  const tail = intAt(accounts.openTail, account)
  i32[row + ACCOUNT_NEXT] = 0
  i32[row + ACCOUNT_PREV] = tail
  if (tail === 0) accounts.openHead[account] = slot
  else i32[tail * HOT_INTS + ACCOUNT_NEXT] = slot
  accounts.openTail[account] = slot
  accounts.openCount[account] = intAt(accounts.openCount, account) + 1
}

/** Ends an order that stands in no book: hold, list, id and slot. */
export function closeOrder(engine: Engine, market: Market, slot: number): void {
  const { balances, orders } = engine
  const held = slot * HOT_NUMS + HELD
  if (numAt(orders.hot.f64, held) !== 0) {
    const cell = heldCell(engine, market, slot)
    touch(balances, cell)
    balances.held[cell] = numAt(balances.held, cell) - numAt(orders.hot.f64, held)
    orders.hot.f64[held] = 0
  }
  if (isDraining(orders, slot)) unpark(orders, slot)
  unlink(engine, slot)
  freeSlot(orders, slot)
}

/** Ends an order that was findable by its id. */
export function closeKnownOrder(engine: Engine, market: Market, slot: number): void {
  unindexSlot(engine.orders, slot)
  closeOrder(engine, market, slot)
}

function unlink({ accounts, orders }: Engine, slot: number): void {
  const { i32 } = orders.hot
  const row = slot * HOT_INTS
  const account = intAt(i32, row + ACCOUNT)
  const next = intAt(i32, row + ACCOUNT_NEXT)
  const prev = intAt(i32, row + ACCOUNT_PREV)
  if (prev === 0) accounts.openHead[account] = next
  else i32[prev * HOT_INTS + ACCOUNT_NEXT] = next
  if (next === 0) accounts.openTail[account] = prev
  else i32[next * HOT_INTS + ACCOUNT_PREV] = prev
  accounts.openCount[account] = intAt(accounts.openCount, account) - 1
}

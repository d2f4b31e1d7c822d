// Cancel: the owner takes an open order back, in the book or draining.
//
// INV-03: exactly what the order still holds is released.

import { refusalNumber } from '#kernel/refusals.ts'
import * as choices from '../codec/choices.ts'
import * as records from '../codec/commands.ts'
import type { Words } from '../codec/words.ts'
import * as words from '../codec/words.ts'
import * as columns from '../columns.ts'
import type { CancelAll } from '../command.ts'
import * as emitting from '../emit.ts'
import * as accountRows from '../ledger/accounts.ts'
import type { Engine, Market } from '../state.ts'
import * as openOrders from './open-orders.ts'
import type { Orders } from './orders.ts'
import * as rows from './orders.ts'
import * as selfTrades from './self-trade.ts'

const { SIDES } = choices
const { WORD } = records
const { CELL_WORDS, wordAt } = words
const { intAt } = columns
const { emitCancelled } = emitting
const { isCustomer } = accountRows
const { closeKnownOrder } = openOrders
const { ACCOUNT, ACCOUNT_NEXT, findSlot, HOT_INTS, isDraining, marketOf, sideOf } = rows
const { cancelStanding } = selfTrades

const NOT_FOUND = refusalNumber('not_found')
const ACCOUNT_UNKNOWN = refusalNumber('account.unknown')
const MARKET_UNKNOWN = refusalNumber('market.unknown')
const BY_OWNER = refusalNumber('order.cancelled_by_owner')

/** Cancels the order that the record at a cell names. */
export function cancel(engine: Engine, from: Words, at: number): number {
  const word = at * CELL_WORDS + WORD.orderId
  const slot = findSlot(engine.orders, wordAt(from.i32, word), wordAt(from.i32, word + 1))
  const account = wordAt(from.i32, at * CELL_WORDS + WORD.account)
  if (slot === 0) return NOT_FOUND
  if (intAt(engine.orders.hot.i32, slot * HOT_INTS + ACCOUNT) !== account) return NOT_FOUND
  cancelSlot(engine, slot)
  return 0
}

/** Cancels all open orders of an account, ascending by id, of one market and side if so told. */
export function cancelAll(engine: Engine, command: CancelAll): number {
  const { accounts, orders } = engine
  if (!isCustomer(accounts, command.account)) return ACCOUNT_UNKNOWN
  if (command.market !== null && engine.markets[command.market] === undefined) {
    return MARKET_UNKNOWN
  }
  let slot = intAt(accounts.openHead, command.account)
  while (slot !== 0) {
    const next = intAt(orders.hot.i32, slot * HOT_INTS + ACCOUNT_NEXT)
    if (isMeant(orders, slot, command)) cancelSlot(engine, slot)
    slot = next
  }
  return 0
}

function isMeant(orders: Orders, slot: number, { market, side }: CancelAll): boolean {
  if (market !== null && marketOf(orders, slot) !== market) return false
  return side === null || SIDES[sideOf(orders, slot)] === side
}

function cancelSlot(engine: Engine, slot: number): void {
  const market = marketAt(engine, slot)
  if (!isDraining(engine.orders, slot)) {
    cancelStanding(engine, market, slot, BY_OWNER)
    return
  }
  emitCancelled(engine, market, slot, BY_OWNER)
  closeKnownOrder(engine, market, slot)
}

/** The market of an order. */
export function marketAt(engine: Engine, slot: number): Market {
  return engine.markets[marketOf(engine.orders, slot)] as Market // Orders name listed markets.
}

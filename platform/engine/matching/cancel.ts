// Cancel: the owner takes an open order back, in the book or draining.
//
// INV-03: exactly what the order still holds is released.

import { refusalNumber } from '#kernel/refusals.ts'
import { SIDES } from '../codec/choices.ts'
import { WORD } from '../codec/commands.ts'
import { CELL_WORDS, type Words, wordAt } from '../codec/words.ts'
import { intAt } from '../columns.ts'
import type { CancelAll } from '../command.ts'
import { emitCancelled } from '../emit.ts'
import { isCustomer } from '../ledger/accounts.ts'
import type { Engine, Market } from '../state.ts'
import { closeKnownOrder } from './open-orders.ts'
import {
  ACCOUNT,
  ACCOUNT_NEXT,
  findSlot,
  HOT_INTS,
  isDraining,
  marketOf,
  type Orders,
  sideOf,
} from './orders.ts'
import { cancelStanding } from './self-trade.ts'

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

// Self-trade: what happens when a taker meets an order of the same owner.
//
// The owner is the customer, so it spans the main account and all sub-accounts. Nobody ever trades
// with himself: one of the two orders, or both, give way, without a fill and without a fee.

import { refusalNumber } from '#kernel/refusals.ts'
import * as columns from '../columns.ts'
import * as emitting from '../emit.ts'
import type { Engine, Market } from '../state.ts'
import * as states from '../state.ts'
import * as books from './book.ts'
import * as fills from './fill.ts'
import * as openOrders from './open-orders.ts'
import * as rows from './orders.ts'
import * as plans from './plan.ts'

const { numAt } = columns
const { emitCancelled, emitReduced, FILL_LOTS } = emitting
const { TIME } = states
const { leaveBook, sideOfBook, takeLots } = books
const { endMaker, keepHold } = fills
const { closeKnownOrder } = openOrders
const { COLD_NUMS, HOT_NUMS, REDUCED_BY, REMAINING, sideOf, UPDATED_AT } = rows
const { CANCEL_BOTH, CANCEL_MAKER, CANCEL_TAKER, isByQuote, selfTradeOf } = plans

const SELF_TRADE_CODE = refusalNumber('order.self_trade')

/** Makes one order give way; answers whether the taker goes on. */
export function meetOwn(engine: Engine, market: Market, taker: number, maker: number): boolean {
  const how = selfTradeOf(engine, taker)
  if (how === CANCEL_TAKER) return false
  if (how === CANCEL_MAKER || how === CANCEL_BOTH) {
    cancelStanding(engine, market, maker, SELF_TRADE_CODE)
    return how === CANCEL_MAKER
  }
  if (isByQuote(engine, taker)) return false
  decrement(engine, market, taker, maker)
  return true
}

/** Cancels an order that stands in the book. */
export function cancelStanding(engine: Engine, market: Market, slot: number, code: number): void {
  emitCancelled(engine, market, slot, code)
  leaveBook(engine, sideOfBook(market.book, sideOf(engine.orders, slot)), slot)
  closeKnownOrder(engine, market, slot)
}

function decrement(engine: Engine, market: Market, taker: number, maker: number): void {
  const { f64 } = engine.orders.hot
  const rest = taker * HOT_NUMS + REMAINING
  const by = Math.min(numAt(f64, rest), numAt(f64, maker * HOT_NUMS + REMAINING))
  engine.plan[FILL_LOTS] = by
  takeLots(engine, maker, by)
  f64[rest] = numAt(f64, rest) - by
  noteReduced(engine, market, maker, by)
  noteReduced(engine, market, taker, by)
  if (numAt(f64, maker * HOT_NUMS + REMAINING) === 0) endMaker(engine, market, maker)
}

function noteReduced(engine: Engine, market: Market, slot: number, by: number): void {
  const { cold } = engine.orders
  const reduced = slot * COLD_NUMS + REDUCED_BY
  cold.f64[reduced] = numAt(cold.f64, reduced) + by
  cold.f64[slot * COLD_NUMS + UPDATED_AT] = numAt(engine.clock, TIME)
  keepHold(engine, market, slot, 0)
  emitReduced(engine, market, slot)
}

// Take in: an accepted order is matched, and what is left of it rests, drains, ends or is
// cancelled.
//
// The same for a new order and for one that a tick goes on with. INV-06: what was ordered is
// filled, reduced, cancelled or open afterwards, nothing else.

import { refusalNumber } from '#kernel/refusals.ts'
import * as columns from '../columns.ts'
import * as emitting from '../emit.ts'
import type { Engine, Market } from '../state.ts'
import * as states from '../state.ts'
import * as books from './book.ts'
import * as matching from './match.ts'
import * as openOrders from './open-orders.ts'
import * as rows from './orders.ts'
import * as plans from './plan.ts'

const { intAt, numAt } = columns
const { emitCancelled, emitRested } = emitting
const { BOOK_NUMBER, TIME } = states
const { restInBook, sideOfBook } = books
const { matchByQuote, matchBySize } = matching
const { closeKnownOrder, closeOrder } = openOrders
const {
  COLD_NUMS,
  FLAGS,
  HOT_INTS,
  indexSlot,
  isDraining,
  PRIORITY,
  park,
  sideOf,
  TAKER_NOTIONAL,
  TIME_IN_FORCE_BIT,
  UPDATED_AT,
  unpark,
} = rows
const { FILLED, FILLS_LIMIT, isByQuote, RAN_OUT, SELF_TRADE } = plans

const SELF_TRADE_CODE = refusalNumber('order.self_trade')
const FILLS_LIMIT_CODE = refusalNumber('order.fills_limit')
const REMAINDER_CODE = refusalNumber('order.immediate_remainder')
const NO_LIQUIDITY_CODE = refusalNumber('order.no_liquidity')

/** Matches an order as far as one command may, and settles what becomes of its rest. */
export function takeIn(engine: Engine, market: Market, slot: number): void {
  if (isByQuote(engine, slot)) takeInByQuote(engine, market, slot)
  else takeInBySize(engine, market, slot)
}

function takeInBySize(engine: Engine, market: Market, slot: number): void {
  const end = matchBySize(engine, market, slot)
  if (end === FILLED) close(engine, market, slot)
  else if (end === SELF_TRADE) cancelRest(engine, market, slot, SELF_TRADE_CODE)
  else if (!mayStay(engine, slot)) cancelRest(engine, market, slot, codeFor(engine, slot, end))
  else if (end === RAN_OUT) rest(engine, market, slot)
  else if (!isDraining(engine.orders, slot)) {
    indexSlot(engine.orders, slot)
    park(engine.orders, slot)
  }
}

function takeInByQuote(engine: Engine, market: Market, slot: number): void {
  const end = matchByQuote(engine, market, slot)
  if (end === SELF_TRADE) cancelRest(engine, market, slot, SELF_TRADE_CODE)
  else if (end === FILLED && hasTraded(engine, slot)) closeOrder(engine, market, slot)
  else cancelRest(engine, market, slot, codeFor(engine, slot, end))
}

function codeFor(engine: Engine, slot: number, end: number): number {
  if (end === FILLS_LIMIT) return FILLS_LIMIT_CODE
  return hasTraded(engine, slot) ? REMAINDER_CODE : NO_LIQUIDITY_CODE
}

// Only takers are asked, and a taker has traded as such or not at all.
function hasTraded({ orders }: Engine, slot: number): boolean {
  return numAt(orders.cold.f64, slot * COLD_NUMS + TAKER_NOTIONAL) !== 0
}

function mayStay({ orders }: Engine, slot: number): boolean {
  return ((intAt(orders.hot.i32, slot * HOT_INTS + FLAGS) >>> TIME_IN_FORCE_BIT) & 3) === 0
}

function rest(engine: Engine, market: Market, slot: number): void {
  const { orders, clock } = engine
  if (isDraining(orders, slot)) unpark(orders, slot)
  else indexSlot(orders, slot)
  restInBook(engine, sideOfBook(market.book, sideOf(orders, slot)), slot)
  emitRested(engine, market, slot)
  orders.cold.f64[slot * COLD_NUMS + PRIORITY] = numAt(market.counters, BOOK_NUMBER)
  orders.cold.f64[slot * COLD_NUMS + UPDATED_AT] = numAt(clock, TIME)
}

function cancelRest(engine: Engine, market: Market, slot: number, code: number): void {
  emitCancelled(engine, market, slot, code)
  close(engine, market, slot)
}

function close(engine: Engine, market: Market, slot: number): void {
  if (isDraining(engine.orders, slot)) closeKnownOrder(engine, market, slot)
  else closeOrder(engine, market, slot)
}

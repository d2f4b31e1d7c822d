// Plan: what matching an order would do, walked without changing anything.
//
// It answers whether a fill-or-kill order fills, what a market buy costs and how much a sale by
// quote amount sells. Its steps are those of match.ts: the same order of questions at each maker,
// the same bound FILLS_PER_COMMAND_MAX.

import * as amounts from '#kernel/amount.ts'
import * as columns from '../columns.ts'
import * as accountRows from '../ledger/accounts.ts'
import * as fees from '../ledger/fees.ts'
import * as limits from '../limits.ts'
import type { Engine, Market } from '../state.ts'
import * as books from './book.ts'
import * as rows from './orders.ts'

const { feeRoundedUp } = amounts
const { intAt, numAt } = columns
const { haveSameOwner } = accountRows
const { notionalWithin } = fees
const { FILLS_PER_COMMAND_MAX, PRICE_TICKS_MAX } = limits
const { firstOrder, orderAfter, sideOfBook } = books
const {
  ACCOUNT,
  BUY,
  COLD_INTS,
  COLD_NUMS,
  FLAGS,
  HOT_INTS,
  HOT_NUMS,
  PRICE,
  QUOTE_AMOUNT,
  REMAINING,
  SELF_TRADE_BIT,
  sideOf,
  TAKER_RATE,
  TIME_IN_FORCE_BIT,
  TYPE_BIT,
} = rows

/** How a walk along the other side of the book ended. */
export const FILLED = 0
/** No maker is left, or none within the limit price. */
export const RAN_OUT = 1
export const FILLS_LIMIT = 2
export const SELF_TRADE = 3

/** Self-trade prevention, as commands write it. */
export const CANCEL_TAKER = 0
export const CANCEL_MAKER = 1
export const CANCEL_BOTH = 2
export const DECREMENT = 3

const FOK = 2

/** Cells of engine.plan. */
export const PLAN_NOTIONAL = 0
export const PLAN_LOTS = 1

/** The worst price a taker accepts; market orders accept every one. */
export function limitOf({ orders }: Engine, taker: number): number {
  const row = taker * HOT_INTS
  if (((intAt(orders.hot.i32, row + FLAGS) >>> TYPE_BIT) & 1) === 0) {
    return intAt(orders.hot.i32, row + PRICE)
  }
  return sideOf(orders, taker) === BUY ? PRICE_TICKS_MAX : 1
}

export function crosses(takerSide: number, limit: number, makerPrice: number): boolean {
  return takerSide === BUY ? makerPrice <= limit : makerPrice >= limit
}

export function isOwn({ accounts, orders }: Engine, a: number, b: number): boolean {
  const { i32 } = orders.hot
  return haveSameOwner(
    accounts,
    intAt(i32, a * HOT_INTS + ACCOUNT),
    intAt(i32, b * HOT_INTS + ACCOUNT),
  )
}

export function selfTradeOf({ orders }: Engine, taker: number): number {
  return (intAt(orders.hot.i32, taker * HOT_INTS + FLAGS) >>> SELF_TRADE_BIT) & 3
}

// To be filled whole, an order cannot give lots away: decrementing stops it.
function isFillOrKill({ orders }: Engine, taker: number): boolean {
  return ((intAt(orders.hot.i32, taker * HOT_INTS + FLAGS) >>> TIME_IN_FORCE_BIT) & 3) === FOK
}

export function isByQuote({ orders }: Engine, taker: number): boolean {
  return numAt(orders.cold.f64, taker * COLD_NUMS + QUOTE_AMOUNT) !== 0
}

/** The greatest notional that an order by quote amount may trade. */
export function budgetOf({ orders }: Engine, taker: number): number {
  const amount = numAt(orders.cold.f64, taker * COLD_NUMS + QUOTE_AMOUNT)
  if (sideOf(orders, taker) !== BUY) return amount
  return notionalWithin(amount, intAt(orders.cold.i32, taker * COLD_INTS + TAKER_RATE))
}

/** Walks for a taker by size; notional and lots of the fills stand in engine.plan. */
export function planBySize(engine: Engine, market: Market, taker: number): number {
  const { plan, orders } = engine
  const side = sideOf(orders, taker)
  const makers = sideOfBook(market.book, 1 - side)
  const limit = limitOf(engine, taker)
  let remaining = numAt(orders.hot.f64, taker * HOT_NUMS + REMAINING)
  plan.fill(0)
  let maker = firstOrder(engine, makers)
  for (let steps = 0; ; steps += 1) {
    if (remaining === 0) return FILLED
    if (maker === 0) return RAN_OUT
    const price = intAt(orders.hot.i32, maker * HOT_INTS + PRICE)
    if (!crosses(side, limit, price)) return RAN_OUT
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    const lots = Math.min(remaining, numAt(orders.hot.f64, maker * HOT_NUMS + REMAINING))
    if (!isOwn(engine, taker, maker)) {
      addToPlan(plan, lots, price * lots * market.row.quotePerTickLot)
      remaining -= lots
    } else {
      const how = selfTradeOf(engine, taker)
      if (how === CANCEL_TAKER || how === CANCEL_BOTH) return SELF_TRADE
      if (how === DECREMENT && isFillOrKill(engine, taker)) return SELF_TRADE
      if (how === DECREMENT) remaining -= lots
    }
    maker = orderAfter(engine, makers, maker)
  }
}

/** Walks for a taker by quote amount. */
export function planByQuote(engine: Engine, market: Market, taker: number): number {
  const { plan, orders } = engine
  const side = sideOf(orders, taker)
  const makers = sideOfBook(market.book, 1 - side)
  const budget = budgetOf(engine, taker)
  plan.fill(0)
  let maker = firstOrder(engine, makers)
  for (let steps = 0; ; steps += 1) {
    if (isSpent(engine, taker, numAt(plan, PLAN_NOTIONAL))) return FILLED
    if (maker === 0) return RAN_OUT
    const unit = intAt(orders.hot.i32, maker * HOT_INTS + PRICE) * market.row.quotePerTickLot
    const affordable = Math.floor((budget - numAt(plan, PLAN_NOTIONAL)) / unit)
    const standing = numAt(orders.hot.f64, maker * HOT_NUMS + REMAINING)
    if (affordable === 0) return FILLED
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    if (!isOwn(engine, taker, maker)) {
      const lots = Math.min(affordable, standing)
      addToPlan(plan, lots, lots * unit)
      if (affordable < standing) return FILLED
    } else if (selfTradeOf(engine, taker) !== CANCEL_MAKER) return SELF_TRADE
    maker = orderAfter(engine, makers, maker)
  }
}

/** Whether an order by quote amount has used its amount up to the last unit. */
export function isSpent({ orders }: Engine, taker: number, notional: number): boolean {
  const amount = numAt(orders.cold.f64, taker * COLD_NUMS + QUOTE_AMOUNT)
  if (sideOf(orders, taker) !== BUY) return notional === amount
  return (
    notional + feeRoundedUp(notional, intAt(orders.cold.i32, taker * COLD_INTS + TAKER_RATE)) ===
    amount
  )
}

function addToPlan(plan: Float64Array, lots: number, notional: number): void {
  plan[PLAN_LOTS] = numAt(plan, PLAN_LOTS) + lots
  plan[PLAN_NOTIONAL] = numAt(plan, PLAN_NOTIONAL) + notional
}

// Match: a taker meets the other side of the book in price-time priority.
//
// One command takes at most FILLS_PER_COMMAND_MAX steps (fills or self-trade steps). INV-04: makers
// are met best price first, oldest first. INV-05: never beyond the taker's limit.

import * as columns from '../columns.ts'
import * as limits from '../limits.ts'
import type { Engine, Market } from '../state.ts'
import * as books from './book.ts'
import * as fills from './fill.ts'
import * as rows from './orders.ts'
import * as plans from './plan.ts'
import * as selfTrades from './self-trade.ts'

const { intAt, numAt } = columns
const { FILLS_PER_COMMAND_MAX } = limits
const { firstOrder, sideOfBook } = books
const { fill } = fills
const { COLD_NUMS, HOT_INTS, HOT_NUMS, PRICE, REMAINING, sideOf, TAKER_NOTIONAL } = rows
const { budgetOf, crosses, FILLED, FILLS_LIMIT, isOwn, isSpent, limitOf, RAN_OUT, SELF_TRADE } =
  plans
const { meetOwn } = selfTrades

/** Matches a taker by size; answers how it ended. */
export function matchBySize(engine: Engine, market: Market, taker: number): number {
  const { hot } = engine.orders
  const side = sideOf(engine.orders, taker)
  const makers = sideOfBook(market.book, 1 - side)
  const limit = limitOf(engine, taker)
  for (let steps = 0; ; steps += 1) {
    const remaining = numAt(hot.f64, taker * HOT_NUMS + REMAINING)
    if (remaining === 0) return FILLED
    const maker = firstOrder(engine, makers)
    if (maker === 0) return RAN_OUT
    if (!crosses(side, limit, intAt(hot.i32, maker * HOT_INTS + PRICE))) return RAN_OUT
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    if (!isOwn(engine, taker, maker)) {
      const standing = numAt(hot.f64, maker * HOT_NUMS + REMAINING)
      fill(engine, market, taker, maker, Math.min(remaining, standing))
    } else if (!meetOwn(engine, market, taker, maker)) return SELF_TRADE
  }
}

/** Matches a taker by quote amount; its REMAINING stays 0. */
export function matchByQuote(engine: Engine, market: Market, taker: number): number {
  const { hot, cold } = engine.orders
  const makers = sideOfBook(market.book, 1 - sideOf(engine.orders, taker))
  const budget = budgetOf(engine, taker)
  for (let steps = 0; ; steps += 1) {
    const spent = numAt(cold.f64, taker * COLD_NUMS + TAKER_NOTIONAL)
    if (isSpent(engine, taker, spent)) return FILLED
    const maker = firstOrder(engine, makers)
    if (maker === 0) return RAN_OUT
    const unit = intAt(hot.i32, maker * HOT_INTS + PRICE) * market.row.quotePerTickLot
    const affordable = Math.floor((budget - spent) / unit)
    const standing = numAt(hot.f64, maker * HOT_NUMS + REMAINING)
    if (affordable === 0) return FILLED
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    if (!isOwn(engine, taker, maker)) {
      fill(engine, market, taker, maker, Math.min(affordable, standing))
      if (affordable < standing) return FILLED
    } else if (!meetOwn(engine, market, taker, maker)) return SELF_TRADE
  }
}

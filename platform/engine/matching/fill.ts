// Fill: one trade between a taker and the order it meets, with its postings, fees and holds.
//
// INV-05: base one way, quote the other, at the maker's price, and both sides' fees to the fees
// account; so INV-01 holds by construction. Fees are cumulated apart for maker and taker notional.

import * as columns from '../columns.ts'
import * as emitting from '../emit.ts'
import * as accountRows from '../ledger/accounts.ts'
import * as ledger from '../ledger/balances.ts'
import * as fees from '../ledger/fees.ts'
import type { Engine, Market } from '../state.ts'
import * as states from '../state.ts'
import * as books from './book.ts'
import * as openOrders from './open-orders.ts'
import * as rows from './orders.ts'

const { intAt, numAt } = columns
const { emitFill, FILL_LOTS, FILL_MAKER_FEE, FILL_TAKER_FEE, takeBookNumber } = emitting
const { FEES } = accountRows
const { cellOf, touch } = ledger
const { feeBetween, holdForNotional } = fees
const { LAST_PRICE, LAST_TRADE_ID, TIME } = states
const { leaveBook, sideOfBook, takeLots } = books
const { closeKnownOrder, heldCell } = openOrders
const {
  ACCOUNT,
  BUY,
  COLD_INTS,
  COLD_NUMS,
  FLAGS,
  HELD,
  HOT_INTS,
  HOT_NUMS,
  MAKER_NOTIONAL,
  MAKER_RATE,
  PRICE,
  REMAINING,
  sideOf,
  TAKER_NOTIONAL,
  TAKER_RATE,
  TYPE_BIT,
  UPDATED_AT,
} = rows

/** Fills a maker with so many lots for a taker; a maker without rest leaves the book and closes. */
export function fill(
  engine: Engine,
  market: Market,
  taker: number,
  maker: number,
  lots: number,
): void {
  const { plan, orders } = engine
  const { hot } = orders
  const price = intAt(hot.i32, maker * HOT_INTS + PRICE)
  const notional = price * lots * market.row.quotePerTickLot
  const makerFee = chargeMaker(engine, maker, notional)
  const takerFee = chargeTaker(engine, taker, notional)
  plan[FILL_LOTS] = lots
  plan[FILL_MAKER_FEE] = makerFee
  plan[FILL_TAKER_FEE] = takerFee
  takeLots(engine, maker, lots)
  const rest = taker * HOT_NUMS + REMAINING
  if (numAt(hot.f64, rest) !== 0) hot.f64[rest] = numAt(hot.f64, rest) - lots
  settle(engine, market, maker, notional, makerFee)
  settle(engine, market, taker, notional, takerFee)
  payFees(engine, market)
  keepHold(engine, market, maker, notional + makerFee)
  keepHold(engine, market, taker, notional + takerFee)
  market.counters[LAST_TRADE_ID] = numAt(market.counters, LAST_TRADE_ID) + 1
  market.counters[LAST_PRICE] = price
  takeBookNumber(market)
  emitFill(engine, market, taker, maker)
  if (numAt(hot.f64, maker * HOT_NUMS + REMAINING) === 0) endMaker(engine, market, maker)
}

/** Takes a maker without rest out of the book and closes it. */
export function endMaker(engine: Engine, market: Market, maker: number): void {
  leaveBook(engine, sideOfBook(market.book, sideOf(engine.orders, maker)), maker)
  closeKnownOrder(engine, market, maker)
}

function chargeMaker({ orders, clock }: Engine, maker: number, notional: number): number {
  const { hot, cold } = orders
  const before = numAt(hot.f64, maker * HOT_NUMS + MAKER_NOTIONAL)
  hot.f64[maker * HOT_NUMS + MAKER_NOTIONAL] = before + notional
  cold.f64[maker * COLD_NUMS + UPDATED_AT] = numAt(clock, TIME)
  return feeBetween(before, before + notional, intAt(cold.i32, maker * COLD_INTS + MAKER_RATE))
}

function chargeTaker({ orders, clock }: Engine, taker: number, notional: number): number {
  const { cold } = orders
  const before = numAt(cold.f64, taker * COLD_NUMS + TAKER_NOTIONAL)
  cold.f64[taker * COLD_NUMS + TAKER_NOTIONAL] = before + notional
  cold.f64[taker * COLD_NUMS + UPDATED_AT] = numAt(clock, TIME)
  return feeBetween(before, before + notional, intAt(cold.i32, taker * COLD_INTS + TAKER_RATE))
}

// One side's legs: base, and quote with the fee.
function settle(engine: Engine, market: Market, slot: number, notional: number, fee: number): void {
  const { balances, orders, plan } = engine
  const { base, quote, lotUnits } = market.row
  const account = intAt(orders.hot.i32, slot * HOT_INTS + ACCOUNT)
  const sign = sideOf(orders, slot) === BUY ? 1 : -1
  const baseCell = cellOf(account, base)
  const quoteCell = cellOf(account, quote)
  touch(balances, baseCell)
  touch(balances, quoteCell)
  const { cash } = balances
  cash[baseCell] = numAt(cash, baseCell) + sign * numAt(plan, FILL_LOTS) * lotUnits
  cash[quoteCell] = numAt(cash, quoteCell) - sign * notional - fee
}

function payFees({ balances, plan }: Engine, market: Market): void {
  const cell = cellOf(FEES, market.row.quote)
  const fees = numAt(plan, FILL_MAKER_FEE) + numAt(plan, FILL_TAKER_FEE)
  touch(balances, cell)
  balances.cash[cell] = numAt(balances.cash, cell) + fees
}

/**
 * Lowers what a limit order holds to what its rest needs, after `spent` was paid out of it. Market
 * orders are over when their command is: what they hold in between does not matter.
 */
export function keepHold(engine: Engine, market: Market, slot: number, spent: number): void {
  const { balances, orders } = engine
  const { hot } = orders
  if (((intAt(hot.i32, slot * HOT_INTS + FLAGS) >>> TYPE_BIT) & 1) !== 0) return
  const held = numAt(hot.f64, slot * HOT_NUMS + HELD)
  const kept = neededFor(engine, market, slot, held - spent)
  const cell = heldCell(engine, market, slot)
  touch(balances, cell)
  balances.held[cell] = numAt(balances.held, cell) - (held - kept)
  hot.f64[slot * HOT_NUMS + HELD] = kept
}

function neededFor({ orders }: Engine, market: Market, slot: number, left: number): number {
  const { hot, cold } = orders
  const remaining = numAt(hot.f64, slot * HOT_NUMS + REMAINING)
  if (remaining === 0) return 0
  if (sideOf(orders, slot) !== BUY) return remaining * market.row.lotUnits
  const price = intAt(hot.i32, slot * HOT_INTS + PRICE)
  const makerRate = intAt(cold.i32, slot * COLD_INTS + MAKER_RATE)
  const takerRate = intAt(cold.i32, slot * COLD_INTS + TAKER_RATE)
  const notional = price * remaining * market.row.quotePerTickLot
  return Math.min(holdForNotional(notional, makerRate, takerRate), left)
}

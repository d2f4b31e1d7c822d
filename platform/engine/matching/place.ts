// Place: the checks of a new order in their fixed order, then the wall, then what it does.
//
// The order is drafted into a free slot first, which changes nothing that counts; a refusal gives
// the slot back (INV-10). After the wall nothing may fail.

import * as amounts from '#kernel/amount.ts'
import { refusalNumber } from '#kernel/refusals.ts'
import * as records from '../codec/commands.ts'
import type { Words } from '../codec/words.ts'
import * as words from '../codec/words.ts'
import * as columns from '../columns.ts'
import * as emitting from '../emit.ts'
import * as accountRows from '../ledger/accounts.ts'
import * as ledger from '../ledger/balances.ts'
import * as fees from '../ledger/fees.ts'
import * as limits from '../limits.ts'
import type { Engine, Market } from '../state.ts'
import * as states from '../state.ts'
import * as books from './book.ts'
import * as ladders from './ladder.ts'
import * as openOrders from './open-orders.ts'
import * as rows from './orders.ts'
import * as plans from './plan.ts'
import * as takingIn from './take-in.ts'

const { feeRoundedUp, SAFE_MAX } = amounts
const { POST_ONLY, WORD } = records
const { byteAt, CELL_BYTES, CELL_WORDS, get64, wordAt } = words
const { intAt, numAt } = columns
const { emitAccepted } = emitting
const { isCustomer } = accountRows
const { available, touch } = ledger
const { holdForNotional } = fees
const { OPEN_ORDERS_PER_ACCOUNT_MAX, ORDERS_MAX, PRICE_TICKS_MAX, SIZE_LOTS_MAX } = limits
const { SEQ, TIME } = states
const { sideOfBook } = books
const { priceOf } = ladders
const { heldCell, openOrder } = openOrders
const {
  ACCOUNT,
  BUY,
  CALLER_ID,
  CALLER_ID_WORDS,
  COLD_INTS,
  COLD_NUMS,
  CREATED_AT,
  FLAGS,
  freeSlot,
  HELD,
  HOT_INTS,
  HOT_NUMS,
  ID,
  LEVEL,
  MAKER_NOTIONAL,
  MAKER_RATE,
  POST_ONLY_BIT,
  PRICE,
  PRIORITY,
  QUOTE_AMOUNT,
  REDUCED_BY,
  REMAINING,
  SELF_TRADE_BIT,
  SIDE_BIT,
  SIZE,
  sideOf,
  TAKER_NOTIONAL,
  TAKER_RATE,
  TIME_IN_FORCE_BIT,
  TYPE_BIT,
  takeSlot,
  UPDATED_AT,
} = rows
const { crosses, FILLED, FILLS_LIMIT, PLAN_LOTS, PLAN_NOTIONAL, planByQuote, planBySize } = plans
const { takeIn } = takingIn

const ACCOUNT_UNKNOWN = refusalNumber('account.unknown')
const MARKET_UNKNOWN = refusalNumber('market.unknown')
const MALFORMED = refusalNumber('request.malformed')
const PRICE_OUT_OF_BAND = refusalNumber('order.price_out_of_band')
const TOO_LARGE = refusalNumber('order.too_large')
const TOO_SMALL = refusalNumber('order.notional_too_small')
const TOO_MANY_OPEN = refusalNumber('order.too_many_open')
const EXHAUSTED = refusalNumber('capacity.exhausted')
const WOULD_TAKE = refusalNumber('order.post_only_would_take')
const UNFILLABLE = refusalNumber('order.fok_unfillable')
const TOO_MANY_FILLS = refusalNumber('order.fills_limit')
const INSUFFICIENT = refusalNumber('funds.insufficient')

export const LIMIT_TYPE = 0
export const GTC = 0
const FOK = 2

/** Places the order of the record at a cell; answers 0 or the refusal's number. */
export function place(engine: Engine, from: Words, at: number): number {
  const word = at * CELL_WORDS
  if (!isCustomer(engine.accounts, wordAt(from.i32, word + WORD.account))) return ACCOUNT_UNKNOWN
  const market = engine.markets[wordAt(from.i32, word + WORD.market)]
  if (market === undefined) return MARKET_UNKNOWN
  const refusal = shapeRefusal(market, from, at)
  if (refusal !== 0) return refusal
  const slot = draft(engine, market, from, at)
  const second = bookRefusal(engine, market, slot)
  if (second !== 0) {
    freeSlot(engine.orders, slot)
    return second
  }
  // From here nothing may fail.
  hold(engine, market, slot)
  openOrder(engine, slot)
  emitAccepted(engine, market, slot)
  takeIn(engine, market, slot)
  return 0
}

function shapeRefusal(market: Market, from: Words, at: number): number {
  const { i32, bytes } = from
  const word = at * CELL_WORDS
  const byte = at * CELL_BYTES
  const isLimit = byteAt(bytes, byte + 4) === LIMIT_TYPE
  const isGtc = byteAt(bytes, byte + 5) === GTC
  const price = get64(i32, word + WORD.price)
  const size = get64(i32, word + WORD.size)
  const quoteAmount = get64(i32, word + WORD.quoteAmount)
  if ((byteAt(bytes, byte + 6) & POST_ONLY) !== 0 && !(isLimit && isGtc)) return MALFORMED
  if (isLimit) {
    if (quoteAmount !== 0 || size === 0) return MALFORMED
    if (price < 1 || price > PRICE_TICKS_MAX) return PRICE_OUT_OF_BAND
  } else {
    if (price !== 0 || isGtc) return MALFORMED
    if ((size === 0) === (quoteAmount === 0)) return MALFORMED
  }
  if (size > SIZE_LOTS_MAX || size * market.row.lotUnits > SAFE_MAX) return TOO_LARGE
  if (!isLimit) return quoteAmount !== 0 && quoteAmount < market.row.minNotional ? TOO_SMALL : 0
  return notionalRefusal(market, byteAt(bytes, byte + 1), price * size)
}

function notionalRefusal({ row }: Market, side: number, ticksTimesLots: number): number {
  const notional = ticksTimesLots * row.quotePerTickLot
  if (notional > SAFE_MAX) return TOO_LARGE
  if (side === BUY && holdForNotional(notional, row.makerRate, row.takerRate) > SAFE_MAX) {
    return TOO_LARGE
  }
  return notional < row.minNotional ? TOO_SMALL : 0
}

/** Writes the order into a slot; nothing points to it yet. */
function draft(engine: Engine, market: Market, { bytes, i32 }: Words, at: number): number {
  const { orders, clock } = engine
  const slot = takeSlot(orders)
  const { hot, cold } = orders
  const word = at * CELL_WORDS
  const size = get64(i32, word + WORD.size)
  const nums = slot * HOT_NUMS
  hot.f64[nums + ID] = numAt(clock, SEQ)
  hot.f64[nums + REMAINING] = size
  hot.f64[nums + HELD] = 0
  hot.f64[nums + MAKER_NOTIONAL] = 0
  const ints = slot * HOT_INTS
  hot.i32[ints + LEVEL] = 0
  hot.i32[ints + ACCOUNT] = wordAt(i32, word + WORD.account)
  hot.i32[ints + PRICE] = wordAt(i32, word + WORD.price)
  hot.i32[ints + FLAGS] = flagsOf(bytes, at * CELL_BYTES, market.row.market)
  const more = slot * COLD_NUMS
  cold.f64[more + TAKER_NOTIONAL] = 0
  cold.f64[more + SIZE] = size
  cold.f64[more + REDUCED_BY] = 0
  cold.f64[more + QUOTE_AMOUNT] = get64(i32, word + WORD.quoteAmount)
  cold.f64[more + CREATED_AT] = numAt(clock, TIME)
  cold.f64[more + UPDATED_AT] = numAt(clock, TIME)
  cold.f64[more + PRIORITY] = 0
  const moreInts = slot * COLD_INTS
  cold.i32[moreInts + MAKER_RATE] = market.row.makerRate
  cold.i32[moreInts + TAKER_RATE] = market.row.takerRate
  for (let i = 0; i < CALLER_ID_WORDS; i += 1) {
    cold.i32[moreInts + CALLER_ID + i] = wordAt(i32, word + WORD.callerId + i)
  }
  return slot
}

function flagsOf(bytes: Uint8Array, byte: number, market: number): number {
  const side = byteAt(bytes, byte + 1) << SIDE_BIT
  const type = byteAt(bytes, byte + 4) << TYPE_BIT
  const timeInForce = byteAt(bytes, byte + 5) << TIME_IN_FORCE_BIT
  const postOnly = (byteAt(bytes, byte + 6) & POST_ONLY) << POST_ONLY_BIT
  const selfTrade = byteAt(bytes, byte + 7) << SELF_TRADE_BIT
  return market | side | type | timeInForce | postOnly | selfTrade
}

/** The checks that need the book or the balances; sets HELD to what the order will hold. */
function bookRefusal(engine: Engine, market: Market, slot: number): number {
  const { orders, accounts, balances } = engine
  const row = slot * HOT_INTS
  const timeInForce = (intAt(orders.hot.i32, row + FLAGS) >>> TIME_IN_FORCE_BIT) & 3
  if (timeInForce === GTC) {
    const open = intAt(accounts.openCount, intAt(orders.hot.i32, row + ACCOUNT))
    if (open >= OPEN_ORDERS_PER_ACCOUNT_MAX) return TOO_MANY_OPEN
    if (orders.index.count >= ORDERS_MAX) return EXHAUSTED
  }
  if (isPostOnly(engine, slot) && wouldTake(engine, market, slot)) return WOULD_TAKE
  if (timeInForce === FOK) {
    const refusal = fillOrKillRefusal(engine, market, slot)
    if (refusal !== 0) return refusal
  }
  const needed = neededFor(engine, market, slot)
  if (needed > available(balances, heldCell(engine, market, slot))) return INSUFFICIENT
  orders.hot.f64[slot * HOT_NUMS + HELD] = needed
  return 0
}

function isPostOnly({ orders }: Engine, slot: number): boolean {
  return ((intAt(orders.hot.i32, slot * HOT_INTS + FLAGS) >>> POST_ONLY_BIT) & 1) !== 0
}

function wouldTake({ ladder, orders }: Engine, market: Market, slot: number): boolean {
  const side = sideOf(orders, slot)
  const { best } = sideOfBook(market.book, 1 - side)
  if (best === 0) return false
  return crosses(side, intAt(orders.hot.i32, slot * HOT_INTS + PRICE), priceOf(ladder, best))
}

// Own orders on the way never count as liquidity: only cancel-maker goes past them.
function fillOrKillRefusal(engine: Engine, market: Market, slot: number): number {
  const { hot, cold } = engine.orders
  const size = numAt(hot.f64, slot * HOT_NUMS + REMAINING)
  const byQuote = numAt(cold.f64, slot * COLD_NUMS + QUOTE_AMOUNT) !== 0
  const end = byQuote ? planByQuote(engine, market, slot) : planBySize(engine, market, slot)
  if (end === FILLS_LIMIT) return TOO_MANY_FILLS
  const lots = numAt(engine.plan, PLAN_LOTS)
  return end === FILLED && lots > 0 && (byQuote || lots === size) ? 0 : UNFILLABLE
}

/** What the order must hold: quote of a buy, base of a sale. */
function neededFor(engine: Engine, market: Market, slot: number): number {
  const { hot, cold } = engine.orders
  const { row } = market
  const size = numAt(hot.f64, slot * HOT_NUMS + REMAINING)
  const quoteAmount = numAt(cold.f64, slot * COLD_NUMS + QUOTE_AMOUNT)
  const isLimit = ((intAt(hot.i32, slot * HOT_INTS + FLAGS) >>> TYPE_BIT) & 1) === LIMIT_TYPE
  if (sideOf(engine.orders, slot) === BUY) {
    if (quoteAmount !== 0) return quoteAmount
    if (!isLimit) return costOf(engine, market, slot)
    const notional = intAt(hot.i32, slot * HOT_INTS + PRICE) * size * row.quotePerTickLot
    return holdForNotional(notional, row.makerRate, row.takerRate)
  }
  if (quoteAmount === 0) return size * row.lotUnits
  planByQuote(engine, market, slot)
  return numAt(engine.plan, PLAN_LOTS) * row.lotUnits
}

function costOf(engine: Engine, market: Market, slot: number): number {
  planBySize(engine, market, slot)
  const notional = numAt(engine.plan, PLAN_NOTIONAL)
  return notional + feeRoundedUp(notional, market.row.takerRate)
}

function hold(engine: Engine, market: Market, slot: number): void {
  const { balances, orders } = engine
  const cell = heldCell(engine, market, slot)
  touch(balances, cell)
  const held = numAt(orders.hot.f64, slot * HOT_NUMS + HELD)
  balances.held[cell] = numAt(balances.held, cell) + held
}

// Emit: writes the events of the hot path straight into cells.
//
// The layouts are those of codec/events.ts. Every word of a record is written, because cells are
// used again without being cleared. INV-09: eventNo counts every event, accountSeq every number
// that an account's events take.

import { assert } from '#kernel/assert.ts'
import * as choices from './codec/choices.ts'
import * as layouts from './codec/events.ts'
import { EVENT_FIELDS } from './codec/events.ts'
import { payloadCells, putPayload } from './codec/payload.ts'
import * as words from './codec/words.ts'
import * as columns from './columns.ts'
import type { EventBody, PostingKind } from './event.ts'
import * as limits from './limits.ts'
import * as rows from './matching/orders.ts'
import type { Engine, Market } from './state.ts'
import * as states from './state.ts'

const { EVENT_KINDS, EVENT_TYPE, EVENT_TYPE_FIRST, POSTING_KINDS } = choices
const { ACCEPTED, BALANCE, CANCELLED, FILL, POSTING, REDUCED, REFUSED, RESTED } = layouts
const { CELL_WORDS, createWords, put64, putSigned64 } = words
const { intAt, numAt } = columns
const { ASSETS_MAX } = limits
const {
  ACCOUNT,
  CALLER_ID,
  CALLER_ID_WORDS,
  COLD_INTS,
  COLD_NUMS,
  FLAGS,
  HOT_INTS,
  HOT_NUMS,
  ID,
  LEVEL,
  MAKER_RATE,
  POST_ONLY_BIT,
  PRICE,
  QUOTE_AMOUNT,
  REMAINING,
  SELF_TRADE_BIT,
  SIDE_BIT,
  SIZE,
  TAKER_RATE,
  TIME_IN_FORCE_BIT,
  TYPE_BIT,
} = rows
const { BOOK_NUMBER, EVENT_NO, LAST_TRADE_ID } = states

const TWO_32 = 4_294_967_296
const HEADER_WORDS = 8

/** Begins an event: type, small and cells are given; answers its first word. */
function begin(engine: Engine, type: number, small: number, cells: number): number {
  const { events, clock, stamp } = engine
  const at = events.length
  if ((at + cells) * CELL_WORDS > events.cells.i32.length) growEvents(engine, cells)
  events.length = at + cells
  const { i32 } = events.cells
  const w = at * CELL_WORDS
  clock[EVENT_NO] = numAt(clock, EVENT_NO) + 1
  i32[w] = type | (small << 8) | (cells << 16)
  i32[w + 1] = 0
  put64(i32, w + 2, numAt(clock, EVENT_NO))
  i32[w + 4] = intAt(stamp, 0)
  i32[w + 5] = intAt(stamp, 1)
  i32[w + 6] = intAt(stamp, 2)
  i32[w + 7] = intAt(stamp, 3)
  return w
}

function growEvents({ events }: Engine, cells: number): void {
  const needed = events.length + cells
  const larger = createWords(Math.max(needed, 2 * (events.cells.i32.length / CELL_WORDS)))
  larger.i32.set(events.cells.i32)
  events.cells = larger
}

/** The order in a slot was accepted. */
export function emitAccepted(engine: Engine, market: Market, slot: number): void {
  const w = begin(engine, EVENT_TYPE.accepted, 0, 2)
  const { i32 } = engine.events.cells
  const { hot, cold } = engine.orders
  const flags = intAt(hot.i32, slot * HOT_INTS + FLAGS)
  const account = intAt(hot.i32, slot * HOT_INTS + ACCOUNT)
  i32[w] = intAt(i32, w) | (((flags >>> SIDE_BIT) & 1) << 8)
  i32[w + 1] = shapeWord(flags)
  i32[w + ACCEPTED.price] = intAt(hot.i32, slot * HOT_INTS + PRICE)
  i32[w + ACCEPTED.market] = market.row.market
  put64(i32, w + ACCEPTED.size, numAt(cold.f64, slot * COLD_NUMS + SIZE))
  i32[w + ACCEPTED.account] = account
  i32[w + ACCEPTED.makerRate] = intAt(cold.i32, slot * COLD_INTS + MAKER_RATE)
  put64(i32, w + ACCEPTED.quoteAmount, numAt(cold.f64, slot * COLD_NUMS + QUOTE_AMOUNT))
  for (let i = 0; i < CALLER_ID_WORDS; i += 1) {
    i32[w + ACCEPTED.callerId + i] = intAt(cold.i32, slot * COLD_INTS + CALLER_ID + i)
  }
  putAccountSeq(engine, w + ACCEPTED.accountSeq, account, 1)
  i32[w + ACCEPTED.takerRate] = intAt(cold.i32, slot * COLD_INTS + TAKER_RATE)
  i32[w + 29] = 0
  i32[w + 30] = 0
  i32[w + 31] = 0
}

/** Type, time in force, post-only and self-trade as the four bytes of word 1. */
function shapeWord(flags: number): number {
  const type = (flags >>> TYPE_BIT) & 1
  const timeInForce = ((flags >>> TIME_IN_FORCE_BIT) & 3) << 8
  const postOnly = ((flags >>> POST_ONLY_BIT) & 1) << 16
  return type | timeInForce | postOnly | (((flags >>> SELF_TRADE_BIT) & 3) << 24)
}

/** The order in a slot came to rest; takes a book number. */
export function emitRested(engine: Engine, market: Market, slot: number): void {
  const { hot } = engine.orders
  const side = (intAt(hot.i32, slot * HOT_INTS + FLAGS) >>> SIDE_BIT) & 1
  const w = begin(engine, EVENT_TYPE.rested, side, 1)
  const { i32 } = engine.events.cells
  i32[w + RESTED.account] = intAt(hot.i32, slot * HOT_INTS + ACCOUNT)
  i32[w + RESTED.price] = intAt(hot.i32, slot * HOT_INTS + PRICE)
  i32[w + RESTED.market] = market.row.market
  put64(i32, w + RESTED.orderId, numAt(hot.f64, slot * HOT_NUMS + ID))
  put64(i32, w + RESTED.remaining, numAt(hot.f64, slot * HOT_NUMS + REMAINING))
  takeBookNumber(market)
  put64(i32, w + RESTED.bookNumber, numAt(market.counters, BOOK_NUMBER))
}

/** A fill: lots and fees stand in engine.plan; takes book number and trade id before. */
export function emitFill(engine: Engine, market: Market, taker: number, maker: number): void {
  const { hot } = engine.orders
  const side = (intAt(hot.i32, taker * HOT_INTS + FLAGS) >>> SIDE_BIT) & 1
  const w = begin(engine, EVENT_TYPE.fill, side, 2)
  const { i32 } = engine.events.cells
  const makerAccount = intAt(hot.i32, maker * HOT_INTS + ACCOUNT)
  const takerAccount = intAt(hot.i32, taker * HOT_INTS + ACCOUNT)
  i32[w + FILL.accounts] = makerAccount | (takerAccount << 16)
  i32[w + FILL.price] = intAt(hot.i32, maker * HOT_INTS + PRICE)
  i32[w + FILL.market] = market.row.market
  put64(i32, w + FILL.size, numAt(engine.plan, FILL_LOTS))
  put64(i32, w + FILL.makerOrderId, numAt(hot.f64, maker * HOT_NUMS + ID))
  put64(i32, w + FILL.takerOrderId, numAt(hot.f64, taker * HOT_NUMS + ID))
  put64(i32, w + FILL.tradeId, numAt(market.counters, LAST_TRADE_ID))
  putAccountSeq(engine, w + FILL.makerAccountSeq, makerAccount, 2)
  putAccountSeq(engine, w + FILL.takerAccountSeq, takerAccount, 2)
  put64(i32, w + FILL.makerFee, numAt(engine.plan, FILL_MAKER_FEE))
  put64(i32, w + FILL.takerFee, numAt(engine.plan, FILL_TAKER_FEE))
  put64(i32, w + FILL.makerRemaining, numAt(hot.f64, maker * HOT_NUMS + REMAINING))
  put64(i32, w + FILL.takerRemaining, numAt(hot.f64, taker * HOT_NUMS + REMAINING))
  put64(i32, w + FILL.bookNumber, numAt(market.counters, BOOK_NUMBER))
}

/** Cells of engine.plan that a fill hands to its event. */
export const FILL_LOTS = 1
export const FILL_MAKER_FEE = 2
export const FILL_TAKER_FEE = 3

/** The rest of an order is over; takes a book number when it stands in the book. */
export function emitCancelled(engine: Engine, market: Market, slot: number, code: number): void {
  const { hot } = engine.orders
  const side = (intAt(hot.i32, slot * HOT_INTS + FLAGS) >>> SIDE_BIT) & 1
  const w = begin(engine, EVENT_TYPE.cancelled, side | (code << 1), 1)
  const { i32 } = engine.events.cells
  const account = intAt(hot.i32, slot * HOT_INTS + ACCOUNT)
  const remaining = numAt(hot.f64, slot * HOT_NUMS + REMAINING)
  const high = (remaining / TWO_32) | 0
  i32[w + CANCELLED.packed] = account | (market.row.market << 16) | (high << 24)
  i32[w + CANCELLED.price] = intAt(hot.i32, slot * HOT_INTS + PRICE)
  i32[w + CANCELLED.remaining] = remaining
  put64(i32, w + CANCELLED.orderId, numAt(hot.f64, slot * HOT_NUMS + ID))
  putBookNumber(engine, market, slot, w + CANCELLED.bookNumber)
  putAccountSeq(engine, w + CANCELLED.accountSeq, account, 1)
}

/** Lots (in engine.plan) were taken from an order without a fill. */
export function emitReduced(engine: Engine, market: Market, slot: number): void {
  const { hot } = engine.orders
  const side = (intAt(hot.i32, slot * HOT_INTS + FLAGS) >>> SIDE_BIT) & 1
  const w = begin(engine, EVENT_TYPE.reduced, side, 2)
  const { i32 } = engine.events.cells
  const account = intAt(hot.i32, slot * HOT_INTS + ACCOUNT)
  i32[w + REDUCED.account] = account
  i32[w + REDUCED.price] = intAt(hot.i32, slot * HOT_INTS + PRICE)
  i32[w + REDUCED.market] = market.row.market
  put64(i32, w + REDUCED.orderId, numAt(hot.f64, slot * HOT_NUMS + ID))
  put64(i32, w + REDUCED.by, numAt(engine.plan, FILL_LOTS))
  put64(i32, w + REDUCED.remaining, numAt(hot.f64, slot * HOT_NUMS + REMAINING))
  putBookNumber(engine, market, slot, w + REDUCED.bookNumber)
  putAccountSeq(engine, w + REDUCED.accountSeq, account, 1)
  i32.fill(0, w + REDUCED.accountSeq + 2, w + 2 * CELL_WORDS)
}

/** A balance differs from what it was before the command. */
export function emitBalance(engine: Engine, cell: number): void {
  const w = begin(engine, EVENT_TYPE.balance, 0, 1)
  const { i32 } = engine.events.cells
  const account = (cell / ASSETS_MAX) | 0
  i32[w + BALANCE.account] = account
  putAccountSeq(engine, w + BALANCE.accountSeq, account, 1)
  putSigned64(i32, w + BALANCE.cash, numAt(engine.balances.cash, cell))
  put64(i32, w + BALANCE.held, numAt(engine.balances.held, cell))
  i32[w + BALANCE.asset] = cell % ASSETS_MAX
  i32[w + 15] = 0
}

/** One leg of a movement that is not a fill. */
export function emitPosting(engine: Engine, leg: Leg): void {
  const w = begin(engine, EVENT_TYPE.posting, POSTING_KINDS.indexOf(leg.kind), 1)
  const { i32 } = engine.events.cells
  i32.fill(0, w + 8, w + CELL_WORDS)
  i32[w + POSTING.account] = leg.account
  i32[w + POSTING.asset] = leg.asset
  putSigned64(i32, w + POSTING.amount, leg.amount)
  put64(i32, w + POSTING.reference, leg.reference)
}

export type Leg = {
  readonly kind: PostingKind
  readonly account: number
  readonly asset: number
  /** Signed. */
  readonly amount: number
  readonly reference: number
}

/** A command was refused; `commandType` is the type byte of its record. */
export function emitRefused(
  engine: Engine,
  account: number,
  commandType: number,
  code: number,
): void {
  const w = begin(engine, EVENT_TYPE.refused, commandType - 1, 1)
  const { i32 } = engine.events.cells
  i32.fill(0, w + 8, w + CELL_WORDS)
  i32[w + REFUSED.account] = account
  i32[w + REFUSED.code] = code
}

/** An event that has a payload: everything that is not on the hot path. */
export function emitPayload(engine: Engine, event: EventBody): void {
  const field = EVENT_FIELDS.get(event.kind)
  assert(field !== undefined, `${event.kind} has no payload`)
  const cells = payloadCells(field, event)
  const type = EVENT_TYPE_FIRST + EVENT_KINDS.indexOf(event.kind)
  const w = begin(engine, type, 0, cells)
  const header = engine.events.cells.i32.slice(w, w + HEADER_WORDS)
  putPayload(field, event, engine.events.cells, w / CELL_WORDS)
  engine.events.cells.i32.set(header, w)
}

/** Uses up the next book number of a market. */
export function takeBookNumber(market: Market): void {
  market.counters[BOOK_NUMBER] = numAt(market.counters, BOOK_NUMBER) + 1
}

function putBookNumber(engine: Engine, market: Market, slot: number, word: number): void {
  const { i32 } = engine.events.cells
  if (intAt(engine.orders.hot.i32, slot * HOT_INTS + LEVEL) === 0) {
    put64(i32, word, 0)
    return
  }
  takeBookNumber(market)
  put64(i32, word, numAt(market.counters, BOOK_NUMBER))
}

/** Writes the first of the account's next numbers and uses up `count` of them. */
function putAccountSeq(engine: Engine, word: number, account: number, count: number): void {
  const { accountSeq } = engine.accounts
  put64(engine.events.cells.i32, word, numAt(accountSeq, account) + 1)
  accountSeq[account] = numAt(accountSeq, account) + count
}

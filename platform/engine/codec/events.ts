// Events as cells: the hot ones have fixed places, the others a payload.
//
// The engine writes the hot ones in place (emit.ts) and this file from objects; a test holds the
// two together. Word numbers are within the record; words 2 to 7 are eventNo, seq and time.

import { asUnit, type SizeLots } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { refusalNumber, refusalOf } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import type {
  BalanceChanged,
  CommandRefused,
  EventHeader,
  Fill,
  OrderAccepted,
  OrderCancelled,
  OrderReduced,
  OrderRested,
  Posting,
} from '../event.ts'
import {
  COMMAND_KINDS,
  EVENT_TYPE,
  ORDER_TYPES,
  POSTING_KINDS,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
} from './choices.ts'
import { putHeader } from './commands.ts'
import { putExtra, takeExtra } from './extra.ts'
import { choice, putLatin1, takeLatin1 } from './fields.ts'
import * as later from './order-events.ts'
import { payloadFields } from './payload.ts'
import { EVENT_SCHEMAS } from './schemas.ts'
import {
  byteAt,
  CELL_BYTES,
  CELL_WORDS,
  get64,
  getSigned64,
  put64,
  putSigned64,
  type Words,
  wordAt,
} from './words.ts'

export const EVENT_FIELDS = payloadFields(EVENT_SCHEMAS)

type Stamped<T> = T & EventHeader
const { EVENT_NO, SEQ, TIME } = later.STAMP

export type HotEvent =
  | OrderAccepted
  | OrderRested
  | Fill
  | OrderCancelled
  | OrderReduced
  | BalanceChanged
  | Posting
  | CommandRefused
  | later.LaterHotEvent

/**
 * accepted, two cells or three with an extra: 1 side, 4 type, 5 time in force, 6 post-only,
 * 7 self-trade.
 */
export const ACCEPTED = {
  price: 8,
  market: 9,
  size: 10,
  account: 12,
  makerRate: 13,
  quoteAmount: 14,
  callerId: 16,
  accountSeq: 26,
  takerRate: 28,
} as const

/** rested, one cell, or two with `shown` when that is not remaining: 1 side. */
export const RESTED = {
  account: 1,
  price: 8,
  market: 9,
  orderId: 10,
  remaining: 12,
  bookNumber: 14,
  shown: 16,
} as const

/** fill, two cells: 1 side of the taker and FILL_BIT; accounts are u16: maker low, taker high. */
export const FILL = {
  accounts: 1,
  price: 8,
  market: 9,
  size: 10,
  makerOrderId: 12,
  takerOrderId: 14,
  tradeId: 16,
  makerAccountSeq: 18,
  takerAccountSeq: 20,
  makerFee: 22,
  takerFee: 24,
  makerRemaining: 26,
  takerRemaining: 28,
  bookNumber: 30,
} as const

/** Bits of byte 1 of a fill, above the side. */
export const FILL_BIT = { auction: 1, makerFeeInBase: 2, takerFeeInBase: 3 } as const

/**
 * cancelled, one cell, or two with `shown` when an iceberg shows less than remaining: 1 side and
 * the reason above it. `packed` is account u16, market u8 and bits 32 to 39 of remaining; the low
 * 32 bits have a word of their own.
 */
export const CANCELLED = {
  packed: 1,
  price: 8,
  remaining: 9,
  orderId: 10,
  bookNumber: 12,
  accountSeq: 14,
  shown: 16,
} as const

/** reduced, two cells: 1 side. */
export const REDUCED = {
  account: 1,
  price: 8,
  market: 9,
  orderId: 10,
  by: 12,
  remaining: 14,
  bookNumber: 16,
  accountSeq: 18,
} as const

/** balance, one cell. */
export const BALANCE = { account: 1, accountSeq: 8, cash: 10, held: 12, asset: 14 } as const

/** posting, one cell: 1 kind. */
export const POSTING = { account: 1, asset: 8, amount: 10, reference: 12 } as const

/** refused, one cell: 1 place of the command's kind. */
export const REFUSED = { account: 1, code: 8 } as const

const TWO_32 = 4_294_967_296

/** Cells that a hot event takes. */
function hotEventCells(event: HotEvent): number {
  if (event.kind === 'accepted') return event.extra === undefined ? 2 : 3
  if (event.kind === 'rested') return event.shown === event.remaining ? 1 : 2
  if (event.kind === 'cancelled') return event.shown === shownOf(event) ? 1 : 2
  return event.kind === 'fill' || event.kind === 'reduced' ? 2 : 1
}

// What an order that is no iceberg showed: all of it, or nothing outside the book.
function shownOf(event: Pick<OrderCancelled, 'remaining' | 'bookNumber'>): SizeLots {
  return event.bookNumber === 0 ? asUnit(0) : event.remaining
}

/** The code of a number in a record. */
export function codeOf(number: number): RefusalCode {
  const code = refusalOf(number)
  if (code === undefined) {
    assert(false, `a record names refusal ${number}, which this version does not know`)
  }
  return code
}

/** Writes a hot event without eventNo, seq and time. */
export function putHotEvent(event: HotEvent, into: Words, at: number): number {
  if (later.isLater(event)) return later.putLaterEvent(event, into, at)
  const type = EVENT_TYPE[event.kind]
  const cells = hotEventCells(event)
  putHeader(into, at, type, cells)
  const w = at * CELL_WORDS
  const { i32 } = into
  if (event.kind === 'accepted') putAccepted(event, into, at)
  else if (event.kind === 'rested') putRested(event, into, at)
  else if (event.kind === 'fill') putFill(event, into, at)
  else if (event.kind === 'cancelled') putCancelled(event, into, at)
  else if (event.kind === 'reduced') putReduced(event, into, at)
  else if (event.kind === 'balance') putBalance(event, i32, w)
  else if (event.kind === 'posting') putPosting(event, into, at)
  else {
    into.bytes[at * CELL_BYTES + 1] = COMMAND_KINDS.indexOf(event.command)
    i32[w + REFUSED.account] = event.account
    i32[w + REFUSED.code] = refusalNumber(event.code)
  }
  return cells
}

/** Reads a hot event. */
export function takeHotEvent(type: number, from: Words, at: number): HotEvent & EventHeader {
  const w = at * CELL_WORDS
  const small = byteAt(from.bytes, at * CELL_BYTES + 1)
  if (type >= EVENT_TYPE.triggered) return later.takeLaterEvent(type, from, at)
  if (type === EVENT_TYPE.accepted) return takeAccepted(from, at)
  if (type === EVENT_TYPE.rested) return takeRested(from.i32, w, small)
  if (type === EVENT_TYPE.fill) return takeFill(from.i32, w, small)
  if (type === EVENT_TYPE.cancelled) return takeCancelled(from.i32, w, small)
  if (type === EVENT_TYPE.reduced) return takeReduced(from.i32, w, small)
  if (type === EVENT_TYPE.balance) return takeBalance(from.i32, w)
  if (type === EVENT_TYPE.posting) return takePosting(from.i32, w, small)
  return {
    kind: 'refused',
    ...later.takeHeader(from.i32, w),
    account: asId(wordAt(from.i32, w + REFUSED.account) >>> 0),
    command: choice(COMMAND_KINDS, small),
    code: codeOf(wordAt(from.i32, w + REFUSED.code)),
  }
}

function cellsAt(i32: Int32Array, w: number): number {
  return wordAt(i32, w) >>> 16
}

function putAccepted(event: OrderAccepted, into: Words, at: number): void {
  const { bytes, i32 } = into
  const w = at * CELL_WORDS
  const byte = at * CELL_BYTES
  bytes[byte + 1] = SIDES.indexOf(event.side)
  bytes[byte + 4] = ORDER_TYPES.indexOf(event.type)
  bytes[byte + 5] = TIMES_IN_FORCE.indexOf(event.timeInForce)
  bytes[byte + 6] = event.postOnly ? 1 : 0
  bytes[byte + 7] = SELF_TRADES.indexOf(event.selfTrade)
  i32[w + ACCEPTED.price] = event.price
  i32[w + ACCEPTED.market] = event.market
  put64(i32, w + ACCEPTED.size, event.size)
  i32[w + ACCEPTED.account] = event.account
  i32[w + ACCEPTED.makerRate] = event.makerRate
  put64(i32, w + ACCEPTED.quoteAmount, event.quoteAmount)
  bytes[byte + 64] = event.clientOrderId.length
  putLatin1(bytes, byte + 65, event.clientOrderId)
  put64(i32, w + ACCEPTED.accountSeq, event.accountSeq)
  i32[w + ACCEPTED.takerRate] = event.takerRate
  if (event.extra !== undefined) putExtra(event.extra, into, at + 2)
}

function takeAccepted(from: Words, at: number): Stamped<OrderAccepted> {
  const { bytes, i32 } = from
  const w = at * CELL_WORDS
  const byte = at * CELL_BYTES
  return {
    kind: 'accepted',
    eventNo: get64(i32, w + EVENT_NO),
    seq: get64(i32, w + SEQ),
    time: asMicros(get64(i32, w + TIME)),
    account: asId(wordAt(i32, w + ACCEPTED.account)),
    accountSeq: get64(i32, w + ACCEPTED.accountSeq),
    market: asId(wordAt(i32, w + ACCEPTED.market)),
    side: choice(SIDES, byteAt(bytes, byte + 1)),
    type: choice(ORDER_TYPES, byteAt(bytes, byte + 4)),
    timeInForce: choice(TIMES_IN_FORCE, byteAt(bytes, byte + 5)),
    postOnly: byteAt(bytes, byte + 6) === 1,
    selfTrade: choice(SELF_TRADES, byteAt(bytes, byte + 7)),
    price: asUnit(wordAt(i32, w + ACCEPTED.price)),
    size: asUnit(get64(i32, w + ACCEPTED.size)),
    quoteAmount: asUnit(get64(i32, w + ACCEPTED.quoteAmount)),
    makerRate: asUnit(wordAt(i32, w + ACCEPTED.makerRate)),
    takerRate: asUnit(wordAt(i32, w + ACCEPTED.takerRate)),
    clientOrderId: takeLatin1(bytes, byte + 65, byteAt(bytes, byte + 64)),
    ...(cellsAt(i32, w) === 3 ? { extra: takeExtra(from, at + 2) } : {}),
  }
}

function putRested(event: OrderRested, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  bytes[at * CELL_BYTES + 1] = SIDES.indexOf(event.side)
  i32[w + RESTED.account] = event.account
  i32[w + RESTED.price] = event.price
  i32[w + RESTED.market] = event.market
  put64(i32, w + RESTED.orderId, event.orderId)
  put64(i32, w + RESTED.remaining, event.remaining)
  put64(i32, w + RESTED.bookNumber, event.bookNumber)
  if (cellsAt(i32, w) === 2) put64(i32, w + RESTED.shown, event.shown)
}

function takeRested(i32: Int32Array, w: number, small: number): Stamped<OrderRested> {
  return {
    kind: 'rested',
    eventNo: get64(i32, w + EVENT_NO),
    seq: get64(i32, w + SEQ),
    time: asMicros(get64(i32, w + TIME)),
    orderId: asId(get64(i32, w + RESTED.orderId)),
    account: asId(wordAt(i32, w + RESTED.account)),
    market: asId(wordAt(i32, w + RESTED.market)),
    side: choice(SIDES, small),
    price: asUnit(wordAt(i32, w + RESTED.price)),
    remaining: asUnit(get64(i32, w + RESTED.remaining)),
    shown: asUnit(get64(i32, w + (cellsAt(i32, w) === 2 ? RESTED.shown : RESTED.remaining))),
    bookNumber: get64(i32, w + RESTED.bookNumber),
  }
}

function putFill(event: Fill, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  bytes[at * CELL_BYTES + 1] =
    SIDES.indexOf(event.takerSide) |
    (event.auction ? 1 << FILL_BIT.auction : 0) |
    (event.makerFeeInBase ? 1 << FILL_BIT.makerFeeInBase : 0) |
    (event.takerFeeInBase ? 1 << FILL_BIT.takerFeeInBase : 0)
  i32[w + FILL.accounts] = event.makerAccount | (event.takerAccount << 16)
  i32[w + FILL.price] = event.price
  i32[w + FILL.market] = event.market
  put64(i32, w + FILL.size, event.size)
  put64(i32, w + FILL.makerOrderId, event.makerOrderId)
  put64(i32, w + FILL.takerOrderId, event.takerOrderId)
  put64(i32, w + FILL.tradeId, event.tradeId)
  put64(i32, w + FILL.makerAccountSeq, event.makerAccountSeq)
  put64(i32, w + FILL.takerAccountSeq, event.takerAccountSeq)
  putSigned64(i32, w + FILL.makerFee, event.makerFee)
  put64(i32, w + FILL.takerFee, event.takerFee)
  put64(i32, w + FILL.makerRemaining, event.makerRemaining)
  put64(i32, w + FILL.takerRemaining, event.takerRemaining)
  put64(i32, w + FILL.bookNumber, event.bookNumber)
}

function takeFill(i32: Int32Array, w: number, small: number): Stamped<Fill> {
  const accounts = wordAt(i32, w + FILL.accounts)
  return {
    kind: 'fill',
    eventNo: get64(i32, w + EVENT_NO),
    seq: get64(i32, w + SEQ),
    time: asMicros(get64(i32, w + TIME)),
    market: asId(wordAt(i32, w + FILL.market)),
    tradeId: get64(i32, w + FILL.tradeId),
    takerSide: choice(SIDES, small & 1),
    price: asUnit(wordAt(i32, w + FILL.price)),
    size: asUnit(get64(i32, w + FILL.size)),
    makerOrderId: asId(get64(i32, w + FILL.makerOrderId)),
    takerOrderId: asId(get64(i32, w + FILL.takerOrderId)),
    makerAccount: asId(accounts & 0xffff),
    takerAccount: asId(accounts >>> 16),
    makerAccountSeq: get64(i32, w + FILL.makerAccountSeq),
    takerAccountSeq: get64(i32, w + FILL.takerAccountSeq),
    makerFee: asUnit(getSigned64(i32, w + FILL.makerFee)),
    takerFee: asUnit(get64(i32, w + FILL.takerFee)),
    makerFeeInBase: ((small >>> FILL_BIT.makerFeeInBase) & 1) === 1,
    takerFeeInBase: ((small >>> FILL_BIT.takerFeeInBase) & 1) === 1,
    auction: ((small >>> FILL_BIT.auction) & 1) === 1,
    makerRemaining: asUnit(get64(i32, w + FILL.makerRemaining)),
    takerRemaining: asUnit(get64(i32, w + FILL.takerRemaining)),
    bookNumber: get64(i32, w + FILL.bookNumber),
  }
}

function putCancelled(event: OrderCancelled, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  const high = Math.floor(event.remaining / TWO_32)
  bytes[at * CELL_BYTES + 1] = SIDES.indexOf(event.side) | (refusalNumber(event.reason) << 1)
  i32[w + CANCELLED.packed] = event.account | (event.market << 16) | (high << 24)
  i32[w + CANCELLED.price] = event.price
  i32[w + CANCELLED.remaining] = event.remaining
  put64(i32, w + CANCELLED.orderId, event.orderId)
  put64(i32, w + CANCELLED.bookNumber, event.bookNumber)
  put64(i32, w + CANCELLED.accountSeq, event.accountSeq)
  if (cellsAt(i32, w) === 2) put64(i32, w + CANCELLED.shown, event.shown)
}

function takeCancelled(i32: Int32Array, w: number, small: number): Stamped<OrderCancelled> {
  const packed = wordAt(i32, w + CANCELLED.packed)
  const low = wordAt(i32, w + CANCELLED.remaining) >>> 0
  const remaining = asUnit<SizeLots>((packed >>> 24) * TWO_32 + low)
  const bookNumber = get64(i32, w + CANCELLED.bookNumber)
  const ofIceberg = cellsAt(i32, w) === 2
  return {
    kind: 'cancelled',
    eventNo: get64(i32, w + EVENT_NO),
    seq: get64(i32, w + SEQ),
    time: asMicros(get64(i32, w + TIME)),
    orderId: asId(get64(i32, w + CANCELLED.orderId)),
    account: asId(packed & 0xffff),
    accountSeq: get64(i32, w + CANCELLED.accountSeq),
    market: asId((packed >>> 16) & 0xff),
    side: choice(SIDES, small & 1),
    price: asUnit(wordAt(i32, w + CANCELLED.price)),
    remaining,
    shown: ofIceberg ? asUnit(get64(i32, w + CANCELLED.shown)) : shownOf({ remaining, bookNumber }),
    reason: codeOf(small >>> 1),
    bookNumber,
  }
}

function putReduced(event: OrderReduced, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  bytes[at * CELL_BYTES + 1] = SIDES.indexOf(event.side)
  i32[w + REDUCED.account] = event.account
  i32[w + REDUCED.price] = event.price
  i32[w + REDUCED.market] = event.market
  put64(i32, w + REDUCED.orderId, event.orderId)
  put64(i32, w + REDUCED.by, event.by)
  put64(i32, w + REDUCED.remaining, event.remaining)
  put64(i32, w + REDUCED.bookNumber, event.bookNumber)
  put64(i32, w + REDUCED.accountSeq, event.accountSeq)
}

function takeReduced(i32: Int32Array, w: number, small: number): Stamped<OrderReduced> {
  return {
    kind: 'reduced',
    eventNo: get64(i32, w + EVENT_NO),
    seq: get64(i32, w + SEQ),
    time: asMicros(get64(i32, w + TIME)),
    orderId: asId(get64(i32, w + REDUCED.orderId)),
    account: asId(wordAt(i32, w + REDUCED.account)),
    accountSeq: get64(i32, w + REDUCED.accountSeq),
    market: asId(wordAt(i32, w + REDUCED.market)),
    side: choice(SIDES, small),
    price: asUnit(wordAt(i32, w + REDUCED.price)),
    by: asUnit(get64(i32, w + REDUCED.by)),
    remaining: asUnit(get64(i32, w + REDUCED.remaining)),
    bookNumber: get64(i32, w + REDUCED.bookNumber),
  }
}

function putBalance(event: BalanceChanged, i32: Int32Array, w: number): void {
  i32[w + BALANCE.account] = event.account
  put64(i32, w + BALANCE.accountSeq, event.accountSeq)
  putSigned64(i32, w + BALANCE.cash, event.cash)
  put64(i32, w + BALANCE.held, event.held)
  i32[w + BALANCE.asset] = event.asset
}

function takeBalance(i32: Int32Array, w: number): Stamped<BalanceChanged> {
  return {
    kind: 'balance',
    eventNo: get64(i32, w + EVENT_NO),
    seq: get64(i32, w + SEQ),
    time: asMicros(get64(i32, w + TIME)),
    account: asId(wordAt(i32, w + BALANCE.account)),
    accountSeq: get64(i32, w + BALANCE.accountSeq),
    asset: asId(wordAt(i32, w + BALANCE.asset)),
    cash: asUnit(getSigned64(i32, w + BALANCE.cash)),
    held: asUnit(get64(i32, w + BALANCE.held)),
  }
}

function putPosting(event: Posting, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  bytes[at * CELL_BYTES + 1] = POSTING_KINDS.indexOf(event.postingKind)
  i32[w + POSTING.account] = event.account
  i32[w + POSTING.asset] = event.asset
  putSigned64(i32, w + POSTING.amount, event.amount)
  put64(i32, w + POSTING.reference, event.reference)
}

function takePosting(i32: Int32Array, w: number, small: number): Stamped<Posting> {
  return {
    kind: 'posting',
    eventNo: get64(i32, w + EVENT_NO),
    seq: get64(i32, w + SEQ),
    time: asMicros(get64(i32, w + TIME)),
    postingKind: choice(POSTING_KINDS, small),
    account: asId(wordAt(i32, w + POSTING.account)),
    asset: asId(wordAt(i32, w + POSTING.asset)),
    amount: asUnit(getSigned64(i32, w + POSTING.amount)),
    reference: get64(i32, w + POSTING.reference),
  }
}

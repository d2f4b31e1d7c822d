// Order events as cells: what happens to an order after it was accepted, with fixed places.
//
// triggered, amended: two cells, byte 1 the side. refreshed: one cell, byte 1 the side, bit 1
// whether it went to the end of its level. prevented: one cell, byte 1 the taker's side and above
// it what was done; accounts are u16, maker low, taker high. The engine writes them in place.

import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import type {
  EventHeader,
  MatchPrevented,
  OrderAmended,
  OrderRefreshed,
  OrderTriggered,
} from '../event.ts'
import { EVENT_TYPE, SELF_TRADES, SIDES } from './choices.ts'
import { putHeader } from './commands.ts'
import { choice } from './fields.ts'
import { byteAt, CELL_BYTES, CELL_WORDS, get64, put64, type Words, wordAt } from './words.ts'

/** Words of every event's header. */
export const STAMP = { EVENT_NO: 2, SEQ: 4, TIME: 6 } as const

export type LaterHotEvent = OrderTriggered | OrderAmended | OrderRefreshed | MatchPrevented

export const TRIGGERED = {
  account: 1,
  price: 8,
  market: 9,
  orderId: 10,
  remaining: 12,
  bookNumber: 14,
  accountSeq: 16,
  shown: 18,
  triggerPrice: 20,
  reference: 21,
  leftPrice: 22,
} as const

export const AMENDED = {
  account: 1,
  price: 8,
  market: 9,
  orderId: 10,
  remaining: 12,
  bookNumber: 14,
  accountSeq: 16,
  shown: 18,
  size: 20,
  oldPrice: 22,
  triggerPrice: 23,
} as const

export const REFRESHED = {
  account: 1,
  price: 8,
  market: 9,
  orderId: 10,
  added: 12,
  bookNumber: 14,
} as const

export const PREVENTED = {
  accounts: 1,
  price: 8,
  market: 9,
  size: 10,
  makerOrderId: 12,
  takerOrderId: 14,
} as const

/** Reads what every event has. */
export function takeHeader(i32: Int32Array, w: number): EventHeader {
  return {
    eventNo: get64(i32, w + STAMP.EVENT_NO),
    seq: get64(i32, w + STAMP.SEQ),
    time: asMicros(get64(i32, w + STAMP.TIME)),
  }
}

export function isLater(event: { readonly kind: string }): event is LaterHotEvent {
  const { kind } = event
  return kind === 'triggered' || kind === 'amended' || kind === 'refreshed' || kind === 'prevented'
}

/** Writes one of them without eventNo, seq and time. */
export function putLaterEvent(event: LaterHotEvent, into: Words, at: number): number {
  const cells = event.kind === 'triggered' || event.kind === 'amended' ? 2 : 1
  putHeader(into, at, EVENT_TYPE[event.kind], cells)
  if (event.kind === 'triggered') putTriggered(event, into, at)
  else if (event.kind === 'amended') putAmended(event, into, at)
  else if (event.kind === 'refreshed') putRefreshed(event, into, at)
  else putPrevented(event, into, at)
  return cells
}

/** Reads one of them. */
export function takeLaterEvent(type: number, from: Words, at: number): LaterHotEvent & EventHeader {
  const w = at * CELL_WORDS
  const small = byteAt(from.bytes, at * CELL_BYTES + 1)
  if (type === EVENT_TYPE.triggered) return takeTriggered(from.i32, w, small)
  if (type === EVENT_TYPE.amended) return takeAmended(from.i32, w, small)
  if (type === EVENT_TYPE.refreshed) return takeRefreshed(from.i32, w, small)
  return takePrevented(from.i32, w, small)
}

function putTriggered(event: OrderTriggered, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  bytes[at * CELL_BYTES + 1] = SIDES.indexOf(event.side)
  i32[w + TRIGGERED.account] = event.account
  i32[w + TRIGGERED.price] = event.price
  i32[w + TRIGGERED.market] = event.market
  put64(i32, w + TRIGGERED.orderId, event.orderId)
  put64(i32, w + TRIGGERED.remaining, event.remaining)
  put64(i32, w + TRIGGERED.bookNumber, event.bookNumber)
  put64(i32, w + TRIGGERED.accountSeq, event.accountSeq)
  put64(i32, w + TRIGGERED.shown, event.shown)
  i32[w + TRIGGERED.triggerPrice] = event.triggerPrice
  i32[w + TRIGGERED.reference] = event.reference
  i32[w + TRIGGERED.leftPrice] = event.leftPrice
}

function takeTriggered(i32: Int32Array, w: number, small: number): OrderTriggered & EventHeader {
  return {
    kind: 'triggered',
    ...takeHeader(i32, w),
    orderId: asId(get64(i32, w + TRIGGERED.orderId)),
    account: asId(wordAt(i32, w + TRIGGERED.account)),
    accountSeq: get64(i32, w + TRIGGERED.accountSeq),
    market: asId(wordAt(i32, w + TRIGGERED.market)),
    side: choice(SIDES, small),
    triggerPrice: asUnit(wordAt(i32, w + TRIGGERED.triggerPrice)),
    reference: asUnit(wordAt(i32, w + TRIGGERED.reference)),
    price: asUnit(wordAt(i32, w + TRIGGERED.price)),
    leftPrice: asUnit(wordAt(i32, w + TRIGGERED.leftPrice)),
    shown: asUnit(get64(i32, w + TRIGGERED.shown)),
    remaining: asUnit(get64(i32, w + TRIGGERED.remaining)),
    bookNumber: get64(i32, w + TRIGGERED.bookNumber),
  }
}

function putAmended(event: OrderAmended, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  bytes[at * CELL_BYTES + 1] = SIDES.indexOf(event.side)
  i32[w + AMENDED.account] = event.account
  i32[w + AMENDED.price] = event.price
  i32[w + AMENDED.market] = event.market
  put64(i32, w + AMENDED.orderId, event.orderId)
  put64(i32, w + AMENDED.remaining, event.remaining)
  put64(i32, w + AMENDED.bookNumber, event.bookNumber)
  put64(i32, w + AMENDED.accountSeq, event.accountSeq)
  put64(i32, w + AMENDED.shown, event.shown)
  put64(i32, w + AMENDED.size, event.size)
  i32[w + AMENDED.oldPrice] = event.oldPrice
  i32[w + AMENDED.triggerPrice] = event.triggerPrice
}

function takeAmended(i32: Int32Array, w: number, small: number): OrderAmended & EventHeader {
  return {
    kind: 'amended',
    ...takeHeader(i32, w),
    orderId: asId(get64(i32, w + AMENDED.orderId)),
    account: asId(wordAt(i32, w + AMENDED.account)),
    accountSeq: get64(i32, w + AMENDED.accountSeq),
    market: asId(wordAt(i32, w + AMENDED.market)),
    side: choice(SIDES, small),
    price: asUnit(wordAt(i32, w + AMENDED.price)),
    oldPrice: asUnit(wordAt(i32, w + AMENDED.oldPrice)),
    triggerPrice: asUnit(wordAt(i32, w + AMENDED.triggerPrice)),
    size: asUnit(get64(i32, w + AMENDED.size)),
    remaining: asUnit(get64(i32, w + AMENDED.remaining)),
    shown: asUnit(get64(i32, w + AMENDED.shown)),
    bookNumber: get64(i32, w + AMENDED.bookNumber),
  }
}

function putRefreshed(event: OrderRefreshed, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  bytes[at * CELL_BYTES + 1] = SIDES.indexOf(event.side) | (event.requeued ? 2 : 0)
  i32[w + REFRESHED.account] = event.account
  i32[w + REFRESHED.price] = event.price
  i32[w + REFRESHED.market] = event.market
  put64(i32, w + REFRESHED.orderId, event.orderId)
  put64(i32, w + REFRESHED.added, event.added)
  put64(i32, w + REFRESHED.bookNumber, event.bookNumber)
}

function takeRefreshed(i32: Int32Array, w: number, small: number): OrderRefreshed & EventHeader {
  return {
    kind: 'refreshed',
    ...takeHeader(i32, w),
    orderId: asId(get64(i32, w + REFRESHED.orderId)),
    account: asId(wordAt(i32, w + REFRESHED.account)),
    market: asId(wordAt(i32, w + REFRESHED.market)),
    side: choice(SIDES, small & 1),
    price: asUnit(wordAt(i32, w + REFRESHED.price)),
    added: asUnit(get64(i32, w + REFRESHED.added)),
    requeued: (small & 2) !== 0,
    bookNumber: get64(i32, w + REFRESHED.bookNumber),
  }
}

function putPrevented(event: MatchPrevented, { bytes, i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  const how = SELF_TRADES.indexOf(event.selfTrade) << 1
  bytes[at * CELL_BYTES + 1] = SIDES.indexOf(event.takerSide) | how
  i32[w + PREVENTED.accounts] = event.makerAccount | (event.takerAccount << 16)
  i32[w + PREVENTED.price] = event.price
  i32[w + PREVENTED.market] = event.market
  put64(i32, w + PREVENTED.size, event.size)
  put64(i32, w + PREVENTED.makerOrderId, event.makerOrderId)
  put64(i32, w + PREVENTED.takerOrderId, event.takerOrderId)
}

function takePrevented(i32: Int32Array, w: number, small: number): MatchPrevented & EventHeader {
  const accounts = wordAt(i32, w + PREVENTED.accounts)
  return {
    kind: 'prevented',
    ...takeHeader(i32, w),
    market: asId(wordAt(i32, w + PREVENTED.market)),
    takerSide: choice(SIDES, small & 1),
    selfTrade: choice(SELF_TRADES, small >>> 1),
    price: asUnit(wordAt(i32, w + PREVENTED.price)),
    size: asUnit(get64(i32, w + PREVENTED.size)),
    makerOrderId: asId(get64(i32, w + PREVENTED.makerOrderId)),
    takerOrderId: asId(get64(i32, w + PREVENTED.takerOrderId)),
    makerAccount: asId(accounts & 0xffff),
    takerAccount: asId(accounts >>> 16),
  }
}

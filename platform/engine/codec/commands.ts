// Commands as cells: place has two or three, cancel and amend one, the others a payload.
//
// place: 1 side, 4 type, 5 time in force, 6 flags, 7 self-trade, 24 sentAt, 32 price, 40 size,
// 48 market, 52 account, 56 quoteAmount, 64 length of the id, 65 the id, 104 bodyHash.
// A third cell from 128 on is the extra (extra.ts); the cell count says whether it is there.
// cancel: 24 orderId, 52 account. amend: 24 orderId, 32 price, 40 size, 52 account, 56 trigger
// price. The engine reads them in place, without decoding them.

import { asUnit } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import type { AmendOrder, CancelOrder, PlaceOrder } from '../command.ts'
import { COMMAND_TYPE, ORDER_TYPES, SELF_TRADES, SIDES, TIMES_IN_FORCE } from './choices.ts'
import { putExtra, takeExtra } from './extra.ts'
import { choice, putLatin1, takeLatin1 } from './fields.ts'
import { payloadFields } from './payload.ts'
import { COMMAND_SCHEMAS } from './schemas.ts'
import { byteAt, CELL_BYTES, CELL_WORDS, get64, put32, put64, type Words, wordAt } from './words.ts'

export const COMMAND_FIELDS = payloadFields(COMMAND_SCHEMAS)

export const POST_ONLY = 1
export const SENT_AT_GIVEN = 2
const CALLER_ID_BYTES_MAX = 36
const BODY_HASH_BYTES = 24

export const PLACE_CELLS = 2
export const EXTENDED_PLACE_CELLS = 3

/** Words within a place, cancel or amend record. */
export const WORD = {
  seq: 2,
  time: 4,
  sentAt: 6,
  orderId: 6,
  price: 8,
  size: 10,
  market: 12,
  account: 13,
  quoteAmount: 14,
  triggerPrice: 14,
  callerId: 16,
  bodyHash: 26,
} as const

/** Writes type, cell count and zeros elsewhere. */
export function putHeader(into: Words, at: number, type: number, cells: number): void {
  const word = at * CELL_WORDS
  into.i32.fill(0, word, word + cells * CELL_WORDS)
  into.i32[word] = type | (cells << 16)
}

/** Writes a place command without seq, time and the hash of its body. */
export function putPlace(command: Omit<PlaceOrder, 'bodyHash'>, into: Words, at: number): number {
  const { bytes, i32 } = into
  const byte = at * CELL_BYTES
  const word = at * CELL_WORDS
  assert(command.clientOrderId.length <= CALLER_ID_BYTES_MAX, 'clientOrderId has 36 characters')
  const cells = command.extra === undefined ? PLACE_CELLS : EXTENDED_PLACE_CELLS
  putHeader(into, at, COMMAND_TYPE.place, cells)
  bytes[byte + 1] = SIDES.indexOf(command.side)
  bytes[byte + 4] = ORDER_TYPES.indexOf(command.type)
  bytes[byte + 5] = TIMES_IN_FORCE.indexOf(command.timeInForce)
  bytes[byte + 6] = (command.postOnly ? POST_ONLY : 0) | (command.sentAtGiven ? SENT_AT_GIVEN : 0)
  bytes[byte + 7] = SELF_TRADES.indexOf(command.selfTrade)
  put64(i32, word + WORD.sentAt, command.sentAt)
  put64(i32, word + WORD.price, command.price)
  put64(i32, word + WORD.size, command.size)
  put32(i32, word + WORD.market, command.market)
  put32(i32, word + WORD.account, command.account)
  put64(i32, word + WORD.quoteAmount, command.quoteAmount)
  bytes[byte + 64] = command.clientOrderId.length
  putLatin1(bytes, byte + 65, command.clientOrderId)
  if (command.extra !== undefined) putExtra(command.extra, into, at + PLACE_CELLS)
  return cells
}

/** Reads a place command. */
export function takePlace(from: Words, at: number): PlaceOrder {
  const { bytes, i32 } = from
  const byte = at * CELL_BYTES
  const word = at * CELL_WORDS
  const flags = byteAt(bytes, byte + 6)
  return {
    kind: 'place',
    account: asId(wordAt(i32, word + WORD.account) >>> 0),
    market: asId(wordAt(i32, word + WORD.market) >>> 0),
    side: choice(SIDES, byteAt(bytes, byte + 1)),
    type: choice(ORDER_TYPES, byteAt(bytes, byte + 4)),
    timeInForce: choice(TIMES_IN_FORCE, byteAt(bytes, byte + 5)),
    postOnly: (flags & POST_ONLY) !== 0,
    selfTrade: choice(SELF_TRADES, byteAt(bytes, byte + 7)),
    price: asUnit(get64(i32, word + WORD.price)),
    size: asUnit(get64(i32, word + WORD.size)),
    quoteAmount: asUnit(get64(i32, word + WORD.quoteAmount)),
    clientOrderId: takeLatin1(bytes, byte + 65, byteAt(bytes, byte + 64)),
    sentAt: asMicros(get64(i32, word + WORD.sentAt)),
    sentAtGiven: (flags & SENT_AT_GIVEN) !== 0,
    bodyHash: takeLatin1(bytes, byte + 104, BODY_HASH_BYTES),
    ...(wordAt(i32, word) >>> 16 === EXTENDED_PLACE_CELLS
      ? { extra: takeExtra(from, at + PLACE_CELLS) }
      : {}),
  }
}

/** Writes a cancel command without seq and time. */
export function putCancel(command: CancelOrder, into: Words, at: number): number {
  const word = at * CELL_WORDS
  putHeader(into, at, COMMAND_TYPE.cancel, 1)
  put64(into.i32, word + WORD.orderId, command.orderId)
  put32(into.i32, word + WORD.account, command.account)
  return 1
}

/** Reads a cancel command. */
export function takeCancel({ i32 }: Words, at: number): CancelOrder {
  const word = at * CELL_WORDS
  return {
    kind: 'cancel',
    account: asId(wordAt(i32, word + WORD.account) >>> 0),
    orderId: asId(get64(i32, word + WORD.orderId)),
  }
}

/** Writes an amend command without seq and time. */
export function putAmend(command: AmendOrder, into: Words, at: number): number {
  const word = at * CELL_WORDS
  putHeader(into, at, COMMAND_TYPE.amend, 1)
  put64(into.i32, word + WORD.orderId, command.orderId)
  put64(into.i32, word + WORD.price, command.price)
  put64(into.i32, word + WORD.size, command.size)
  put32(into.i32, word + WORD.account, command.account)
  put64(into.i32, word + WORD.triggerPrice, command.triggerPrice)
  return 1
}

/** Reads an amend command. */
export function takeAmend({ i32 }: Words, at: number): AmendOrder {
  const word = at * CELL_WORDS
  return {
    kind: 'amend',
    account: asId(wordAt(i32, word + WORD.account) >>> 0),
    orderId: asId(get64(i32, word + WORD.orderId)),
    price: asUnit(get64(i32, word + WORD.price)),
    size: asUnit(get64(i32, word + WORD.size)),
    triggerPrice: asUnit(get64(i32, word + WORD.triggerPrice)),
  }
}

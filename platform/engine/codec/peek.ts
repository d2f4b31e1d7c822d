// Peek: single fields of the events that come most often, read where they stand.
//
// For followers that keep a few numbers of an event and need no object of it; decodeEvent reads the
// rest. Each reads what the take function of its kind in events.ts reads, `lots` with the sign of
// what its level gains: a test holds them together.

import { type Amount, asUnit, type PriceTicks, type SizeLots } from '#kernel/amount.ts'
import { type AccountId, type AssetId, asId, type MarketId, type OrderId } from '#kernel/ids.ts'
import { asMicros, type Micros } from '#kernel/time.ts'
import type { Side } from '../command.ts'
import { EVENT_TYPE, SIDES } from './choices.ts'
import { ACCEPTED, BALANCE, CANCELLED, RESTED } from './events.ts'
import { EXTRA } from './extra.ts'
import { choice } from './fields.ts'
import { STAMP } from './order-events.ts'
import { byteAt, CELL_BYTES, CELL_WORDS, get64, getSigned64, type Words, wordAt } from './words.ts'

/** Types of events that have fixed places. */
export const TYPE = EVENT_TYPE
/** Cells of an accepted event at most. */
export const ACCEPTED_CELLS_MAX = 3

const TWO_32 = 4_294_967_296
const ID_LENGTH_BYTE = ACCEPTED.callerId * 4

function word({ i32 }: Words, at: number, place: number): number {
  return wordAt(i32, at * CELL_WORDS + place)
}

function long({ i32 }: Words, at: number, place: number): number {
  return get64(i32, at * CELL_WORDS + place)
}

function small({ bytes }: Words, at: number): number {
  return byteAt(bytes, at * CELL_BYTES + 1)
}

function cellsAt(from: Words, at: number): number {
  return word(from, at, 0) >>> 16
}

export const type = ({ bytes }: Words, at: number): number => byteAt(bytes, at * CELL_BYTES)
export const eventNo = (from: Words, at: number): number => long(from, at, STAMP.EVENT_NO)
export const seq = (from: Words, at: number): number => long(from, at, STAMP.SEQ)
export const time = (from: Words, at: number): Micros => asMicros(long(from, at, STAMP.TIME))

/** Of the event that opens an order, whose id is its seq. */
export const accepted = {
  account: (from: Words, at: number): AccountId => asId(word(from, at, ACCEPTED.account)),
  accountSeq: (from: Words, at: number): number => long(from, at, ACCEPTED.accountSeq),
  market: (from: Words, at: number): MarketId => asId(word(from, at, ACCEPTED.market)),
  price: (from: Words, at: number): PriceTicks => asUnit(word(from, at, ACCEPTED.price)),
  size: (from: Words, at: number): SizeLots => asUnit(long(from, at, ACCEPTED.size)),
  triggerPrice: (from: Words, at: number): PriceTicks =>
    asUnit(cellsAt(from, at) === ACCEPTED_CELLS_MAX ? long(from, at + 2, EXTRA.triggerPrice) : 0),
  /** Characters of the caller's id, one byte each from idByte on. */
  idLength: ({ bytes }: Words, at: number): number =>
    byteAt(bytes, at * CELL_BYTES + ID_LENGTH_BYTE),
  idByte: (at: number): number => at * CELL_BYTES + ID_LENGTH_BYTE + 1,
}

/** Of an order that comes to stand in the book. */
export const rested = {
  market: (from: Words, at: number): MarketId => asId(word(from, at, RESTED.market)),
  side: (from: Words, at: number): Side => choice(SIDES, small(from, at)),
  price: (from: Words, at: number): PriceTicks => asUnit(word(from, at, RESTED.price)),
  /** Lots that its level gains. */
  lots: (from: Words, at: number): number =>
    long(from, at, cellsAt(from, at) === 2 ? RESTED.shown : RESTED.remaining),
  bookNumber: (from: Words, at: number): number => long(from, at, RESTED.bookNumber),
}

/** Of the end of an order's rest. */
export const cancelled = {
  orderId: (from: Words, at: number): OrderId => asId(long(from, at, CANCELLED.orderId)),
  account: (from: Words, at: number): AccountId => asId(word(from, at, CANCELLED.packed) & 0xffff),
  accountSeq: (from: Words, at: number): number => long(from, at, CANCELLED.accountSeq),
  market: (from: Words, at: number): MarketId =>
    asId((word(from, at, CANCELLED.packed) >>> 16) & 0xff),
  side: (from: Words, at: number): Side => choice(SIDES, small(from, at) & 1),
  price: (from: Words, at: number): PriceTicks => asUnit(word(from, at, CANCELLED.price)),
  /** Lots that its level gains: it loses what it showed of it. */
  lots: (from: Words, at: number): number => {
    if (cellsAt(from, at) === 2) return 0 - long(from, at, CANCELLED.shown)
    if (cancelled.bookNumber(from, at) === 0) return 0
    const high = word(from, at, CANCELLED.packed) >>> 24
    return 0 - (high * TWO_32 + (word(from, at, CANCELLED.remaining) >>> 0))
  },
  /** The number of the refusal that says why. */
  reason: (from: Words, at: number): number => small(from, at) >>> 1,
  /** 0 when it did not stand in the book. */
  bookNumber: (from: Words, at: number): number => long(from, at, CANCELLED.bookNumber),
}

/** Of what an account has. */
export const balance = {
  account: (from: Words, at: number): AccountId => asId(word(from, at, BALANCE.account)),
  accountSeq: (from: Words, at: number): number => long(from, at, BALANCE.accountSeq),
  asset: (from: Words, at: number): AssetId => asId(word(from, at, BALANCE.asset)),
  cash: ({ i32 }: Words, at: number): Amount =>
    asUnit(getSigned64(i32, at * CELL_WORDS + BALANCE.cash)),
  held: (from: Words, at: number): Amount => asUnit(long(from, at, BALANCE.held)),
}

// Packed order: the row of an order as numbers and bytes in a page, and back.
//
// A page is two arrays of fixed places. What is read is the row that was written, field by field.
// Words are numbers for as long as the process lives and no longer: nothing of it is ever stored.

import { asUnit } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { asId } from '#kernel/ids.ts'
import { refusalNumber, refusalOf } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import type { OrderRow } from '../order-row.ts'

export const PAGE_ROWS = 4_096

export type OrderPage = { readonly numbers: Float64Array; readonly bytes: Uint8Array<ArrayBuffer> }

const NUMBER = {
  ...{ id: 0, account: 1, market: 2, price: 3, size: 4, quoteAmount: 5, triggerPrice: 6 },
  ...{ stopPrice: 7, takeProfitPrice: 8, displaySize: 9, trail: 10, expireAt: 11, remaining: 12 },
  ...{ traded: 13, quoteTraded: 14, fee: 15, triggeredAt: 16, createdAt: 17, updatedAt: 18 },
  ...{ eventNo: 19, reason: 20 },
} as const
const BYTE = {
  ...{ side: 0, type: 1, timeInForce: 2, postOnly: 3, selfTrade: 4, triggerBy: 5, trailIn: 6 },
  ...{ reduceOnly: 7, slide: 8, feeIn: 9, status: 10, idLength: 11, clientOrderId: 12 },
} as const
const ROW_NUMBERS = 21
/** An id of a caller has 36 characters at most. */
const ROW_BYTES = 48
const SIDES = wordsOf<OrderRow['side']>({ buy: 0, sell: 0 })
const TYPES = wordsOf<OrderRow['type']>({
  ...{ limit: 0, market: 0, stop: 0, 'stop-limit': 0, 'take-profit': 0 },
  ...{ 'take-profit-limit': 0, 'trailing-stop': 0, oco: 0 },
})
const TIMES = wordsOf<OrderRow['timeInForce']>({ GTC: 0, IOC: 0, FOK: 0, GTD: 0, DAY: 0 })
const SELF_TRADES = wordsOf<OrderRow['selfTrade']>({
  ...{ 'cancel-taker': 0, 'cancel-maker': 0, 'cancel-both': 0, decrement: 0 },
})
const TRIGGERS = wordsOf<OrderRow['triggerBy']>({ last: 0, mark: 0 })
const TRAILS = wordsOf<OrderRow['trailIn']>({ ticks: 0, bps: 0 })
const FEES = wordsOf<OrderRow['feeIn']>({ quote: 0, received: 0 })
const STATUSES = wordsOf<OrderRow['status']>({
  ...{ open: 0, partially_filled: 0, filled: 0, cancelled: 0, expired: 0 },
})

/** All words of a kind; the compiler sees that none is left out. */
function wordsOf<T extends string>(words: Readonly<Record<T, 0>>): readonly T[] {
  return Object.keys(words) as T[] // Object.keys forgets them.
}

function wordAt<T extends string>(words: readonly T[], place: number): T {
  const word = words[place]
  if (word === undefined) assert(false, `there is no word ${place} of ${words.length}`)
  return word
}

export function createOrderPage(): OrderPage {
  return {
    numbers: new Float64Array(PAGE_ROWS * ROW_NUMBERS),
    bytes: new Uint8Array(PAGE_ROWS * ROW_BYTES),
  }
}

/** Writes a row at a place of a page. */
export function packOrder({ numbers, bytes }: OrderPage, place: number, row: OrderRow): void {
  const n = place * ROW_NUMBERS
  numbers[n + NUMBER.id] = row.id
  numbers[n + NUMBER.account] = row.account
  numbers[n + NUMBER.market] = row.market
  numbers[n + NUMBER.price] = row.price
  numbers[n + NUMBER.size] = row.size
  numbers[n + NUMBER.quoteAmount] = row.quoteAmount
  numbers[n + NUMBER.triggerPrice] = row.triggerPrice
  numbers[n + NUMBER.stopPrice] = row.stopPrice
  numbers[n + NUMBER.takeProfitPrice] = row.takeProfitPrice
  numbers[n + NUMBER.displaySize] = row.displaySize
  numbers[n + NUMBER.trail] = row.trail
  numbers[n + NUMBER.expireAt] = row.expireAt
  numbers[n + NUMBER.remaining] = row.remaining
  numbers[n + NUMBER.traded] = row.traded
  numbers[n + NUMBER.quoteTraded] = row.quoteTraded
  numbers[n + NUMBER.fee] = row.fee
  numbers[n + NUMBER.triggeredAt] = row.triggeredAt
  numbers[n + NUMBER.createdAt] = row.createdAt
  numbers[n + NUMBER.updatedAt] = row.updatedAt
  numbers[n + NUMBER.eventNo] = row.eventNo
  numbers[n + NUMBER.reason] = row.reason === null ? 0 : refusalNumber(row.reason)
  const b = place * ROW_BYTES
  bytes[b + BYTE.side] = SIDES.indexOf(row.side)
  bytes[b + BYTE.type] = TYPES.indexOf(row.type)
  bytes[b + BYTE.timeInForce] = TIMES.indexOf(row.timeInForce)
  bytes[b + BYTE.postOnly] = row.postOnly ? 1 : 0
  bytes[b + BYTE.selfTrade] = SELF_TRADES.indexOf(row.selfTrade)
  bytes[b + BYTE.triggerBy] = TRIGGERS.indexOf(row.triggerBy)
  bytes[b + BYTE.trailIn] = TRAILS.indexOf(row.trailIn)
  bytes[b + BYTE.reduceOnly] = row.reduceOnly ? 1 : 0
  bytes[b + BYTE.slide] = row.slide ? 1 : 0
  bytes[b + BYTE.feeIn] = FEES.indexOf(row.feeIn)
  bytes[b + BYTE.status] = STATUSES.indexOf(row.status)
  bytes[b + BYTE.idLength] = row.clientOrderId.length
  for (let i = 0; i < row.clientOrderId.length; i += 1) {
    bytes[b + BYTE.clientOrderId + i] = row.clientOrderId.charCodeAt(i)
  }
}

/** The row at a place of a page. */
export function unpackOrder({ numbers, bytes }: OrderPage, place: number): OrderRow {
  const [n, b] = [place * ROW_NUMBERS, place * ROW_BYTES]
  const numberOf = (field: number): number => numbers[n + field] ?? 0
  const byteOf = (field: number): number => bytes[b + field] ?? 0
  return {
    id: asId(numberOf(NUMBER.id)),
    account: asId(numberOf(NUMBER.account)),
    market: asId(numberOf(NUMBER.market)),
    side: wordAt(SIDES, byteOf(BYTE.side)),
    type: wordAt(TYPES, byteOf(BYTE.type)),
    timeInForce: wordAt(TIMES, byteOf(BYTE.timeInForce)),
    postOnly: byteOf(BYTE.postOnly) === 1,
    selfTrade: wordAt(SELF_TRADES, byteOf(BYTE.selfTrade)),
    price: asUnit(numberOf(NUMBER.price)),
    size: asUnit(numberOf(NUMBER.size)),
    quoteAmount: asUnit(numberOf(NUMBER.quoteAmount)),
    clientOrderId: asciiOf(bytes, b + BYTE.clientOrderId, byteOf(BYTE.idLength)),
    triggerPrice: asUnit(numberOf(NUMBER.triggerPrice)),
    triggerBy: wordAt(TRIGGERS, byteOf(BYTE.triggerBy)),
    stopPrice: asUnit(numberOf(NUMBER.stopPrice)),
    takeProfitPrice: asUnit(numberOf(NUMBER.takeProfitPrice)),
    displaySize: asUnit(numberOf(NUMBER.displaySize)),
    trail: numberOf(NUMBER.trail),
    trailIn: wordAt(TRAILS, byteOf(BYTE.trailIn)),
    expireAt: asMicros(numberOf(NUMBER.expireAt)),
    reduceOnly: byteOf(BYTE.reduceOnly) === 1,
    slide: byteOf(BYTE.slide) === 1,
    feeIn: wordAt(FEES, byteOf(BYTE.feeIn)),
    remaining: asUnit(numberOf(NUMBER.remaining)),
    traded: asUnit(numberOf(NUMBER.traded)),
    quoteTraded: asUnit(numberOf(NUMBER.quoteTraded)),
    fee: asUnit(numberOf(NUMBER.fee)),
    triggeredAt: asMicros(numberOf(NUMBER.triggeredAt)),
    status: wordAt(STATUSES, byteOf(BYTE.status)),
    reason: refusalOf(numberOf(NUMBER.reason)) ?? null,
    createdAt: asMicros(numberOf(NUMBER.createdAt)),
    updatedAt: asMicros(numberOf(NUMBER.updatedAt)),
    eventNo: numberOf(NUMBER.eventNo),
  }
}

function asciiOf({ buffer }: Uint8Array<ArrayBuffer>, at: number, length: number): string {
  return Buffer.from(buffer, at, length).toString('latin1')
}

export function idAt({ numbers }: OrderPage, place: number): number {
  return numbers[place * ROW_NUMBERS + NUMBER.id] ?? 0
}

/** The event that changed the row at a place last. */
export function eventNoAt({ numbers }: OrderPage, place: number): number {
  return numbers[place * ROW_NUMBERS + NUMBER.eventNo] ?? 0
}

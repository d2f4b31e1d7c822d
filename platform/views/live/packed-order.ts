// Packed order: an order as the cells of the event that opened it and the numbers that change.
//
// A page is two arrays of fixed places: orders come and go by the ten thousand a second and leave
// nothing to the collector. What is read is the row that the order's events made. Whoever keeps an
// order as it was at a time copies it.

import * as peek from '#engine/codec/peek.ts'
import { copyCells } from '#engine/codec/words.ts'
import { type Cells, cellCount, createCells, decodeEvent, encodeEvent } from '#engine/codec.ts'
import type { Event } from '#engine/event.ts'
import { asUnit } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { asId, type OrderId } from '#kernel/ids.ts'
import { refusalNumber, refusalOf } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { changedOrder, type OrderChanges, type OrderRow, type OrderStatus } from '../order-row.ts'

export type OrderPage = { readonly cells: Cells; readonly numbers: Float64Array }

/** Numbers of a place, in this order. */
const NUMBER = {
  ...{ price: 0, size: 1, triggerPrice: 2, remaining: 3, traded: 4, quoteTraded: 5, fee: 6 },
  ...{ triggeredAt: 7, status: 8, reason: 9, updatedAt: 10, eventNo: 11 },
} as const
const ROW_NUMBERS = 12
const ROW_CELLS = peek.ACCEPTED_CELLS_MAX
const STATUSES = ['open', 'partially_filled', 'filled', 'cancelled', 'expired'] as const
const [OPEN, , FILLED, CANCELLED, EXPIRED] = [0, 1, 2, 3, 4] as const
const ORDER_EXPIRED = refusalNumber('order.expired')

/** A page of so many places. */
export function createOrderPage(rows: number): OrderPage {
  return { cells: createCells(rows * ROW_CELLS), numbers: new Float64Array(rows * ROW_NUMBERS) }
}

/** Opens the order of the accepted event at a cell. */
export function packAccepted(page: OrderPage, row: number, from: Cells, at: number): void {
  const { cells, numbers } = page
  const n = row * ROW_NUMBERS
  const size = peek.accepted.size(from, at)
  copyCells(from, at, cells, cellCount(from, at), row * ROW_CELLS)
  numbers[n + NUMBER.price] = peek.accepted.price(from, at)
  numbers[n + NUMBER.size] = size
  numbers[n + NUMBER.triggerPrice] = peek.accepted.triggerPrice(from, at)
  numbers[n + NUMBER.remaining] = size
  numbers[n + NUMBER.traded] = 0
  numbers[n + NUMBER.quoteTraded] = 0
  numbers[n + NUMBER.fee] = 0
  numbers[n + NUMBER.triggeredAt] = 0
  numbers[n + NUMBER.status] = OPEN
  numbers[n + NUMBER.reason] = 0
  numbers[n + NUMBER.updatedAt] = peek.time(from, at)
  numbers[n + NUMBER.eventNo] = peek.eventNo(from, at)
}

/** Ends the order by the cancelled event at a cell. */
export function packCancelled({ numbers }: OrderPage, row: number, from: Cells, at: number): void {
  const n = row * ROW_NUMBERS
  const reason = peek.cancelled.reason(from, at)
  numbers[n + NUMBER.remaining] = 0
  numbers[n + NUMBER.status] = reason === ORDER_EXPIRED ? EXPIRED : CANCELLED
  numbers[n + NUMBER.reason] = reason
  numbers[n + NUMBER.updatedAt] = peek.time(from, at)
  numbers[n + NUMBER.eventNo] = peek.eventNo(from, at)
}

/** Opens the order of a row, however far it has come. */
export function packOrder(page: OrderPage, row: number, order: OrderRow): void {
  encodeEvent(openingOf(order), page.cells, row * ROW_CELLS)
  packChange(page, row, order)
}

/** What of an order changes, as it is in a newer row of it. */
export function packChange({ numbers }: OrderPage, row: number, order: OrderChanges): void {
  const n = row * ROW_NUMBERS
  numbers[n + NUMBER.price] = order.price
  numbers[n + NUMBER.size] = order.size
  numbers[n + NUMBER.triggerPrice] = order.triggerPrice
  numbers[n + NUMBER.remaining] = order.remaining
  numbers[n + NUMBER.traded] = order.traded
  numbers[n + NUMBER.quoteTraded] = order.quoteTraded
  numbers[n + NUMBER.fee] = order.fee
  numbers[n + NUMBER.triggeredAt] = order.triggeredAt
  numbers[n + NUMBER.status] = STATUSES.indexOf(order.status)
  numbers[n + NUMBER.reason] = order.reason === null ? 0 : refusalNumber(order.reason)
  numbers[n + NUMBER.updatedAt] = order.updatedAt
  numbers[n + NUMBER.eventNo] = order.eventNo
}

/** The event that would have opened it, but for rates and numbers that no row has. */
function openingOf(order: OrderRow): Event {
  const { id: seq, createdAt: time, eventNo, account, market, side, type, timeInForce } = order
  const { postOnly, selfTrade, price, size, quoteAmount, clientOrderId } = order
  const { triggerPrice, triggerBy, stopPrice, takeProfitPrice, displaySize, trail } = order
  const { trailIn, expireAt, reduceOnly, slide, feeIn } = order
  const terms = { triggerPrice, triggerBy, stopPrice, takeProfitPrice, displaySize, trail }
  return {
    kind: 'accepted',
    ...{ eventNo, seq, time, account, accountSeq: 0, market, side, type },
    ...{ timeInForce, postOnly, selfTrade, price, size, quoteAmount, clientOrderId },
    ...{ makerRate: asUnit<never>(0), takerRate: asUnit<never>(0) },
    extra: { ...terms, trailIn, expireAt, reduceOnly, slide, feeIn, session: 0, key: 0 },
  }
}

/** The order as it is. */
export function unpackOrder({ cells, numbers }: OrderPage, row: number): OrderRow {
  const opening = decodeEvent(cells, row * ROW_CELLS)
  assert(opening.kind === 'accepted', 'an order begins with the event that opened it')
  const n = row * ROW_NUMBERS
  const numberOf = (field: number): number => numbers[n + field] ?? 0
  return changedOrder(opening, {
    price: asUnit(numberOf(NUMBER.price)),
    size: asUnit(numberOf(NUMBER.size)),
    triggerPrice: asUnit(numberOf(NUMBER.triggerPrice)),
    remaining: asUnit(numberOf(NUMBER.remaining)),
    traded: asUnit(numberOf(NUMBER.traded)),
    quoteTraded: asUnit(numberOf(NUMBER.quoteTraded)),
    fee: asUnit(numberOf(NUMBER.fee)),
    triggeredAt: asMicros(numberOf(NUMBER.triggeredAt)),
    status: statusOf(numberOf(NUMBER.status)),
    reason: refusalOf(numberOf(NUMBER.reason)) ?? null,
    updatedAt: asMicros(numberOf(NUMBER.updatedAt)),
    eventNo: numberOf(NUMBER.eventNo),
  })
}

function statusOf(number: number): OrderStatus {
  const status = STATUSES[number]
  if (status === undefined) assert(false, `there is no status ${number}`)
  return status
}

/** Copies the order as it is to another place. */
export function copyOrder(from: OrderPage, row: number, into: OrderPage, to: number): void {
  const cells = cellCount(from.cells, row * ROW_CELLS)
  copyCells(from.cells, row * ROW_CELLS, into.cells, cells, to * ROW_CELLS)
  const [n, m] = [row * ROW_NUMBERS, to * ROW_NUMBERS]
  for (let i = 0; i < ROW_NUMBERS; i += 1) into.numbers[m + i] = from.numbers[n + i] ?? 0
}

/** Single fields of the order at a place. */
export const fieldAt = {
  id: ({ cells }: OrderPage, row: number): OrderId => asId(peek.seq(cells, row * ROW_CELLS)),
  account: ({ cells }: OrderPage, row: number) => peek.accepted.account(cells, row * ROW_CELLS),
  market: ({ cells }: OrderPage, row: number) => peek.accepted.market(cells, row * ROW_CELLS),
  isFinished: ({ numbers }: OrderPage, row: number) =>
    (numbers[row * ROW_NUMBERS + NUMBER.status] ?? 0) >= FILLED,
  triggeredAt: ({ numbers }: OrderPage, row: number) =>
    numbers[row * ROW_NUMBERS + NUMBER.triggeredAt] ?? 0,
  updatedAt: ({ numbers }: OrderPage, row: number) =>
    numbers[row * ROW_NUMBERS + NUMBER.updatedAt] ?? 0,
  eventNo: ({ numbers }: OrderPage, row: number) =>
    numbers[row * ROW_NUMBERS + NUMBER.eventNo] ?? 0,
}

/** Whether the caller's id of the order is this text. */
export function hasClientId({ cells }: OrderPage, row: number, text: string): boolean {
  const at = row * ROW_CELLS
  if (peek.accepted.idLength(cells, at) !== text.length) return false
  const from = peek.accepted.idByte(at)
  for (let i = 0; i < text.length; i += 1) {
    if (cells.bytes[from + i] !== text.charCodeAt(i)) return false
  }
  return true
}

/** Whether two orders are of one account and have one id of their caller. */
export function haveOneName(page: OrderPage, row: number, other: OrderPage, at: number): boolean {
  if (fieldAt.account(page, row) !== fieldAt.account(other, at)) return false
  const length = peek.accepted.idLength(page.cells, row * ROW_CELLS)
  if (peek.accepted.idLength(other.cells, at * ROW_CELLS) !== length) return false
  const from = peek.accepted.idByte(row * ROW_CELLS)
  const start = peek.accepted.idByte(at * ROW_CELLS)
  for (let i = 0; i < length; i += 1) {
    if (page.cells.bytes[from + i] !== other.cells.bytes[start + i]) return false
  }
  return true
}

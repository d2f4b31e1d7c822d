// Events: records of the codec laid over fresh cells, every word of them written.
//
// The layouts are those of codec/events.ts. Cells are used again without being cleared. INV-09:
// eventNo counts every event, an account's seq every number that its events take.

import { takeSeqs } from './accounts.ts'
import { clock } from './clock.ts'
import { allocate, moved, onMoved, tables } from './memory.ts'

@unmanaged
export class Event {
  head: u32
  word1: u32
  eventNo: i64
  seq: i64
  time: i64
}

@unmanaged
export class Accepted extends Event {
  price: i32
  market: u32
  size: i64
  account: u32
  makerRate: i32
  quoteAmount: i64
  name0: i64
  name1: i64
  name2: i64
  name3: i64
  name4: i64
  accountSeq: i64
  takerRate: i32
  spare0: i32
  spare1: i64
}

@unmanaged
export class Rested extends Event {
  price: i32
  market: u32
  orderId: i64
  remaining: i64
  bookNumber: i64
}

@unmanaged
export class Fill extends Event {
  price: i32
  market: u32
  size: i64
  makerOrderId: i64
  takerOrderId: i64
  tradeId: i64
  makerAccountSeq: i64
  takerAccountSeq: i64
  makerFee: i64
  takerFee: i64
  makerRemaining: i64
  takerRemaining: i64
  bookNumber: i64
}

@unmanaged
export class Cancelled extends Event {
  price: i32
  remainingLow: u32
  orderId: i64
  bookNumber: i64
  accountSeq: i64
}

@unmanaged
export class Reduced extends Event {
  price: i32
  market: u32
  orderId: i64
  by: i64
  remaining: i64
  bookNumber: i64
  accountSeq: i64
  spare0: i64
  spare1: i64
  spare2: i64
  spare3: i64
  spare4: i64
  spare5: i64
}

/** A rested or cancelled of an iceberg that shows less than it has: a second cell. */
@unmanaged
export class Shown {
  shown: i64
  spare0: i64
  spare1: i64
  spare2: i64
  spare3: i64
  spare4: i64
  spare5: i64
  spare6: i64
}

/** Triggered and amended begin alike. */
@unmanaged
export class Changed extends Event {
  price: i32
  market: u32
  orderId: i64
  remaining: i64
  bookNumber: i64
  accountSeq: i64
  shown: i64
}

@unmanaged
export class Triggered extends Changed {
  triggerPrice: i32
  reference: i32
  leftPrice: i32
  spare0: u32
  spare1: i64
  spare2: i64
  spare3: i64
  spare4: i64
}

@unmanaged
export class Amended extends Changed {
  size: i64
  oldPrice: i32
  triggerPrice: i32
  spare1: i64
  spare2: i64
  spare3: i64
  spare4: i64
}

@unmanaged
export class Refreshed extends Event {
  price: i32
  market: u32
  orderId: i64
  added: i64
  bookNumber: i64
}

@unmanaged
export class Prevented extends Event {
  price: i32
  market: u32
  size: i64
  makerOrderId: i64
  takerOrderId: i64
}

@unmanaged
class BalanceChanged extends Event {
  accountSeq: i64
  cash: i64
  held: i64
  asset: u32
  spare: u32
}

@unmanaged
class Posting extends Event {
  asset: i64
  amount: i64
  reference: i64
  spare: i64
}

@unmanaged
class Refused extends Event {
  code: i64
  spare0: i64
  spare1: i64
  spare2: i64
}

export const ACCEPTED: u32 = 129
export const RESTED: u32 = 130
export const FILL: u32 = 131
export const CANCELLED: u32 = 132
export const REDUCED: u32 = 133
const BALANCE: u32 = 134
const POSTING: u32 = 135
const REFUSED: u32 = 136
export const TRIGGERED: u32 = 147
export const AMENDED: u32 = 148
export const REFRESHED: u32 = 149
export const PREVENTED: u32 = 150

const CELL_BITS: usize = 6
/** What the longest commands fill; untouched pages of zeros take no memory. */
const FIRST_CELLS: u32 = 16_384

export function createEvents(): void {
  tables.eventRows = FIRST_CELLS
  tables.events = allocate(usize(FIRST_CELLS) << CELL_BITS)
}

/** Begins an event of so many cells: its header is written, the rest is the caller's. */
export function begin(type: u32, small: u32, cells: u32): usize {
  const at = clock.eventsUsed
  if (at + cells > tables.eventRows) growEvents(cells)
  clock.eventsUsed = at + cells
  clock.eventNo += 1
  const address = tables.events + (usize(at) << CELL_BITS)
  const event = changetype<Event>(address)
  event.head = type | (small << 8) | (cells << 16)
  event.word1 = 0
  event.eventNo = clock.eventNo
  event.seq = clock.seq
  event.time = clock.time
  return address
}

/** A balance differs from what it was before the command. */
export function emitBalance(account: u32, asset: u32, cash: i64, held: i64): void {
  const event = changetype<BalanceChanged>(begin(BALANCE, 0, 1))
  event.word1 = account
  event.accountSeq = takeSeqs(account, 1)
  event.cash = cash
  event.held = held
  event.asset = asset
  event.spare = 0
}

/** One leg of a movement that is not a fill; `kind` is its place among the posting kinds. */
export function emitPosting(kind: u32, account: u32, asset: u32, amount: i64, ref: i64): void {
  const event = changetype<Posting>(begin(POSTING, kind, 1))
  event.word1 = account
  event.asset = asset
  event.amount = amount
  event.reference = ref
  event.spare = 0
}

/** A command was refused; `type` is the type byte of its record. */
export function emitRefused(account: i32, type: u32, code: i32): void {
  const event = changetype<Refused>(begin(REFUSED, type - 1, 1))
  event.word1 = u32(account)
  event.code = code
  event.spare0 = 0
  event.spare1 = 0
  event.spare2 = 0
}

function growEvents(cells: u32): void {
  const bytes = usize(tables.eventRows) << CELL_BITS
  tables.eventRows = max(tables.eventRows * 2, clock.eventsUsed + cells)
  tables.events = moved(tables.events, bytes, usize(tables.eventRows) << CELL_BITS)
  onMoved()
}

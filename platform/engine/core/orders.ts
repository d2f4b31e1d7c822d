// Orders: open orders as rows of 64 bytes, found by id and linked in lists.
//
// A slot is a row number above 0; slots are used again and never leave the process. The order row
// is what matching and cancelling touch, the terms row what a fill or an end needs besides. The
// caller's id stands in the memory of duplicates as long as that has it, then in the name row. An
// order is in the index while it can be cancelled: in the book or draining.

import { allocate, moved, tables } from './memory.ts'

export const BUY: u32 = 0
export const SELL: u32 = 1

/** Flags: market in bits 0 to 7, then the fields of the command, then where the order is. */
export const MARKET_MASK: u32 = 0xff
export const SIDE_BIT: u32 = 8
export const TYPE_BIT: u32 = 9
export const TIME_IN_FORCE_BIT: u32 = 12
export const POST_ONLY_BIT: u32 = 15
export const SELF_TRADE_BIT: u32 = 16
/** It is in the queue. */
export const DRAINING: u32 = 1 << 18
/** The caller's id is that of the outcome whose count is the order's name reference. */
export const NAME_REMEMBERED: u32 = 1 << 19
/** What is left after matching may rest: it has a limit and time. */
export const STAYS: u32 = 1 << 20
/** It has a row of extras.ts; the bits below it are set only with it. */
export const HAS_EXTRA: u32 = 1 << 21
export const ICEBERG: u32 = 1 << 22
/** Its trigger waits. */
export const ARMED: u32 = 1 << 23
export const TRIGGERED: u32 = 1 << 24
/** A buyer who pays his fees out of what he receives. */
export const FEE_IN_BASE: u32 = 1 << 25
/** It is taken in anew and was findable by its id before. */
export const KNOWN: u32 = 1 << 26
/** The entry or the exit of a bracket. */
export const LINKED: u32 = 1 << 27
/** What it paid is stored: it has a rebate, or fees in base. */
export const FEES_STORED: u32 = 1 << 28

@unmanaged
export class Order {
  id: i64
  remaining: i64
  /** Quote of a buy, base of a sale, in ledger units. */
  held: i64
  makerNotional: i64
  /** Neighbours in the level, in the list of those that drain, or the next free slot. */
  next: u32
  prev: u32
  /** The level it stands in; 0 outside the book. */
  level: u32
  accountNext: u32
  accountPrev: u32
  account: u32
  price: i32
  flags: u32
}

@unmanaged
export class Terms {
  takerNotional: i64
  size: i64
  reducedBy: i64
  quoteAmount: i64
  createdAt: i64
  updatedAt: i64
  /** The book number at which it came to rest: time priority within its level. */
  priority: i64
  makerRate: i32
  takerRate: i32
}

/** The length and the characters of the caller's id, as the command had them. */
@unmanaged
export class Name {
  word0: i64
  word1: i64
  word2: i64
  word3: i64
  word4: i64
}

/** What an order with FEES_STORED paid, and the base it bought if that is what fees are on. */
@unmanaged
export class Paid {
  fee: i64
  makerBase: i64
  takerBase: i64
}

/** An order and its terms lie side by side: the processor fetches lines in pairs. */
const PAIR_BITS: usize = 7
const TERMS_AT: usize = 64
const ROW_BITS: usize = 6
const PAID_AT: usize = 40
const FIRST_ROWS: u32 = 1024
const GOLDEN: u32 = 0x9e3779b1

export function createOrders(): void {
  tables.orderRows = FIRST_ROWS
  tables.orders = allocate(usize(FIRST_ROWS) << PAIR_BITS)
  tables.names = allocate(usize(FIRST_ROWS) << ROW_BITS)
  tables.nameRefs = allocate(usize(FIRST_ROWS) << 2)
  tables.extraRefs = allocate(usize(FIRST_ROWS) << 2)
  tables.ordersUsed = 1
  tables.chains = allocate(usize(FIRST_ROWS) << 2)
  createHeads(FIRST_ROWS * 2)
}

export function orderAt(slot: u32): Order {
  return changetype<Order>(tables.orders + (usize(slot) << PAIR_BITS))
}

export function termsAt(slot: u32): Terms {
  return changetype<Terms>(tables.orders + (usize(slot) << PAIR_BITS) + TERMS_AT)
}

export function nameAt(slot: u32): Name {
  return changetype<Name>(tables.names + (usize(slot) << ROW_BITS))
}

/** The rest of the name's row. */
export function paidAt(slot: u32): Paid {
  return changetype<Paid>(changetype<usize>(nameAt(slot)) + PAID_AT)
}

export function nameRefAt(slot: u32): u32 {
  return load<u32>(tables.nameRefs + (usize(slot) << 2))
}

/** The row of extras.ts that an order has; only with HAS_EXTRA. */
export function extraRefAt(slot: u32): u32 {
  return load<u32>(tables.extraRefs + (usize(slot) << 2))
}

export function setExtraRef(slot: u32, row: u32): void {
  store<u32>(tables.extraRefs + (usize(slot) << 2), row)
}

export function setNameRef(slot: u32, count: u32): void {
  store<u32>(tables.nameRefs + (usize(slot) << 2), count)
}

/** A slot to fill; every field that matters is the caller's to write. */
export function takeSlot(): u32 {
  const slot = tables.ordersFree
  if (slot !== 0) {
    tables.ordersFree = orderAt(slot).next
    return slot
  }
  if (tables.ordersUsed === tables.orderRows) growOrders()
  tables.ordersUsed += 1
  return tables.ordersUsed - 1
}

export function freeSlot(slot: u32): void {
  orderAt(slot).next = tables.ordersFree
  tables.ordersFree = slot
}

/** The slot of an open order; 0 when there is none. */
export function findSlot(id: i64): u32 {
  let slot = load<u32>(headOf(id))
  while (slot !== 0 && orderAt(slot).id !== id) slot = load<u32>(chainOf(slot))
  return slot
}

/** Makes an order findable. */
export function indexSlot(slot: u32, id: i64): void {
  if (tables.openOrders * 2 > tables.headsMask) growHeads()
  enter(slot, id)
  tables.openOrders += 1
}

/** Forgets an order, which must be there. */
export function unindexSlot(slot: u32, id: i64): void {
  let link = headOf(id)
  while (load<u32>(link) !== slot) link = chainOf(load<u32>(link))
  store<u32>(link, load<u32>(chainOf(slot)))
  tables.openOrders -= 1
}

/** The slot of an order's row. */
export function slotOf(order: Order): u32 {
  return u32((changetype<usize>(order) - tables.orders) >> PAIR_BITS)
}

export function sideOf(order: Order): u32 {
  return (order.flags >> SIDE_BIT) & 1
}

export function typeOf(order: Order): u32 {
  return (order.flags >> TYPE_BIT) & 7
}

export function isDraining(order: Order): bool {
  return (order.flags & DRAINING) !== 0
}

/** Puts an order at the end of those that ticks go on with. */
export function park(slot: u32): void {
  const order = orderAt(slot)
  order.flags |= DRAINING
  order.next = 0
  order.prev = tables.drainTail
  if (tables.drainTail === 0) tables.drainHead = slot
  else orderAt(tables.drainTail).next = slot
  tables.drainTail = slot
}

/** Takes an order out of those that ticks go on with. */
export function unpark(slot: u32): void {
  const order = orderAt(slot)
  if (order.prev === 0) tables.drainHead = order.next
  else orderAt(order.prev).next = order.next
  if (order.next === 0) tables.drainTail = order.prev
  else orderAt(order.next).prev = order.prev
  order.flags &= ~DRAINING
}

function growOrders(): void {
  const bytes = usize(tables.orderRows) << ROW_BITS
  tables.orders = moved(tables.orders, bytes * 2, bytes * 4)
  tables.names = moved(tables.names, bytes, bytes * 2)
  tables.nameRefs = moved(tables.nameRefs, bytes >> 4, bytes >> 3)
  tables.chains = moved(tables.chains, bytes >> 4, bytes >> 3)
  tables.extraRefs = moved(tables.extraRefs, bytes >> 4, bytes >> 3)
  tables.orderRows *= 2
}

/** Where the first slot of an id's chain stands. */
function headOf(id: i64): usize {
  return tables.heads + (usize((u32(id) * GOLDEN) >> tables.headsShift) << 2)
}

/** Where the slot after one in its chain stands; 0 = none. */
function chainOf(slot: u32): usize {
  return tables.chains + (usize(slot) << 2)
}

function createHeads(heads: u32): void {
  tables.heads = allocate(usize(heads) << 2)
  tables.headsMask = heads - 1
  tables.headsShift = clz(heads - 1)
}

function growHeads(): void {
  const old = tables.heads
  const end = old + ((usize(tables.headsMask) + 1) << 2)
  createHeads((tables.headsMask + 1) * 2)
  for (let head = old; head < end; head += 4) {
    let slot = load<u32>(head)
    while (slot !== 0) {
      const next = load<u32>(chainOf(slot))
      enter(slot, orderAt(slot).id)
      slot = next
    }
  }
}

function enter(slot: u32, id: i64): void {
  const head = headOf(id)
  store<u32>(chainOf(slot), load<u32>(head))
  store<u32>(head, slot)
}

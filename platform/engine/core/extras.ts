// Extras: rows of 128 bytes for orders that have more than a plain order: what their third cell
// said, and where they stand in the orders that wait for a price or a time.
//
// An order with one has HAS_EXTRA and a reference beside its name's. It goes with its order.

import { allocate, moved, tables } from './memory.ts'
import { extraRefAt, Order, setExtraRef, slotOf } from './orders.ts'

@unmanaged
export class Extra {
  /** When the order ends by itself, GTD or DAY; 0: it does not. */
  expireAt: i64
  displaySize: i64
  /** Lots that its level shows of an iceberg in the book. */
  shown: i64
  /** The seq of the command that met an iceberg last. */
  metAt: i64
  trail: i64
  /** Its place in the heap of those that expire. */
  expiryAt: u32
  /** The trigger as it is now; of a trailing stop as far as it followed. */
  trigger: i32
  takeProfit: i32
  stopPrice: i32
  /** The worst price that it may ever trade at: what a buy holds for. */
  worst: i32
  /** The price that it works at once it was triggered. */
  works: i32
  /** Of a trailing stop: the best reference since it was accepted. */
  peak: i32
  session: u32
  key: u32
  /** The bits of the third cell. */
  flags: u32
  armedNext: u32
  armedPrev: u32
  armedLevel: u32
  /** A trailing stop whose trigger was met and that waits for its turn. */
  isDue: u32
  bracket: u32
  /** Of a trailing stop: the trigger that it was accepted with, which is what it is worth. */
  firstTrigger: i32
  spare1: i64
  spare2: i64
  spare3: i64
}

const ROW_BITS: usize = 7
const FIRST_ROWS: u32 = 256

export function createExtras(): void {
  tables.extraRows = FIRST_ROWS
  tables.extras = allocate(usize(FIRST_ROWS) << ROW_BITS)
  tables.extrasUsed = 1
}

export function extraAt(row: u32): Extra {
  return changetype<Extra>(tables.extras + (usize(row) << ROW_BITS))
}

/** The extra of an order that has one. */
export function extraOf(order: Order): Extra {
  return extraAt(extraRefAt(slotOf(order)))
}

/** A zeroed row for the order in a slot. */
export function takeExtra(slot: u32): Extra {
  let row = tables.extrasFree
  if (row !== 0) tables.extrasFree = extraAt(row).armedNext
  else {
    if (tables.extrasUsed === tables.extraRows) growExtras(tables.extraRows * 2)
    row = tables.extrasUsed
    tables.extrasUsed += 1
  }
  setExtraRef(slot, row)
  const extra = extraAt(row)
  memory.fill(changetype<usize>(extra), 0, 1 << ROW_BITS)
  return extra
}

export function freeExtra(slot: u32): void {
  const row = extraRefAt(slot)
  extraAt(row).armedNext = tables.extrasFree
  tables.extrasFree = row
}

/** Room for one of every order. */
export function reserveExtras(): void {
  if (tables.extraRows < tables.orderRows) growExtras(tables.orderRows)
}

function growExtras(to: u32): void {
  tables.extras = moved(tables.extras, usize(tables.extraRows) << ROW_BITS, usize(to) << ROW_BITS)
  tables.extraRows = to
}

// Expiry: orders that end by themselves, GTD and DAY.
//
// They end by a tick, in any phase, by the time of their end and then by id. DAY is turned into a
// time when the order is accepted and never moves.

import { NEVER } from './clock.ts'
import { addDue, createHeap, firstRow, firstTime, Heap, removeDue } from './heap.ts'
import { orderAt } from './orders.ts'

const DAY_US: i64 = 86_400_000_000

const ends = changetype<Heap>(memory.data(24, 8))

export function createExpiry(): void {
  createHeap(ends)
}

/** When the next order expires. */
export function nextExpiry(): i64 {
  return ends.count === 0 ? NEVER : firstTime(ends)
}

/** Notes when an order ends. */
export function expireAtTime(slot: u32, at: i64): void {
  addDue(ends, slot, at, orderAt(slot).id)
}

/** The order is over for another reason. */
export function forgetExpiry(slot: u32): void {
  removeDue(ends, slot)
}

/** The order that expires first; only when there is one. */
export function firstToExpire(): u32 {
  return firstRow(ends)
}

/** The first moment after a time that is so far into a UTC day. */
export function nextDayTime(time: i64, into: i64): i64 {
  const today = time - (time % DAY_US) + into
  return today > time ? today : today + DAY_US
}

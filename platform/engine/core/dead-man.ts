// Dead man: timers of keys, which cancel orders unless they are set again in time.
//
// A timer belongs to an account and a key and fires once, by a tick. Those of one account are
// linked; all stand in a heap by (time, account, key).

import { CANCEL_AFTER_MS_MAX, DEAD_MANS_MAX, DEAD_MANS_PER_ACCOUNT_MAX } from '../limits.ts'
import { isCustomer } from './accounts.ts'
import { cancelKey } from './cancel.ts'
import { clock, NEVER } from './clock.ts'
import * as codes from './codes.ts'
import { emitDeadManFired, emitDeadManSet } from './deep-events.ts'
import { addDue, createHeap, firstRow, firstTime, Heap, removeDue } from './heap.ts'
import { allocate, moved, tables } from './memory.ts'

@unmanaged
export class Timer {
  dueAt: i64
  account: u32
  key: u32
  /** The next of the account, or the next free row. */
  next: u32
  spare: u32
}

const ROW_BYTES: usize = 24
const FIRST_ROWS: u32 = 64
const FIRST_HEADS: u32 = 256
const MILLISECOND_US: i64 = 1000

const dues = changetype<Heap>(memory.data(24, 8))

export function createDeadMans(): void {
  createHeap(dues)
  tables.timerRows = FIRST_ROWS
  tables.timers = allocate(usize(FIRST_ROWS) * ROW_BYTES)
  tables.timersUsed = 1
  tables.timerHeadRows = FIRST_HEADS
  tables.timerHeads = allocate(usize(FIRST_HEADS) << 2)
}

export function timerAt(row: u32): Timer {
  return changetype<Timer>(tables.timers + usize(row) * ROW_BYTES)
}

/** The first timer of an account; 0 = none. */
export function firstTimer(account: u32): u32 {
  return account < tables.timerHeadRows ? load<u32>(headOf(account)) : 0
}

/** When the next timer goes off. */
export function nextDeadMan(): i64 {
  return dues.count === 0 ? NEVER : firstTime(dues)
}

/** Sets the timer of a key, or takes it away; answers 0 or the refusal's number. */
export function cancelAfter(account: i32, key: u32, afterMs: i64): i32 {
  if (!isCustomer(account)) return codes.ACCOUNT_UNKNOWN
  if (key === 0 || afterMs > CANCEL_AFTER_MS_MAX) return codes.REQUEST_MALFORMED
  const row = find(account, key)
  if (afterMs === 0) {
    if (row === 0) return 0
    remove(row)
    emitDeadManSet(account, key, 0)
    return 0
  }
  const dueAt = clock.time + afterMs * MILLISECOND_US
  if (row === 0 && isFull(account)) return codes.CAPACITY_EXHAUSTED
  if (row !== 0) remove(row)
  addTimer(account, key, dueAt)
  emitDeadManSet(account, key, dueAt)
  return 0
}

/** Lets the first timer go off and cancels the orders of its key. */
export function fireDeadMan(): void {
  const row = firstRow(dues)
  const account = timerAt(row).account
  const key = timerAt(row).key
  remove(row)
  emitDeadManFired(account, key)
  cancelKey(account, key)
}

/** Adds a timer that its account does not have. */
export function addTimer(account: u32, key: u32, dueAt: i64): void {
  const row = takeRow()
  growHeads(account)
  const timer = timerAt(row)
  timer.dueAt = dueAt
  timer.account = account
  timer.key = key
  timer.next = load<u32>(headOf(account))
  store<u32>(headOf(account), row)
  addDue(dues, row, dueAt, (i64(account) << 32) | i64(key))
}

function isFull(account: u32): bool {
  if (dues.count >= u32(DEAD_MANS_MAX)) return true
  let count = 0
  for (let row = firstTimer(account); row !== 0; row = timerAt(row).next) count += 1
  return count >= DEAD_MANS_PER_ACCOUNT_MAX
}

function find(account: u32, key: u32): u32 {
  let row = firstTimer(account)
  while (row !== 0 && timerAt(row).key !== key) row = timerAt(row).next
  return row
}

function remove(row: u32): void {
  const timer = timerAt(row)
  removeDue(dues, row)
  let at = firstTimer(timer.account)
  if (at === row) store<u32>(headOf(timer.account), timer.next)
  else {
    while (timerAt(at).next !== row) at = timerAt(at).next
    timerAt(at).next = timer.next
  }
  timer.next = tables.timersFree
  tables.timersFree = row
}

function takeRow(): u32 {
  const row = tables.timersFree
  if (row !== 0) {
    tables.timersFree = timerAt(row).next
    return row
  }
  if (tables.timersUsed === tables.timerRows) {
    const bytes = usize(tables.timerRows) * ROW_BYTES
    tables.timers = moved(tables.timers, bytes, bytes * 2)
    tables.timerRows *= 2
  }
  tables.timersUsed += 1
  return tables.timersUsed - 1
}

function growHeads(account: u32): void {
  while (account >= tables.timerHeadRows) {
    const bytes = usize(tables.timerHeadRows) << 2
    tables.timerHeads = moved(tables.timerHeads, bytes, bytes * 2)
    tables.timerHeadRows *= 2
  }
}

function headOf(account: u32): usize {
  return tables.timerHeads + (usize(account) << 2)
}

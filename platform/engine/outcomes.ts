// Outcomes: the memory of duplicates, a ring of what callers' ids came to.
//
// INV-09: within the window an (account, class, id) has one outcome. Outcomes leave by age, and when
// OUTCOMES_MAX are remembered the oldest leaves and closes the window behind it, so that the promise
// stays exact in bounded memory. The ring grows by doubling; entries keep their order of arrival.

import { assert } from '#kernel/assert.ts'
import { WORD } from './codec/commands.ts'
import { get64, wordAt } from './codec/words.ts'
import { createRows, growRows, intAt, numAt, type Rows } from './columns.ts'
import {
  addRow,
  createIndexTable,
  firstPlace,
  type IndexTable,
  keyAt,
  nextPlace,
  removeRow,
  rowAt,
} from './index-table.ts'
import { OUTCOME_WINDOW_US, OUTCOMES_MAX, SENT_AHEAD_US } from './limits.ts'

export type Outcomes = {
  readonly rows: Rows
  readonly index: IndexTable
  /** Rows of the ring, a power of two. */
  capacity: number
  /** Row of the oldest entry. */
  first: number
  count: number
  /** EVICTED_SENT_AT: the greatest sentAt of those that left because the memory was full. */
  readonly evicted: Float64Array
  /** The asking caller: account and class, id (10 words), body hash (6 words), sentAt, hash. */
  readonly asked: Int32Array
}

export const ORDER_CLASS = 0
export const REQUEST_CLASS = 1

/** Int32 cells of an entry, and of `asked`. */
export const WHO = 0
export const ID_WORDS = 1
export const HASH_WORDS = 11
export const CODE = 17
export const KEY = 24
/** Float64 cells of an entry. */
export const ENTRY_SEQ = 9
export const ENTRY_SENT_AT = 10
export const ENTRY_TIME = 11

export const ENTRY_INTS = 26
export const ENTRY_NUMS = 13
const ENTRY_BYTES = 104
export const ID_LENGTH = 10
export const HASH_LENGTH = 6
const SENT_AT_WORDS = 18
const FIRST_CAPACITY = 1024

export function createOutcomes(): Outcomes {
  return {
    rows: createRows(FIRST_CAPACITY, ENTRY_BYTES),
    index: createIndexTable(FIRST_CAPACITY),
    capacity: FIRST_CAPACITY,
    first: 0,
    count: 0,
    evicted: new Float64Array(1).fill(-1),
    asked: new Int32Array(ENTRY_INTS),
  }
}

/** Account and class as one word. */
export function whoOf(account: number, kindClass: number): number {
  return account * 2 + kindClass
}

/** Row of the nth oldest entry. */
export function entryRow(outcomes: Outcomes, nth: number): number {
  return (outcomes.first + nth) & (outcomes.capacity - 1)
}

/** Notes who asks, from a record that has id, body hash and sentAt where a place command does. */
export function ask({ asked }: Outcomes, who: number, from: Int32Array, word: number): void {
  asked[WHO] = who
  const id = word + WORD.callerId
  for (let i = 0; i < ID_LENGTH; i += 1) asked[ID_WORDS + i] = wordAt(from, id + i)
  const hash = word + WORD.bodyHash
  for (let i = 0; i < HASH_LENGTH; i += 1) asked[HASH_WORDS + i] = wordAt(from, hash + i)
  asked[SENT_AT_WORDS] = wordAt(from, word + WORD.sentAt)
  asked[SENT_AT_WORDS + 1] = wordAt(from, word + WORD.sentAt + 1)
  asked[KEY] = keyOf(asked)
}

/** Lets go of outcomes that no retry may name any more. */
export function forgetOld(outcomes: Outcomes, time: number): void {
  const before = time - OUTCOME_WINDOW_US - SENT_AHEAD_US
  while (outcomes.count > 0) {
    const row = entryRow(outcomes, 0)
    if (numAt(outcomes.rows.f64, row * ENTRY_NUMS + ENTRY_TIME) >= before) return
    forgetFirst(outcomes, row)
  }
}

/** 1 + the row of what the asking caller's id came to; 0 when it is not remembered. */
export function recall(outcomes: Outcomes): number {
  const { index, asked, rows } = outcomes
  const key = intAt(asked, KEY)
  let place = firstPlace(index, key)
  for (let found = rowAt(index, place); found !== 0; found = rowAt(index, place)) {
    if (keyAt(index, place) === key && isAsked(rows.i32, (found - 1) * ENTRY_INTS, asked)) {
      return found
    }
    place = nextPlace(index, place)
  }
  return 0
}

/** Whether the asking body is the remembered one. */
export function hasSameBody({ rows, asked }: Outcomes, row: number): boolean {
  const entry = row * ENTRY_INTS
  for (let i = HASH_WORDS; i < HASH_WORDS + HASH_LENGTH; i += 1) {
    if (intAt(rows.i32, entry + i) !== intAt(asked, i)) return false
  }
  return true
}

/** sentAt of the asking caller. */
export function askedSentAt({ asked }: Outcomes): number {
  return get64(asked, SENT_AT_WORDS)
}

/** The first sentAt that may still be new. */
export function windowStart(outcomes: Outcomes, time: number): number {
  return Math.max(time - OUTCOME_WINDOW_US, numAt(outcomes.evicted, 0) + 1)
}

/** Remembers what the asking caller's id came to. */
export function remember(outcomes: Outcomes, seq: number, time: number, code: number): void {
  if (outcomes.count === OUTCOMES_MAX) evictFirst(outcomes)
  if (outcomes.count === outcomes.capacity) growRing(outcomes)
  const { rows, asked } = outcomes
  const row = entryRow(outcomes, outcomes.count)
  const entry = row * ENTRY_INTS
  for (let i = 0; i < CODE; i += 1) rows.i32[entry + i] = intAt(asked, i)
  rows.i32[entry + CODE] = code
  rows.i32[entry + KEY] = intAt(asked, KEY)
  rows.f64[row * ENTRY_NUMS + ENTRY_SEQ] = seq
  rows.f64[row * ENTRY_NUMS + ENTRY_SENT_AT] = askedSentAt(outcomes)
  rows.f64[row * ENTRY_NUMS + ENTRY_TIME] = time
  addRow(outcomes.index, intAt(asked, KEY), row + 1)
  outcomes.count += 1
  assert(outcomes.count <= OUTCOMES_MAX, 'INV-17: OUTCOMES_MAX')
}

function keyOf(asked: Int32Array): number {
  let key = intAt(asked, WHO)
  const words = (4 + (intAt(asked, ID_WORDS) & 0xff)) >> 2
  for (let i = ID_WORDS; i < ID_WORDS + words; i += 1) {
    key = Math.imul(key ^ intAt(asked, i), 0x85ebca6b)
    key ^= key >>> 15
  }
  return key
}

function isAsked(rows: Int32Array, entry: number, asked: Int32Array): boolean {
  for (let i = WHO; i < ID_WORDS + ID_LENGTH; i += 1) {
    if (intAt(rows, entry + i) !== intAt(asked, i)) return false
  }
  return true
}

function evictFirst(outcomes: Outcomes): void {
  const row = entryRow(outcomes, 0)
  const sentAt = numAt(outcomes.rows.f64, row * ENTRY_NUMS + ENTRY_SENT_AT)
  outcomes.evicted[0] = Math.max(numAt(outcomes.evicted, 0), sentAt)
  forgetFirst(outcomes, row)
}

function forgetFirst(outcomes: Outcomes, row: number): void {
  removeRow(outcomes.index, intAt(outcomes.rows.i32, row * ENTRY_INTS + KEY), row + 1)
  outcomes.first = (outcomes.first + 1) & (outcomes.capacity - 1)
  outcomes.count -= 1
}

// The full ring is turned so that the oldest comes first, then doubled and indexed again.
function growRing(outcomes: Outcomes): void {
  const { rows, index, first } = outcomes
  const turned = rows.f64.slice(first * ENTRY_NUMS)
  rows.f64.copyWithin(turned.length, 0, first * ENTRY_NUMS)
  rows.f64.set(turned)
  growRows(rows)
  outcomes.capacity *= 2
  outcomes.first = 0
  index.pairs.fill(0)
  index.count = 0
  for (let row = 0; row < outcomes.count; row += 1) {
    addRow(index, intAt(rows.i32, row * ENTRY_INTS + KEY), row + 1)
  }
}

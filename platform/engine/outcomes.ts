// Outcomes: the memory of duplicates, a queue of what callers' ids came to.
//
// INV-09: within the window an (account, class, id) has one outcome. Outcomes leave by age, and
// when OUTCOMES_MAX are remembered the oldest leaves and closes the window behind it, so that the
// promise stays exact in bounded memory. Rows are used again, so memory follows the most ever
// remembered.

import { assert } from '#kernel/assert.ts'
import * as records from './codec/commands.ts'
import * as words from './codec/words.ts'
import type { Rows } from './columns.ts'
import * as columns from './columns.ts'
import * as limits from './limits.ts'
import type { TagTable } from './tag-table.ts'
import * as tables from './tag-table.ts'

const { WORD } = records
const { get64 } = words
const { createRows, intAt, numAt } = columns
const { OUTCOME_WINDOW_US, OUTCOMES_MAX, SENT_AHEAD_US } = limits
const { addTagged, createTagTable, growTagged, homeOf, removeTagged, seek, taggedRow } = tables

export type Outcomes = {
  readonly rows: Rows
  readonly index: TagTable
  /** Rows there is room for. */
  capacity: number
  /** Rows below it were used at least once. */
  used: number
  /** Head of the list of free rows; rows are numbered from 1 in links, 0 = none. */
  free: number
  /** Oldest and newest entry, linked by NEXT. */
  first: number
  last: number
  count: number
  /** The greatest sentAt of those that left because the memory was full. */
  readonly evicted: Float64Array
  /** The asking caller: a record with id, hash and sentAt where a place command has them. */
  readonly asked: { i32: Int32Array; word: number; who: number; key: number }
}

export const ORDER_CLASS = 0
export const REQUEST_CLASS = 1

/** Int32 cells of an entry: id and hash as in a place command, the next entry. */
export const WHO = 0
export const ID_WORDS = 1
export const HASH_WORDS = 11
export const CODE = 17
const NEXT = 24
/** Float64 cells of an entry. */
export const ENTRY_SEQ = 9
export const ENTRY_SENT_AT = 10
export const ENTRY_TIME = 11

export const ENTRY_INTS = 26
export const ENTRY_NUMS = 13
const ENTRY_BYTES = 104
const ID_LENGTH = 10
export const HASH_LENGTH = 6
const FIRST_CAPACITY = 1024
/** From here on there is room for all at once: untouched pages of zeros take no memory. */
const DOUBLING_MAX = 65_536

export function createOutcomes(): Outcomes {
  return {
    rows: createRows(FIRST_CAPACITY, ENTRY_BYTES),
    index: createTagTable(FIRST_CAPACITY),
    capacity: FIRST_CAPACITY,
    used: 0,
    free: 0,
    first: 0,
    last: 0,
    count: 0,
    evicted: new Float64Array(1).fill(-1),
    asked: { i32: new Int32Array(0), word: 0, who: 0, key: 0 },
  }
}

/** Account and class as one word. */
export function whoOf(account: number, kindClass: number): number {
  return account * 2 + kindClass
}

/** The entries from the oldest to the newest, as rows. */
export function* entries({ rows, first }: Outcomes): Iterable<number> {
  for (let at = first; at !== 0; at = intAt(rows.i32, (at - 1) * ENTRY_INTS + NEXT)) yield at - 1
}

/** Notes who asks, by a record that has id, body hash and sentAt where a place command does. */
export function ask({ asked }: Outcomes, who: number, from: Int32Array, word: number): void {
  asked.i32 = from
  asked.word = word
  asked.who = who
  asked.key = keyOf(who, from, word + WORD.callerId)
}

/** Lets go of outcomes that no retry may name any more. */
export function forgetOld(outcomes: Outcomes, time: number): void {
  const before = time - OUTCOME_WINDOW_US - SENT_AHEAD_US
  while (outcomes.first !== 0) {
    const row = outcomes.first - 1
    if (numAt(outcomes.rows.f64, row * ENTRY_NUMS + ENTRY_TIME) >= before) return
    forgetFirst(outcomes)
  }
}

/** 1 + the row of what the asking caller's id came to; 0 when it is not remembered. */
export function recall(outcomes: Outcomes): number {
  const { index, asked, rows } = outcomes
  const { key } = asked
  let place = seek(index, key, homeOf(index, key))
  for (let found = taggedRow(index, place); found !== 0; found = taggedRow(index, place)) {
    if (isAsked(rows.i32, (found - 1) * ENTRY_INTS, asked)) return found
    place = seek(index, key, place + 1)
  }
  return 0
}

/** Whether the asking body is the remembered one. */
export function hasSameBody({ rows, asked }: Outcomes, row: number): boolean {
  const entry = row * ENTRY_INTS + HASH_WORDS
  const hash = asked.word + WORD.bodyHash
  for (let i = 0; i < HASH_LENGTH; i += 1) {
    if (intAt(rows.i32, entry + i) !== intAt(asked.i32, hash + i)) return false
  }
  return true
}

/** sentAt of the asking caller. */
export function askedSentAt({ asked }: Outcomes): number {
  return get64(asked.i32, asked.word + WORD.sentAt)
}

/** The first sentAt that may still be new. */
export function windowStart(outcomes: Outcomes, time: number): number {
  return Math.max(time - OUTCOME_WINDOW_US, numAt(outcomes.evicted, 0) + 1)
}

/** Remembers what the asking caller's id came to; `when` has the seq, then the time. */
export function remember(outcomes: Outcomes, when: Float64Array, code: number): void {
  if (outcomes.count === OUTCOMES_MAX) evictFirst(outcomes)
  const row = takeRow(outcomes)
  const { rows, asked } = outcomes
  const entry = row * ENTRY_INTS
  const id = asked.word + WORD.callerId
  rows.i32[entry + WHO] = asked.who
  for (let i = 0; i < ID_LENGTH + HASH_LENGTH; i += 1) {
    rows.i32[entry + ID_WORDS + i] = intAt(asked.i32, id + i)
  }
  rows.i32[entry + CODE] = code
  rows.i32[entry + NEXT] = 0
  rows.f64[row * ENTRY_NUMS + ENTRY_SEQ] = numAt(when, 0)
  rows.f64[row * ENTRY_NUMS + ENTRY_SENT_AT] = askedSentAt(outcomes)
  rows.f64[row * ENTRY_NUMS + ENTRY_TIME] = numAt(when, 1)
  if (outcomes.last === 0) outcomes.first = row + 1
  else rows.i32[(outcomes.last - 1) * ENTRY_INTS + NEXT] = row + 1
  outcomes.last = row + 1
  addTagged(outcomes.index, asked.key, row + 1)
  outcomes.count += 1
  assert(outcomes.count <= OUTCOMES_MAX, 'INV-17: OUTCOMES_MAX')
}

function keyOf(who: number, from: Int32Array, id: number): number {
  let key = who
  const words = (4 + (intAt(from, id) & 0xff)) >> 2
  for (let i = id; i < id + words; i += 1) {
    key = Math.imul(key ^ intAt(from, i), 0x85ebca6b)
    key ^= key >>> 15
  }
  return key
}

function isAsked(rows: Int32Array, entry: number, asked: Outcomes['asked']): boolean {
  if (intAt(rows, entry + WHO) !== asked.who) return false
  const id = asked.word + WORD.callerId
  for (let i = 0; i < ID_LENGTH; i += 1) {
    if (intAt(rows, entry + ID_WORDS + i) !== intAt(asked.i32, id + i)) return false
  }
  return true
}

function evictFirst(outcomes: Outcomes): void {
  const { evicted, rows, first } = outcomes
  const sentAt = numAt(rows.f64, (first - 1) * ENTRY_NUMS + ENTRY_SENT_AT)
  if (sentAt > numAt(evicted, 0)) evicted[0] = sentAt
  forgetFirst(outcomes)
}

function forgetFirst(outcomes: Outcomes): void {
  const { rows, first } = outcomes
  const entry = (first - 1) * ENTRY_INTS
  removeTagged(outcomes.index, first)
  outcomes.first = intAt(rows.i32, entry + NEXT)
  if (outcomes.first === 0) outcomes.last = 0
  rows.i32[entry + NEXT] = outcomes.free
  outcomes.free = first
  outcomes.count -= 1
}

function takeRow(outcomes: Outcomes): number {
  const { free } = outcomes
  if (free !== 0) {
    outcomes.free = intAt(outcomes.rows.i32, (free - 1) * ENTRY_INTS + NEXT)
    return free - 1
  }
  if (outcomes.used === outcomes.capacity) grow(outcomes)
  outcomes.used += 1
  return outcomes.used - 1
}

// Small exchanges stay small; a large one pays for its growth once and early, not at its peak.
function grow(outcomes: Outcomes): void {
  const { rows, capacity } = outcomes
  outcomes.capacity = capacity < DOUBLING_MAX ? capacity * 2 : OUTCOMES_MAX
  const larger = createRows(outcomes.capacity, ENTRY_BYTES)
  larger.f64.set(rows.f64)
  rows.f64 = larger.f64
  rows.i32 = larger.i32
  growTagged(outcomes.index, outcomes.capacity)
}

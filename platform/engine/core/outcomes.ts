// Outcomes: the memory of duplicates, a ring of what callers' ids came to.
//
// INV-09: within the window an (account, class, id) has one outcome. Outcomes leave in the order
// they came, by age, and when OUTCOMES_MAX are remembered the oldest leaves and closes the window
// behind it, so that the promise stays exact in bounded memory. The index that finds them is larger
// than the caches: an id beyond the greatest of its account (longer, or later in the alphabet) is
// known to be new without it, and enters it only when the account asks for one that is not beyond.

import { OUTCOME_WINDOW_US, OUTCOMES_MAX, SENT_AHEAD_US } from '../limits.ts'
import { Account, accountAt, isCustomer } from './accounts.ts'
import { Asking } from './commands.ts'
import { allocate, moved, tables } from './memory.ts'
import { findSlot, NAME_REMEMBERED, nameAt, nameRefAt, orderAt } from './orders.ts'

@unmanaged
export class Outcome {
  name0: i64
  name1: i64
  name2: i64
  name3: i64
  name4: i64
  hash0: i64
  hash1: i64
  hash2: i64
  seq: i64
  sentAt: i64
  time: i64
  /** Account and class as one word. */
  who: u32
  code: i32
  /** While it waits: the count of the outcome of its account that waited before it. */
  before: u32
  /** Whether it is in the index. */
  isTagged: u32
}

@unmanaged
class Memory {
  /** The greatest sentAt of those that left because the memory was full. */
  evictedSentAt: i64
  /** Who asks, and whether the id is beyond all that are remembered of the account. */
  who: u32
  isBeyond: u32
  /** The greatest number of an account that was not open when an id of it was remembered. */
  unopened: u32
  spare: u32
  /** Outcomes that came before this time are forgotten, whether their rows are free yet or not. */
  forgottenBefore: i64
}

export const asked = changetype<Memory>(memory.data(32, 8))

export const ORDER_CLASS: u32 = 0
export const REQUEST_CLASS: u32 = 1

const ROW_BYTES: usize = 104
const FIRST_ROWS: u32 = 1024
/** From here on there is room for all at once: untouched pages of zeros take no memory. */
const DOUBLING_MAX: u32 = 65_536
/** A row has the id and the hash in the order in which a place command has them from here on. */
const NAME_AT: usize = 64
/** Rows that a command frees: more than the one it may take, and few enough to be quick. */
const FREED_MAX: u32 = 8
/** Outcomes of an account that may wait to enter the index: what one look back costs at most. */
const WAITING_MAX: u32 = 1024
const GOLDEN: u32 = 0x9e3779b1
const ROW_MASK: u32 = 0x1fffff

export function createOutcomes(): void {
  tables.outcomeRows = FIRST_ROWS
  tables.outcomes = allocate(usize(FIRST_ROWS) * ROW_BYTES)
  createTags(FIRST_ROWS * 2)
  asked.evictedSentAt = -1
}

/** Room for as many as there may be. */
export function reserveOutcomes(): void {
  if (tables.outcomeRows < u32(OUTCOMES_MAX)) growOutcomes(u32(OUTCOMES_MAX))
}

/** The outcome of a count between outcomesLeft and outcomesCame. */
export function outcomeAt(count: u32): Outcome {
  return rowAt(count & (tables.outcomeRows - 1))
}

/** Notes who asks. */
export function ask(account: i32, kindClass: u32, asking: Asking): void {
  asked.who = u32(account) * 2 + kindClass
  const isOrder = kindClass === ORDER_CLASS && isCustomer(account)
  asked.isBeyond = u32(isOrder && isBeyond(account, asking))
}

/** A new account: when it asked before it was open, all its ids must be sought. */
export function noteOpened(account: u32): void {
  if (account <= asked.unopened) accountAt(account).greatest0 = u64.MAX_VALUE
}

/** Whether no outcome of the account's orders can have this id; false when it is not known. */
function isBeyond(account: i32, asking: Asking): bool {
  const row = accountAt(account)
  const first = bswap<u64>(asking.name0)
  if (first !== row.greatest0) return first > row.greatest0
  const second = bswap<u64>(asking.name1)
  if (second !== row.greatest1) return second > row.greatest1
  const third = bswap<u64>(asking.name2)
  if (third !== row.greatest2) return third > row.greatest2
  return bswap<u64>(asking.name3) > row.greatest3
}

/** Forgets outcomes that no retry may name any more; after a quiet time their rows last longer. */
export function forgetOld(time: i64): void {
  asked.forgottenBefore = time - OUTCOME_WINDOW_US - SENT_AHEAD_US
  for (let freed: u32 = 0; freed < FREED_MAX; freed += 1) {
    if (tables.outcomesLeft === tables.outcomesCame || !isForgotten(firstRow())) return
    freeFirst()
  }
}

/** The count of the oldest outcome that is not forgotten. */
export function firstKnown(): u32 {
  let count = tables.outcomesLeft
  while (count !== tables.outcomesCame && isForgotten(outcomeAt(count))) count += 1
  return count
}

function isForgotten(row: Outcome): bool {
  return row.time < asked.forgottenBefore
}

function firstRow(): Outcome {
  return outcomeAt(tables.outcomesLeft)
}

/** What the asking caller's id came to; null when it is not remembered. */
export function recall(asking: Asking): Outcome | null {
  if (asked.isBeyond !== 0) return null
  if (isCustomer(asked.who >> 1)) tagWaiting(accountAt(asked.who >> 1))
  const key = keyOf(asked.who, asking)
  const tag = key & ~ROW_MASK
  let at = homeOf(key)
  for (let word = tagAt(at); word !== 0; word = tagAt(at)) {
    if ((word & ~ROW_MASK) === tag) {
      const row = rowAt((word & ROW_MASK) - 1)
      const isIt = row.who === asked.who && hasName(row, asking)
      if (isIt && !isForgotten(row)) return row
    }
    at = (at + 1) & tables.tagsMask
  }
  return null
}

/** Whether the asking body is the remembered one. */
export function hasSameBody(row: Outcome, asking: Asking): bool {
  const differ = (row.hash0 ^ asking.hash0) | (row.hash1 ^ asking.hash1)
  return (differ | (row.hash2 ^ asking.hash2)) === 0
}

/** The first sentAt that may still be new. */
export function windowStart(time: i64): i64 {
  return max(time - OUTCOME_WINDOW_US, asked.evictedSentAt + 1)
}

/** Remembers what the asking caller's id came to. */
export function remember(asking: Asking, seq: i64, time: i64, code: i32): void {
  const count = tables.outcomesCame - tables.outcomesLeft
  if (count === tables.outcomeRows) makeRoom()
  const number = tables.outcomesCame & (tables.outcomeRows - 1)
  const row = rowAt(number)
  row.name0 = asking.name0
  row.name1 = asking.name1
  row.name2 = asking.name2
  row.name3 = asking.name3
  row.name4 = asking.name4
  row.hash0 = asking.hash0
  row.hash1 = asking.hash1
  row.hash2 = asking.hash2
  row.seq = seq
  row.sentAt = asking.sentAt
  row.time = time
  row.who = asked.who
  row.code = code
  tables.outcomesCame += 1
  if (asked.isBeyond !== 0) {
    noteGreatest(asked.who >> 1, asking)
    wait(row)
    return
  }
  if (!isCustomer(asked.who >> 1)) asked.unopened = max(asked.unopened, asked.who >> 1)
  tag(row, tables.outcomesCame - 1)
}

function noteGreatest(account: i32, asking: Asking): void {
  const row = accountAt(account)
  row.greatest0 = bswap<u64>(asking.name0)
  row.greatest1 = bswap<u64>(asking.name1)
  row.greatest2 = bswap<u64>(asking.name2)
  row.greatest3 = bswap<u64>(asking.name3)
}

/** Leaves the newest outcome out of the index until its account looks back. */
function wait(row: Outcome): void {
  const account = accountAt(row.who >> 1)
  row.before = account.waiting
  row.isTagged = 0
  account.waiting = tables.outcomesCame - 1
  account.waitingCount += 1
  if (account.waitingCount === WAITING_MAX) tagWaiting(account)
}

/** Puts what waits of an account into the index, from the newest to the oldest still remembered. */
function tagWaiting(account: Account): void {
  let count = account.waiting
  for (let left = account.waitingCount; left > 0 && isRemembered(count); left -= 1) {
    const row = outcomeAt(count)
    tag(row, count)
    count = row.before
  }
  account.waitingCount = 0
}

function isRemembered(count: u32): bool {
  return count - tables.outcomesLeft < tables.outcomesCame - tables.outcomesLeft
}

function tag(row: Outcome, count: u32): void {
  insertTag(keyOfRow(row), (count & (tables.outcomeRows - 1)) + 1)
  row.isTagged = 1
}

/** Lets the oldest go because the memory is full, or gives it more rows. */
function makeRoom(): void {
  if (tables.outcomeRows < u32(OUTCOMES_MAX)) {
    growOutcomes(tables.outcomeRows < DOUBLING_MAX ? tables.outcomeRows * 2 : u32(OUTCOMES_MAX))
    return
  }
  // It is not forgotten yet: those that are were freed before, faster than new ones come.
  asked.evictedSentAt = max(asked.evictedSentAt, firstRow().sentAt)
  freeFirst()
}

function freeFirst(): void {
  const count = tables.outcomesLeft
  const row = outcomeAt(count)
  keepName(row, count)
  if (row.isTagged !== 0) removeTag(keyOfRow(row), (count & (tables.outcomeRows - 1)) + 1)
  tables.outcomesLeft = count + 1
}

/** An open order whose id stood here alone gets it written down. */
function keepName(row: Outcome, count: u32): void {
  if (row.code !== 0 || (row.who & 1) !== ORDER_CLASS) return
  const slot = findSlot(row.seq)
  if (slot === 0 || (orderAt(slot).flags & NAME_REMEMBERED) === 0) return
  assert(nameRefAt(slot) === count, 'INV-09: the outcome of an open order is its own')
  const name = nameAt(slot)
  name.word0 = row.name0
  name.word1 = row.name1
  name.word2 = row.name2
  name.word3 = row.name3
  name.word4 = row.name4
  orderAt(slot).flags &= ~NAME_REMEMBERED
}

// Small exchanges stay small; a large one pays for its growth once and early, not at its peak.
function growOutcomes(more: u32): void {
  const rows = tables.outcomeRows
  const ring = tables.outcomes
  tables.outcomes = moved(ring, 0, usize(more) * ROW_BYTES)
  tables.outcomeRows = more
  createTags(more * 2)
  for (let count = tables.outcomesLeft; count !== tables.outcomesCame; count += 1) {
    const row = outcomeAt(count)
    memory.copy(changetype<usize>(row), ring + usize(count & (rows - 1)) * ROW_BYTES, ROW_BYTES)
    if (row.isTagged !== 0) tag(row, count)
  }
}

function rowAt(number: u32): Outcome {
  return changetype<Outcome>(tables.outcomes + usize(number) * ROW_BYTES)
}

function hasName(row: Outcome, asking: Asking): bool {
  const first = (row.name0 ^ asking.name0) | (row.name1 ^ asking.name1)
  const second = (row.name2 ^ asking.name2) | (row.name3 ^ asking.name3)
  return (first | second | (row.name4 ^ asking.name4)) === 0
}

function keyOf(who: u32, asking: Asking): u32 {
  let key = (u64(who) + 1) * 0x9e3779b97f4a7c15
  key = mix(key ^ u64(asking.name0))
  key = mix(key ^ u64(asking.name1))
  if ((asking.name2 | asking.name3 | asking.name4) !== 0) {
    key = mix(key ^ u64(asking.name2))
    key = mix(key ^ u64(asking.name3))
    key = mix(key ^ u64(asking.name4))
  }
  return u32(key >> 32)
}

function keyOfRow(row: Outcome): u32 {
  return keyOf(row.who, changetype<Asking>(changetype<usize>(row) - NAME_AT))
}

function mix(key: u64): u64 {
  const product = key * 0xff51afd7ed558ccd
  return product ^ (product >> 32)
}

function createTags(places: u32): void {
  tables.tags = allocate(usize(places) << 2)
  tables.tagsMask = places - 1
  tables.tagsShift = clz(places - 1)
}

function tagAt(at: u32): u32 {
  return load<u32>(tables.tags + (usize(at) << 2))
}

function putTag(at: u32, word: u32): void {
  store<u32>(tables.tags + (usize(at) << 2), word)
}

function homeOf(key: u32): u32 {
  return (key * GOLDEN) >> tables.tagsShift
}

function insertTag(key: u32, row: u32): void {
  let at = homeOf(key)
  while (tagAt(at) !== 0) at = (at + 1) & tables.tagsMask
  putTag(at, (key & ~ROW_MASK) | row)
}

/** Removes a row, which must be there, and closes the gap. */
function removeTag(key: u32, row: u32): void {
  const mask = tables.tagsMask
  let hole = homeOf(key)
  while ((tagAt(hole) & ROW_MASK) !== row) hole = (hole + 1) & mask
  let next = (hole + 1) & mask
  for (let word = tagAt(next); word !== 0; word = tagAt(next)) {
    const home = homeOf(keyOfRow(rowAt((word & ROW_MASK) - 1)))
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      putTag(hole, word)
      hole = next
    }
    next = (next + 1) & mask
  }
  putTag(hole, 0)
}

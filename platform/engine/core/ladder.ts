// Ladder: which prices of a side have orders, as a tree of pages of 256.
//
// Both sides count prices by rank, the best first: a sale's rank is its price, a buy's what is left
// of it to the greatest price. A rank is four digits of base 256. A page holds a bitmap and a child
// per digit: a page of the next digit, in the last one a level. All sides share one pool, and every
// step is bounded whatever prices come. INV-04: no empty level, no empty page but the root; best is
// always the least rank.

import { allocate, moved, tables } from './memory.ts'
import { BUY } from './orders.ts'

/** One side of one market. */
@unmanaged
export class Side {
  /** A price XOR this is its rank. */
  flip: i32
  root: u32
  /** The level of the best price; 0 = empty. */
  best: u32
  /** The last page looked up: the upper three digits of its ranks, -1 for none. */
  leafOf: i32
  leaf: u32
  /** How many prices have orders. */
  levels: u32
}

@unmanaged
export class Level {
  /** The sum of its orders' lots. */
  lots: i64
  head: u32
  tail: u32
  rank: i32
  leaf: u32
  /** Lots that its icebergs hide. */
  hidden: i64
}

@unmanaged
class Page {
  bits0: u64
  bits1: u64
  bits2: u64
  bits3: u64
}

const LEVEL_BITS: usize = 5
const BITMAP_WORDS: i32 = 4
const BITMAP_BYTES: usize = 32
const PAGE_BYTES: usize = 1056
const FIRST_PAGES: u32 = 64
const FIRST_LEVELS: u32 = 256

export function createLadder(): void {
  tables.pageRows = FIRST_PAGES
  tables.pages = allocate(usize(FIRST_PAGES) * PAGE_BYTES)
  tables.pagesUsed = 1
  tables.levelRows = FIRST_LEVELS
  tables.levels = allocate(usize(FIRST_LEVELS) << LEVEL_BITS)
  tables.levelsUsed = 1
}

/** Makes an empty side with a root page of its own. */
export function createSide(at: Side, side: u32): void {
  at.flip = side === BUY ? i32.MAX_VALUE : 0
  at.root = takePage()
  at.best = 0
  at.leafOf = -1
  at.leaf = 0
  at.levels = 0
}

export function levelAt(level: u32): Level {
  return changetype<Level>(tables.levels + (usize(level) << LEVEL_BITS))
}

/** The price of a level. */
export function priceOf(side: Side, level: u32): i32 {
  return levelAt(level).rank ^ side.flip
}

/** The level at a price, made when there is none. */
export function levelFor(side: Side, price: i32): u32 {
  const rank = price ^ side.flip
  const leaf = leafFor(side, rank)
  const level = childAt(leaf, rank & 255)
  return level === 0 ? addLevel(side, leaf, rank) : level
}

/** Whether a price has orders; touches nothing. */
export function hasLevel(side: Side, price: i32): bool {
  const rank = price ^ side.flip
  const first = childAt(side.root, rank >> 24)
  if (first === 0) return false
  const second = childAt(first, (rank >> 16) & 255)
  if (second === 0) return false
  const leaf = childAt(second, (rank >> 8) & 255)
  return leaf !== 0 && childAt(leaf, rank & 255) !== 0
}

/** Takes an empty level out and finds the next best. */
export function dropLevel(side: Side, level: u32): void {
  const row = levelAt(level)
  const rank = row.rank
  const leaf = row.leaf
  assert(row.lots === 0, 'INV-04: an empty level has no lots')
  clearChild(leaf, rank & 255)
  row.head = tables.levelsFree
  tables.levelsFree = level
  side.levels -= 1
  const leafIsEmpty = isEmpty(leaf)
  if (leafIsEmpty) dropLeaf(side, leaf, rank)
  if (side.best !== level) return
  side.best = leafIsEmpty ? firstBelow(side.root, 3) : firstBelow(leaf, 0)
}

/** The level that comes after one in priority; 0 = none. */
export function levelAfter(side: Side, level: u32): u32 {
  const rank = levelAt(level).rank
  const leaf = levelAt(level).leaf
  const found = firstDigit(leaf, (rank & 255) + 1)
  if (found >= 0) return childAt(leaf, found)
  const first = childAt(side.root, rank >> 24)
  const second = childAt(first, (rank >> 16) & 255)
  let next = levelBeyond(second, (rank >> 8) & 255, 1)
  if (next === 0) next = levelBeyond(first, (rank >> 16) & 255, 2)
  return next === 0 ? levelBeyond(side.root, rank >> 24, 3) : next
}

/** The level after one, or the first of all when it is 0. */
export function firstLevelBeyond(side: Side, level: u32): u32 {
  return level === 0 ? side.best : levelAfter(side, level)
}

function levelBeyond(page: u32, digit: i32, height: i32): u32 {
  const found = firstDigit(page, digit + 1)
  return found < 0 ? 0 : firstBelow(childAt(page, found), height - 1)
}

/** The first level under a page; height 0 is a page of levels. 0 when the page is empty. */
function firstBelow(page: u32, height: i32): u32 {
  let child = page
  for (let rest = height; rest >= 0; rest -= 1) {
    const digit = firstDigit(child, 0)
    if (digit < 0) return 0
    child = childAt(child, digit)
  }
  return child
}

/** The least digit of a page that is at least `from`, which may be 256; -1 = none. */
function firstDigit(page: u32, from: i32): i32 {
  let word = from >> 6
  if (word === BITMAP_WORDS) return -1
  let bits = bitsAt(page, word) & (u64.MAX_VALUE << u64(from & 63))
  while (bits === 0) {
    word += 1
    if (word === BITMAP_WORDS) return -1
    bits = bitsAt(page, word)
  }
  return (word << 6) + i32(ctz(bits))
}

function leafFor(side: Side, rank: i32): u32 {
  const leafOf = rank >> 8
  if (side.leafOf === leafOf) return side.leaf
  const first = pageFor(side.root, rank >> 24)
  const second = pageFor(first, (rank >> 16) & 255)
  side.leaf = pageFor(second, (rank >> 8) & 255)
  side.leafOf = leafOf
  return side.leaf
}

function pageFor(parent: u32, digit: i32): u32 {
  const page = childAt(parent, digit)
  if (page !== 0) return page
  const made = takePage()
  setChild(parent, digit, made)
  return made
}

function addLevel(side: Side, leaf: u32, rank: i32): u32 {
  const level = takeLevel()
  const row = levelAt(level)
  side.levels += 1
  row.lots = 0
  row.head = 0
  row.tail = 0
  row.rank = rank
  row.leaf = leaf
  setChild(leaf, rank & 255, level)
  if (side.best === 0 || rank < levelAt(side.best).rank) side.best = level
  return level
}

/** Frees a page of levels that became empty, and the pages above that became so by it. */
function dropLeaf(side: Side, leaf: u32, rank: i32): void {
  const first = childAt(side.root, rank >> 24)
  const second = childAt(first, (rank >> 16) & 255)
  if (side.leaf === leaf) side.leafOf = -1
  freePage(leaf)
  clearChild(second, (rank >> 8) & 255)
  if (!isEmpty(second)) return
  freePage(second)
  clearChild(first, (rank >> 16) & 255)
  if (!isEmpty(first)) return
  freePage(first)
  clearChild(side.root, rank >> 24)
}

function pageAt(page: u32): usize {
  return tables.pages + usize(page) * PAGE_BYTES
}

function bitsAt(page: u32, word: i32): u64 {
  return load<u64>(pageAt(page) + (usize(word) << 3))
}

function childAt(page: u32, digit: i32): u32 {
  return load<u32>(pageAt(page) + (usize(digit) << 2), BITMAP_BYTES)
}

function setChild(page: u32, digit: i32, child: u32): void {
  const at = pageAt(page)
  const word = at + ((usize(digit) >> 6) << 3)
  store<u64>(word, load<u64>(word) | (u64(1) << u64(digit & 63)))
  store<u32>(at + (usize(digit) << 2), child, BITMAP_BYTES)
}

function clearChild(page: u32, digit: i32): void {
  const at = pageAt(page)
  const word = at + ((usize(digit) >> 6) << 3)
  store<u64>(word, load<u64>(word) & ~(u64(1) << u64(digit & 63)))
  store<u32>(at + (usize(digit) << 2), 0, BITMAP_BYTES)
}

function isEmpty(page: u32): bool {
  const bits = changetype<Page>(pageAt(page))
  return (bits.bits0 | bits.bits1 | bits.bits2 | bits.bits3) === 0
}

// An empty page is all zeros; the list of free ones is linked by the first child.
function takePage(): u32 {
  const page = tables.pagesFree
  if (page !== 0) {
    tables.pagesFree = childAt(page, 0)
    store<u32>(pageAt(page), 0, BITMAP_BYTES)
    return page
  }
  if (tables.pagesUsed === tables.pageRows) {
    const bytes = usize(tables.pageRows) * PAGE_BYTES
    tables.pages = moved(tables.pages, bytes, bytes * 2)
    tables.pageRows *= 2
  }
  tables.pagesUsed += 1
  return tables.pagesUsed - 1
}

function freePage(page: u32): void {
  store<u32>(pageAt(page), tables.pagesFree, BITMAP_BYTES)
  tables.pagesFree = page
}

function takeLevel(): u32 {
  const level = tables.levelsFree
  if (level !== 0) {
    tables.levelsFree = levelAt(level).head
    return level
  }
  if (tables.levelsUsed === tables.levelRows) {
    const bytes = usize(tables.levelRows) << LEVEL_BITS
    tables.levels = moved(tables.levels, bytes, bytes * 2)
    tables.levelRows *= 2
  }
  tables.levelsUsed += 1
  return tables.levelsUsed - 1
}

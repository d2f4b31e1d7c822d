// Ladder: which prices of a side have orders, as a tree of pages of 256.
//
// A price is four digits of base 256. A page holds a bitmap and a child per digit: a page of the
// next digit, in the last one a level. All sides of all markets share one pool, so memory follows
// what is used, and every step is bounded whatever prices come. INV-04: no empty level, no empty
// page but the root; best is always the extreme price of its side.

import { assert } from '#kernel/assert.ts'
import type { Rows } from '../columns.ts'
import * as columns from '../columns.ts'
import * as rows from './orders.ts'

const { createRows, doubledInts, growRows, intAt, numAt } = columns
const { BUY } = rows

export type Ladder = {
  /** Pages: 8 words of bitmap, 256 children. Page 0 is nobody's. */
  pages: Int32Array
  pagesUsed: number
  freePage: number
  /** Levels of 32 bytes. Level 0 is nobody's. */
  readonly levels: Rows
  levelsUsed: number
  freeLevel: number
}

/** One side of one market. */
export type LadderSide = {
  readonly side: number
  readonly root: number
  /** The level of the best price; 0 = empty. */
  best: number
  /** The last page looked up: the upper three digits of its prices, -1 for none. */
  leafOf: number
  leaf: number
}

export const LEVEL_NUMS = 4
export const LEVEL_INTS = 8
/** Float64 cell of a level: sum of its orders' lots. */
export const LOTS = 0
/** Int32 cells of a level. */
export const HEAD = 2
export const TAIL = 3
export const LEVEL_PRICE = 4
const LEAF = 5

const LEVEL_BYTES = 32
const BITMAP_WORDS = 8
const PAGE_WORDS = 264
const FIRST_PAGES = 64
const FIRST_LEVELS = 256

export function createLadder(): Ladder {
  return {
    pages: new Int32Array(FIRST_PAGES * PAGE_WORDS),
    pagesUsed: 1,
    freePage: 0,
    levels: createRows(FIRST_LEVELS, LEVEL_BYTES),
    levelsUsed: 1,
    freeLevel: 0,
  }
}

/** An empty side with a root page of its own. */
export function createSide(ladder: Ladder, side: number): LadderSide {
  return { side, root: takePage(ladder), best: 0, leafOf: -1, leaf: 0 }
}

/** The price of a level. */
export function priceOf(ladder: Ladder, level: number): number {
  return intAt(ladder.levels.i32, level * LEVEL_INTS + LEVEL_PRICE)
}

/** The level at a price, made when there is none. */
export function levelFor(ladder: Ladder, side: LadderSide, price: number): number {
  const leaf = leafFor(ladder, side, price)
  const level = intAt(ladder.pages, childWord(leaf, price & 255))
  return level === 0 ? addLevel(ladder, side, leaf, price) : level
}

/** Takes an empty level out and finds the next best. */
export function dropLevel(ladder: Ladder, side: LadderSide, level: number): void {
  const row = level * LEVEL_INTS
  const { i32, f64 } = ladder.levels
  const price = intAt(i32, row + LEVEL_PRICE)
  const leaf = intAt(i32, row + LEAF)
  assert(numAt(f64, level * LEVEL_NUMS + LOTS) === 0, 'INV-04: an empty level has no lots')
  clearChild(ladder, leaf, price & 255)
  i32[row + HEAD] = ladder.freeLevel
  ladder.freeLevel = level
  const leafIsEmpty = isEmpty(ladder, leaf)
  if (leafIsEmpty) dropLeaf(ladder, side, leaf, price)
  if (side.best !== level) return
  side.best = leafIsEmpty ? bestBelow(ladder, side, side.root, 3) : bestBelow(ladder, side, leaf, 0)
}

/** The level that comes after one in priority; 0 = none. */
export function levelAfter(ladder: Ladder, side: LadderSide, level: number): number {
  const price = priceOf(ladder, level)
  const leaf = intAt(ladder.levels.i32, level * LEVEL_INTS + LEAF)
  const found = nextDigit(ladder, side, leaf, price & 255)
  if (found >= 0) return intAt(ladder.pages, childWord(leaf, found))
  const first = intAt(ladder.pages, childWord(side.root, price >>> 24))
  const second = intAt(ladder.pages, childWord(first, (price >>> 16) & 255))
  return (
    levelBeyond(ladder, side, { page: second, digit: (price >>> 8) & 255, height: 1 }) ||
    levelBeyond(ladder, side, { page: first, digit: (price >>> 16) & 255, height: 2 }) ||
    levelBeyond(ladder, side, { page: side.root, digit: price >>> 24, height: 3 })
  )
}

type Spot = { readonly page: number; readonly digit: number; readonly height: number }

function levelBeyond(ladder: Ladder, side: LadderSide, { page, digit, height }: Spot): number {
  const found = nextDigit(ladder, side, page, digit)
  if (found < 0) return 0
  return bestBelow(ladder, side, intAt(ladder.pages, childWord(page, found)), height - 1)
}

/** The best level under a page; height 0 is a page of levels. 0 when the page is empty. */
function bestBelow(ladder: Ladder, side: LadderSide, page: number, height: number): number {
  let child = page
  for (let rest = height; rest >= 0; rest -= 1) {
    const digit = side.side === BUY ? lastDigit(ladder, child, 255) : firstDigit(ladder, child, 0)
    if (digit < 0) return 0
    child = intAt(ladder.pages, childWord(child, digit))
  }
  return child
}

/** The next digit of a page in priority after one; -1 = none. */
function nextDigit(ladder: Ladder, side: LadderSide, page: number, digit: number): number {
  if (side.side === BUY) return digit === 0 ? -1 : lastDigit(ladder, page, digit - 1)
  return digit === 255 ? -1 : firstDigit(ladder, page, digit + 1)
}

/** The greatest digit of a page that is at most `from`; -1 = none. */
function lastDigit(ladder: Ladder, page: number, from: number): number {
  let word = from >>> 5
  let bits = intAt(ladder.pages, page * PAGE_WORDS + word) & (-1 >>> (31 - (from & 31)))
  while (bits === 0) {
    if (word === 0) return -1
    word -= 1
    bits = intAt(ladder.pages, page * PAGE_WORDS + word)
  }
  return word * 32 + 31 - Math.clz32(bits)
}

/** The least digit of a page that is at least `from`; -1 = none. */
function firstDigit(ladder: Ladder, page: number, from: number): number {
  let word = from >>> 5
  let bits = intAt(ladder.pages, page * PAGE_WORDS + word) & (-1 << (from & 31))
  while (bits === 0) {
    word += 1
    if (word === BITMAP_WORDS) return -1
    bits = intAt(ladder.pages, page * PAGE_WORDS + word)
  }
  return word * 32 + 31 - Math.clz32(bits & -bits)
}

function leafFor(ladder: Ladder, side: LadderSide, price: number): number {
  const leafOf = price >>> 8
  if (side.leafOf === leafOf) return side.leaf
  const first = pageFor(ladder, side.root, price >>> 24)
  const second = pageFor(ladder, first, (price >>> 16) & 255)
  side.leaf = pageFor(ladder, second, (price >>> 8) & 255)
  side.leafOf = leafOf
  return side.leaf
}

function pageFor(ladder: Ladder, parent: number, digit: number): number {
  const page = intAt(ladder.pages, childWord(parent, digit))
  if (page !== 0) return page
  const made = takePage(ladder)
  setChild(ladder, parent, digit, made)
  return made
}

function addLevel(ladder: Ladder, side: LadderSide, leaf: number, price: number): number {
  const level = takeLevel(ladder)
  const { i32, f64 } = ladder.levels
  const row = level * LEVEL_INTS
  f64[level * LEVEL_NUMS + LOTS] = 0
  i32[row + HEAD] = 0
  i32[row + TAIL] = 0
  i32[row + LEVEL_PRICE] = price
  i32[row + LEAF] = leaf
  setChild(ladder, leaf, price & 255, level)
  if (side.best === 0 || isBetter(side, price, priceOf(ladder, side.best))) side.best = level
  return level
}

function isBetter(side: LadderSide, price: number, than: number): boolean {
  return side.side === BUY ? price > than : price < than
}

/** Frees a page of levels that became empty, and the pages above that became so by it. */
function dropLeaf(ladder: Ladder, side: LadderSide, leaf: number, price: number): void {
  const first = intAt(ladder.pages, childWord(side.root, price >>> 24))
  const second = intAt(ladder.pages, childWord(first, (price >>> 16) & 255))
  if (side.leaf === leaf) side.leafOf = -1
  freePage(ladder, leaf)
  clearChild(ladder, second, (price >>> 8) & 255)
  if (!isEmpty(ladder, second)) return
  freePage(ladder, second)
  clearChild(ladder, first, (price >>> 16) & 255)
  if (!isEmpty(ladder, first)) return
  freePage(ladder, first)
  clearChild(ladder, side.root, price >>> 24)
}

function childWord(page: number, digit: number): number {
  return page * PAGE_WORDS + BITMAP_WORDS + digit
}

function setChild(ladder: Ladder, page: number, digit: number, child: number): void {
  const word = page * PAGE_WORDS + (digit >>> 5)
  ladder.pages[word] = intAt(ladder.pages, word) | (1 << (digit & 31))
  ladder.pages[childWord(page, digit)] = child
}

function clearChild(ladder: Ladder, page: number, digit: number): void {
  const word = page * PAGE_WORDS + (digit >>> 5)
  ladder.pages[word] = intAt(ladder.pages, word) & ~(1 << (digit & 31))
  ladder.pages[childWord(page, digit)] = 0
}

function isEmpty(ladder: Ladder, page: number): boolean {
  const word = page * PAGE_WORDS
  for (let i = 0; i < BITMAP_WORDS; i += 1) {
    if (intAt(ladder.pages, word + i) !== 0) return false
  }
  return true
}

// An empty page is all zeros; the list of free ones is linked by the first child.
function takePage(ladder: Ladder): number {
  const page = ladder.freePage
  if (page !== 0) {
    ladder.freePage = intAt(ladder.pages, childWord(page, 0))
    ladder.pages[childWord(page, 0)] = 0
    return page
  }
  if ((ladder.pagesUsed + 1) * PAGE_WORDS > ladder.pages.length) {
    ladder.pages = doubledInts(ladder.pages)
  }
  ladder.pagesUsed += 1
  return ladder.pagesUsed - 1
}

function freePage(ladder: Ladder, page: number): void {
  ladder.pages[childWord(page, 0)] = ladder.freePage
  ladder.freePage = page
}

function takeLevel(ladder: Ladder): number {
  const level = ladder.freeLevel
  if (level !== 0) {
    ladder.freeLevel = intAt(ladder.levels.i32, level * LEVEL_INTS + HEAD)
    return level
  }
  if (ladder.levelsUsed * LEVEL_NUMS === ladder.levels.f64.length) growRows(ladder.levels)
  ladder.levelsUsed += 1
  return ladder.levelsUsed - 1
}

// Tag table: from a 32-bit key to the numbers of rows that have it, one word for each row.
//
// For tables that are large and mostly asked for what is not there: a word holds a row and a tag of
// its key, so that twice as much of the table stays in caches, and a row is looked at only when the
// tag agrees. Keys stand in a column by row; who looks something up compares the rows themselves.
// At most half of it is used; deletion shifts back. Its order never leaves the process.

import * as columns from './columns.ts'

const { intAt } = columns

export type TagTable = {
  /** Row in the low 21 bits, the upper 11 bits of its key above; 0 means free. */
  places: Int32Array
  /** The key of every row, 0 for the row that is nobody's. */
  keys: Int32Array
  mask: number
  shift: number
}

const GOLDEN = 0x9e3779b1
const ROW_MASK = 0x1fffff

/** An empty table for so many rows, a power of two; rows are numbered from 1. */
export function createTagTable(rows: number): TagTable {
  const places = rows * 2
  return {
    places: new Int32Array(places),
    keys: new Int32Array(rows + 1),
    mask: places - 1,
    shift: Math.clz32(places - 1),
  }
}

/** Where the search for a key begins. */
export function homeOf(table: TagTable, key: number): number {
  return Math.imul(key, GOLDEN) >>> table.shift
}

/** The first place from `from` on that may hold the key, or a free one; ask taggedRow. */
export function seek(table: TagTable, key: number, from: number): number {
  const { places, mask } = table
  const tag = key & ~ROW_MASK
  let place = from & mask
  for (let word = intAt(places, place); word !== 0; word = intAt(places, place)) {
    if ((word & ~ROW_MASK) === tag) return place
    place = (place + 1) & mask
  }
  return place
}

/** The row at a place; 0 = free. */
export function taggedRow(table: TagTable, place: number): number {
  return intAt(table.places, place) & ROW_MASK
}

/** Adds a row under a key; there must be room. */
export function addTagged(table: TagTable, key: number, row: number): void {
  table.keys[row] = key
  insert(table, key, row)
}

/** Removes a row, which must be there, and closes the gap. */
export function removeTagged(table: TagTable, row: number): void {
  const { places, keys, mask } = table
  let hole = homeOf(table, intAt(keys, row))
  while (taggedRow(table, hole) !== row) hole = (hole + 1) & mask
  let next = (hole + 1) & mask
  for (let word = intAt(places, next); word !== 0; word = intAt(places, next)) {
    const fromHome = (next - homeOf(table, intAt(keys, word & ROW_MASK))) & mask
    if (fromHome >= ((next - hole) & mask)) {
      places[hole] = word
      hole = next
    }
    next = (next + 1) & mask
  }
  places[hole] = 0
}

/** Makes room for so many rows, a power of two above what there was room for. */
export function growTagged(table: TagTable, rows: number): void {
  const { places, keys } = table
  const larger = createTagTable(rows)
  larger.keys.set(keys)
  Object.assign(table, larger)
  for (let at = 0; at < places.length; at += 1) {
    const row = intAt(places, at) & ROW_MASK
    if (row !== 0) insert(table, intAt(keys, row), row)
  }
}

function insert(table: TagTable, key: number, row: number): void {
  const { places, mask } = table
  let place = homeOf(table, key)
  while (intAt(places, place) !== 0) place = (place + 1) & mask
  places[place] = (key & ~ROW_MASK) | row
}

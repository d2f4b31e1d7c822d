// Index table: from a 32-bit key to the numbers of rows that have it, by open addressing.
//
// At most half of it is used; deletion shifts back, so there are no tombstones. Keys may repeat:
// who looks something up compares the rows themselves. Its order never leaves the process.

import * as columns from './columns.ts'

const { intAt } = columns

export type IndexTable = {
  /** Pairs of key and row; row 0 means free. */
  pairs: Int32Array
  mask: number
  shift: number
  count: number
}

const GOLDEN = 0x9e3779b1

/** An empty table for at least so many rows before it grows; a power of two. */
export function createIndexTable(rows: number): IndexTable {
  const places = rows * 2
  return {
    pairs: new Int32Array(places * 2),
    mask: places - 1,
    shift: Math.clz32(places - 1),
    count: 0,
  }
}

/** Where the search for a key begins; go on with nextPlace until rowAt answers 0. */
export function firstPlace(table: IndexTable, key: number): number {
  return Math.imul(key, GOLDEN) >>> table.shift
}

export function nextPlace(table: IndexTable, place: number): number {
  return (place + 1) & table.mask
}

export function keyAt(table: IndexTable, place: number): number {
  return intAt(table.pairs, 2 * place)
}

export function rowAt(table: IndexTable, place: number): number {
  return intAt(table.pairs, 2 * place + 1)
}

/** Adds a row under a key; rows are above 0. */
export function addRow(table: IndexTable, key: number, row: number): void {
  if (2 * table.count > table.mask) reserveRows(table, table.mask + 1)
  insert(table, key, row)
  table.count += 1
}

/** Removes what stands at a place and closes the gap. */
export function removePlace(table: IndexTable, place: number): void {
  const { pairs } = table
  let hole = place
  let next = nextPlace(table, place)
  for (let row = rowAt(table, next); row !== 0; row = rowAt(table, next)) {
    const key = keyAt(table, next)
    const fromHome = (next - firstPlace(table, key)) & table.mask
    if (fromHome >= ((next - hole) & table.mask)) {
      pairs[2 * hole] = key
      pairs[2 * hole + 1] = row
      hole = next
    }
    next = nextPlace(table, next)
  }
  pairs[2 * hole] = 0
  pairs[2 * hole + 1] = 0
  table.count -= 1
}

/** Removes a row under its key; it must be there. */
export function removeRow(table: IndexTable, key: number, row: number): void {
  let place = firstPlace(table, key)
  while (rowAt(table, place) !== row) place = nextPlace(table, place)
  removePlace(table, place)
}

function insert(table: IndexTable, key: number, row: number): void {
  let place = firstPlace(table, key)
  while (rowAt(table, place) !== 0) place = nextPlace(table, place)
  table.pairs[2 * place] = key
  table.pairs[2 * place + 1] = row
}

/** Makes room for at least so many rows, so that adding them never stops to grow. */
export function reserveRows(table: IndexTable, rows: number): void {
  const places = rows * 2
  if (places <= table.mask + 1) return
  const old = table.pairs
  table.pairs = new Int32Array(places * 2)
  table.mask = places - 1
  table.shift = Math.clz32(places - 1)
  for (let at = 0; at < old.length; at += 2) {
    if (intAt(old, at + 1) !== 0) insert(table, intAt(old, at), intAt(old, at + 1))
  }
}

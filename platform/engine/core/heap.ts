// Heap: what falls due at a time, the earliest first; what no longer does is taken out anywhere.
//
// A heap of entries: a time, a number that decides among equal times, a row of some other table. A
// second table says where in the heap a row stands. An entry has four below it, which stand side by
// side: of a hundred thousand the first leaves over half as many cold lines as of two.

import { allocate, moved } from './memory.ts'

@unmanaged
export class Heap {
  entries: usize
  /** By row: 1 + its place among the entries; 0 = it is not in the heap. */
  places: usize
  entryRows: u32
  placeRows: u32
  count: u32
}

@unmanaged
class Entry {
  at: i64
  tie: i64
  row: u32
  spare: u32
}

const ENTRY_BYTES: usize = 24
const FIRST_ROWS: u32 = 64
/** Entries below one. */
const ARITY: u32 = 4

export function createHeap(heap: Heap): void {
  heap.entryRows = FIRST_ROWS
  heap.entries = allocate(usize(FIRST_ROWS) * ENTRY_BYTES)
  heap.placeRows = FIRST_ROWS
  heap.places = allocate(usize(FIRST_ROWS) << 2)
}

/** The row that is due first; the heap is not empty. */
export function firstRow(heap: Heap): u32 {
  return entryAt(heap, 0).row
}

/** When the first row is due; the heap is not empty. */
export function firstTime(heap: Heap): i64 {
  return entryAt(heap, 0).at
}

/** Adds a row that is not in the heap. */
export function addDue(heap: Heap, row: u32, at: i64, tie: i64): void {
  while (row >= heap.placeRows) {
    const bytes = usize(heap.placeRows) << 2
    heap.places = moved(heap.places, bytes, bytes * 2)
    heap.placeRows *= 2
  }
  if (heap.count === heap.entryRows) {
    const bytes = usize(heap.entryRows) * ENTRY_BYTES
    heap.entries = moved(heap.entries, bytes, bytes * 2)
    heap.entryRows *= 2
  }
  heap.count += 1
  rise(heap, heap.count - 1, at, tie, row)
}

/** Takes a row out, wherever it stands; nothing when it is not in the heap. */
export function removeDue(heap: Heap, row: u32): void {
  const place = row < heap.placeRows ? load<u32>(placeOf(heap, row)) : 0
  if (place === 0) return
  store<u32>(placeOf(heap, row), 0)
  heap.count -= 1
  const last = entryAt(heap, heap.count)
  if (last.row === row) return
  const hole = sink(heap, place - 1, last.at, last.tie)
  rise(heap, hole, last.at, last.tie, last.row)
}

/** Moves the hole down until nothing below is earlier than what is going to fill it. */
function sink(heap: Heap, from: u32, at: i64, tie: i64): u32 {
  let hole = from
  while (true) {
    const first = hole * ARITY + 1
    if (first >= heap.count) return hole
    const child = earliest(heap, first)
    if (isEarlier(at, tie, entryAt(heap, child))) return hole
    put(heap, hole, entryAt(heap, child))
    hole = child
  }
}

/** Of the children that begin at a place. */
function earliest(heap: Heap, first: u32): u32 {
  const end = min(first + ARITY, heap.count)
  let child = first
  for (let place = first + 1; place < end; place += 1) {
    const other = entryAt(heap, place)
    if (isEarlier(other.at, other.tie, entryAt(heap, child))) child = place
  }
  return child
}

/** Moves the hole up past everything that is later, and fills it. */
function rise(heap: Heap, from: u32, at: i64, tie: i64, row: u32): void {
  let hole = from
  while (hole > 0 && isEarlier(at, tie, entryAt(heap, (hole - 1) / ARITY))) {
    put(heap, hole, entryAt(heap, (hole - 1) / ARITY))
    hole = (hole - 1) / ARITY
  }
  const entry = entryAt(heap, hole)
  entry.at = at
  entry.tie = tie
  entry.row = row
  store<u32>(placeOf(heap, row), hole + 1)
}

function put(heap: Heap, place: u32, from: Entry): void {
  const entry = entryAt(heap, place)
  entry.at = from.at
  entry.tie = from.tie
  entry.row = from.row
  store<u32>(placeOf(heap, from.row), place + 1)
}

function isEarlier(at: i64, tie: i64, other: Entry): bool {
  return at === other.at ? tie < other.tie : at < other.at
}

function entryAt(heap: Heap, place: u32): Entry {
  return changetype<Entry>(heap.entries + usize(place) * ENTRY_BYTES)
}

function placeOf(heap: Heap, row: u32): usize {
  return heap.places + (usize(row) << 2)
}

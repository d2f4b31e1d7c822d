// Record: the little that the journal knows about what frames carry.
//
// Records are cells of 64 bytes and say in bytes 2 and 3 how many they are. A command has its
// number (seq) at byte 8, an event its number (eventNo) at 8 and the command's seq at 16. Numbers
// go up by one from record to record. What else stands in a record is opaque here.

import { join64 } from '#kernel/amount.ts'

export const CELL_BYTES = 64
const CELL_WORDS = 16

/** One buffer seen as bytes, as words and, to be copied quickly, as long words; whole cells. */
export type Window = {
  readonly bytes: Uint8Array
  readonly i32: Int32Array
  readonly i64: BigInt64Array
}

/** A zeroed buffer of so many cells. */
export function createWindow(cells: number): Window {
  const buffer = new ArrayBuffer(cells * CELL_BYTES)
  const bytes = new Uint8Array(buffer)
  return { bytes, i32: new Int32Array(buffer), i64: new BigInt64Array(buffer) }
}

/** Cells of the record at a cell. */
export function recordCells({ i32 }: Window, at: number): number {
  return wordAt(i32, at * CELL_WORDS) >>> 16
}

/** The record's own number: seq of a command, eventNo of an event. */
export function recordNumber({ i32 }: Window, at: number): number {
  return get64(i32, at * CELL_WORDS + 2)
}

/** The seq of the command that caused the event at a cell. */
export function eventSeq({ i32 }: Window, at: number): number {
  return get64(i32, at * CELL_WORDS + 4)
}

/** Reads an unsigned integer of two words. */
export function get64(words: Int32Array, at: number): number {
  return join64(wordAt(words, at), wordAt(words, at + 1))
}

/** Reads one word; what lies outside is a bug of the caller. */
export function wordAt(words: Int32Array, at: number): number {
  return words[at] as number // Typed arrays have no holes.
}

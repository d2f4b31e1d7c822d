// Words: the bytes of records as little-endian int32 words.
//
// A record is one or more cells of 64 bytes (16 words). Integers below 2^53 take two words, the low
// one first; signed ones are two's complement. Hosts are little-endian: createCells asserts it.

import * as amounts from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'

const { join64 } = amounts

/** One buffer seen as bytes, as words and, to be copied quickly, as long words. */
export type Words = {
  readonly bytes: Uint8Array
  readonly i32: Int32Array
  readonly i64: BigInt64Array
}

export const CELL_BYTES = 64
export const CELL_WORDS = 16
const CELL_LONGS = 8
const TWO_32 = 4_294_967_296

/** A zeroed buffer of so many cells. */
export function createWords(cells: number): Words {
  const buffer = new ArrayBuffer(cells * CELL_BYTES)
  assert(new Uint8Array(Int32Array.of(1).buffer)[0] === 1, 'records need a little-endian host')
  return wordsOf(buffer, 0, cells)
}

/** So many cells of a buffer from a byte on, a multiple of 8. */
export function wordsOf(buffer: ArrayBuffer, at: number, cells: number): Words {
  const size = cells * CELL_BYTES
  const i64 = new BigInt64Array(buffer, at, size / 8)
  return { bytes: new Uint8Array(buffer, at, size), i32: new Int32Array(buffer, at, size / 4), i64 }
}

/** Copies cells; long words, which never become numbers here, are the quickest way. */
export function copyCells(from: Words, at: number, into: Words, cells: number, to = 0): void {
  const first = at * CELL_LONGS
  const start = to * CELL_LONGS
  for (let i = 0; i < cells * CELL_LONGS; i += 1) into.i64[start + i] = longAt(from.i64, first + i)
}

function longAt(longs: Words['i64'], at: number) {
  return longs[at] as (typeof longs)[number] // Typed arrays have no holes.
}

/** Reads one int32; what lies outside is a bug of the caller. */
export function wordAt(words: Int32Array, at: number): number {
  return words[at] as number // The one read of this file: typed arrays have no holes.
}

/** Reads one byte. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number // As above.
}

/** Writes a number of 32 bits without sign. */
export function put32(words: Int32Array, at: number, value: number): void {
  assert(value >>> 0 === value, 'a word has no room for this number')
  words[at] = value
}

/** Writes a safe integer that is not negative at words at and at + 1. */
export function put64(words: Int32Array, at: number, value: number): void {
  assert(value >= 0 && Number.isSafeInteger(value), 'only safe integers are written')
  words[at] = value
  words[at + 1] = value / TWO_32
}

/** Reads a safe integer that is not negative. */
export function get64(words: Int32Array, at: number): number {
  return join64(wordAt(words, at), wordAt(words, at + 1))
}

/** Writes a safe integer of either sign. */
export function putSigned64(words: Int32Array, at: number, value: number): void {
  assert(Number.isSafeInteger(value), 'only safe integers are written')
  words[at] = value
  words[at + 1] = Math.floor(value / TWO_32)
}

/** Reads a safe integer of either sign; never minus zero. */
export function getSigned64(words: Int32Array, at: number): number {
  return wordAt(words, at + 1) * TWO_32 + (wordAt(words, at) >>> 0)
}

// Frame: records with a header that proves them and names the frame before.
//
// 0 magic, 4 engineVersion, 8 bytes of payload, 12 records, 16 first number (u64), 24 build,
// 28 crc32, 32 to 63 hash of the frame before; then the payload, whole cells. The crc covers header
// and payload, itself as 0. A frame's hash is SHA-256 over all its bytes, so each frame fixes all
// before it. The last character of the magic is the version of this layout.

import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { high32, low32 } from '#kernel/amount.ts'
import { FRAME_BYTES_MAX } from './limits.ts'
import { CELL_BYTES, get64, type Window, wordAt } from './record.ts'

export const HEADER_BYTES = 64
export const HEADER_CELLS = 1
export const HASH_BYTES = 32
/** 'CBJ1' and 'CBE1' as little-endian words. */
export const MAGIC = { commands: 0x314a4243, events: 0x31454243 } as const

const CELL_WORDS = 16
const WORD = {
  magic: 0,
  engineVersion: 1,
  bytes: 2,
  count: 3,
  first: 4,
  build: 6,
  crc: 7,
  previous: 8,
} as const

export type FrameHead = {
  readonly magic: number
  readonly engineVersion: number
  /** Four bytes that name the build which wrote it; 0 when unknown. */
  readonly build: number
  /** Number of the first record. */
  readonly first: number
  readonly count: number
  /** Of the payload. */
  readonly bytes: number
}

/** What the first frame names as the one before. */
export function noHash(): Uint8Array {
  return new Uint8Array(HASH_BYTES)
}

/**
 * Writes the header into the cell at `at`, which stands before the payload, and answers the
 * frame's hash.
 */
export function sealFrame(
  into: Window,
  at: number,
  head: FrameHead,
  previous: Uint8Array,
): Uint8Array {
  const word = at * CELL_WORDS
  into.i32[word + WORD.magic] = head.magic
  into.i32[word + WORD.engineVersion] = head.engineVersion
  into.i32[word + WORD.bytes] = head.bytes
  into.i32[word + WORD.count] = head.count
  into.i32[word + WORD.first] = low32(head.first)
  into.i32[word + WORD.first + 1] = high32(head.first)
  into.i32[word + WORD.build] = head.build
  into.i32[word + WORD.crc] = 0
  into.bytes.set(previous, at * CELL_BYTES + WORD.previous * 4)
  const frame = frameBytes(into, at, head.bytes)
  into.i32[word + WORD.crc] = crc32(frame)
  return hashOf(frame)
}

/** Header and payload of the frame at a cell. */
export function frameBytes({ bytes }: Window, at: number, payloadBytes: number): Uint8Array {
  return bytes.subarray(at * CELL_BYTES, at * CELL_BYTES + HEADER_BYTES + payloadBytes)
}

/** SHA-256. */
export function hashOf(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/** Reads a header without judging it. */
export function readHead({ i32 }: Window, at: number): FrameHead {
  const word = at * CELL_WORDS
  return {
    magic: wordAt(i32, word + WORD.magic),
    engineVersion: wordAt(i32, word + WORD.engineVersion) >>> 0,
    build: wordAt(i32, word + WORD.build) >>> 0,
    first: get64(i32, word + WORD.first),
    count: wordAt(i32, word + WORD.count) >>> 0,
    bytes: wordAt(i32, word + WORD.bytes) >>> 0,
  }
}

/** The hash of the frame before, as the header at a cell names it. */
export function previousHash({ bytes }: Window, at: number): Uint8Array {
  const start = at * CELL_BYTES + WORD.previous * 4
  return bytes.subarray(start, start + HASH_BYTES)
}

/** Whether a header may be one: magic and length are possible. */
export function isPossible(head: FrameHead, magic: number): boolean {
  const { bytes, count } = head
  const isLength = bytes > 0 && bytes <= FRAME_BYTES_MAX && bytes % CELL_BYTES === 0
  return head.magic === magic && isLength && count > 0 && count <= bytes / CELL_BYTES
}

/** Whether the checksum of the frame at a cell is right; the whole frame is in the window. */
export function hasRightCrc(window: Window, at: number, payloadBytes: number): boolean {
  const word = at * CELL_WORDS + WORD.crc
  const stored = wordAt(window.i32, word)
  window.i32[word] = 0
  const isRight = (crc32(frameBytes(window, at, payloadBytes)) | 0) === stored
  window.i32[word] = stored
  return isRight
}

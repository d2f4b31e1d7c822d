// Tape format: segments of frames, and what stands in them. docs/tape.md is its description.
//
// A segment is one line of text that names it and its version, then frames: length, CRC-32 and a
// piece of one zstd stream. Unpacked it is lines of JSON, each a message of the channel between
// runner and strategy as it was sent, or one of the marks below. A change of any of this takes the
// next version; a reader refuses what it does not know.

import { crc32 } from 'node:zlib'
import { StartError } from '#kernel/start-error.ts'
import type { EventMessage, Handled, Start } from '../runtime/channel.ts'

/** Begins a segment: a start with the state as it stood, and what every start is told first. */
export type Seam = {
  readonly kind: 'seam'
  readonly start: Start
  readonly beginning: readonly EventMessage[]
}

/** So many lines could not be written in time and are missing here. */
export type Gap = { readonly kind: 'gap'; readonly lines: number }

export type TapeEntry = Start | EventMessage | Handled | Seam | Gap

export type TapeHead = {
  readonly bot: string
  readonly segment: number
  /** Microseconds. */
  readonly openedAt: number
}

const TAPE_VERSION = 1
const MAGIC = 'crossbook-tape'
const FRAME_HEAD_BYTES = 8
/** More than one flush of the recorder can become. */
const FRAME_BYTES_MAX = 16 * 1024 * 1024
const HEAD_BYTES_MAX = 1_024

export function headLine(head: TapeHead): Buffer {
  return Buffer.from(`${MAGIC} ${TAPE_VERSION} ${JSON.stringify(head)}\n`)
}

/** Undefined for a file that ends within its first line. Throws StartError for other versions. */
export function readHead(path: string, bytes: Buffer) {
  const end = bytes.subarray(0, HEAD_BYTES_MAX).indexOf('\n')
  if (end === -1 && bytes.length < HEAD_BYTES_MAX) return undefined
  const [magic, version, ...rest] = bytes.toString('utf8', 0, Math.max(0, end)).split(' ')
  if (magic !== MAGIC) throw new StartError(`${path} is no tape`)
  if (version !== String(TAPE_VERSION)) {
    throw new StartError(`${path} is a tape of version ${version}, not ${TAPE_VERSION}`)
  }
  // What headLine has written.
  const head = JSON.parse(rest.join(' ')) as TapeHead
  return { head, bytes: end + 1 }
}

export function frameOf(payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + payload.length)
  frame.writeUInt32LE(payload.length, 0)
  frame.writeUInt32LE(crc32(payload), 4)
  payload.copy(frame, FRAME_HEAD_BYTES)
  return frame
}

/** The payload of the frame at a byte; undefined where the file ends or was torn. */
export function payloadAt(bytes: Buffer, at: number): Buffer | undefined {
  if (at + FRAME_HEAD_BYTES > bytes.length) return undefined
  const length = bytes.readUInt32LE(at)
  const from = at + FRAME_HEAD_BYTES
  if (length > FRAME_BYTES_MAX || from + length > bytes.length) return undefined
  const payload = bytes.subarray(from, from + length)
  return crc32(payload) === bytes.readUInt32LE(at + 4) ? payload : undefined
}

export function frameBytes(payload: Buffer): number {
  return FRAME_HEAD_BYTES + payload.length
}

// Encode submission: a command as it is journaled, with the hash of its body when it has an id.
//
// The hash covers the encoded body without seq and time, without sentAt unless the caller gave it,
// and without an order's session and key, so that a retry has the same hash whenever it comes and
// over whatever connection. Each command is encoded once.

import { EXTENDED_PLACE_CELLS, PLACE_CELLS, WORD } from '#engine/codec/commands.ts'
import { EXTRA } from '#engine/codec/extra.ts'
import {
  BODY_HASH_BYTE,
  CELL_SIZE_BYTES,
  type Cells,
  commandCells,
  createCells,
  encodeCommand,
  stampCommand,
} from '#engine/codec.ts'
import type { Command, CommandBody } from '#engine/command.ts'
import { hashOf } from '#journal/frame.ts'
import { asMicros, type Micros } from '#kernel/time.ts'
import type { Submission } from './port.ts'

const HASH_BYTES = 24
const NEVER = asMicros(0)
const PLACE_BYTES = PLACE_CELLS * CELL_SIZE_BYTES
const EXTRA_WORD = PLACE_BYTES / 4
/** Where a place command is hashed, so that the record itself is never touched. */
const SCRATCH = createCells(EXTENDED_PLACE_CELLS)

export type Stamp = { readonly seq: number; readonly time: Micros }

/** Cells that a submission will take. */
export function submissionCells(body: Submission): number {
  return commandCells(bodyOf(body))
}

/** Writes a submission with its stamp and answers its cells; the caller has made room. */
export function encodeSubmission(body: Submission, into: Cells, at: number, stamp: Stamp): number {
  if (body.kind === 'place') return encodePlace(body, into, at, stamp)
  const command: Command = { ...bodyOf(body), seq: stamp.seq, time: stamp.time }
  if (!('requestId' in command) || command.requestId === '') {
    return encodeCommand(command, into, at)
  }
  const sentAt = command.sentAtGiven ? command.sentAt : NEVER
  const cells = encodeCommand({ ...command, sentAt, seq: 0, time: NEVER }, into, at)
  const hash = hashOf(recordBytes(into, at, cells))
  encodeCommand(command, into, at)
  putHash(into, at, { place: BODY_HASH_BYTE.others, hash })
  return cells
}

function encodePlace(
  body: Extract<Submission, { kind: 'place' }>,
  into: Cells,
  at: number,
  { seq, time }: Stamp,
): number {
  const cells = encodeCommand({ ...body, bodyHash: '', seq: 0, time: NEVER }, into, at)
  if (body.clientOrderId !== '') {
    const hash = placeHash(recordBytes(into, at, cells), body.sentAtGiven)
    putHash(into, at, { place: BODY_HASH_BYTE.place, hash })
  }
  stampCommand(into, at, seq, time)
  return cells
}

/**
 * The hash of what the caller said: what he did not is 0, and an extra that holds nothing else is
 * left out, for over REST the same order has none.
 */
function placeHash(record: Uint8Array, sentAtGiven: boolean): Uint8Array {
  const { bytes, i32 } = SCRATCH
  bytes.set(record)
  if (!sentAtGiven) i32.fill(0, WORD.sentAt, WORD.sentAt + 2)
  if (record.length === PLACE_BYTES) return hashOf(bytes.subarray(0, PLACE_BYTES))
  i32[EXTRA_WORD + EXTRA.session] = 0
  i32[EXTRA_WORD + EXTRA.key] = 0
  if (i32.subarray(EXTRA_WORD).some((word) => word !== 0)) return hashOf(bytes)
  i32[0] = ((i32[0] ?? 0) & 0xffff) | (PLACE_CELLS << 16)
  return hashOf(bytes.subarray(0, PLACE_BYTES))
}

function recordBytes({ bytes }: Cells, at: number, cells: number): Uint8Array {
  return bytes.subarray(at * CELL_SIZE_BYTES, (at + cells) * CELL_SIZE_BYTES)
}

type HashPlace = { readonly place: number; readonly hash: Uint8Array }

function putHash({ bytes }: Cells, at: number, { place, hash }: HashPlace): void {
  bytes.set(hash.subarray(0, HASH_BYTES), at * CELL_SIZE_BYTES + place)
}

function bodyOf(body: Submission): CommandBody {
  return 'sentAt' in body ? { ...body, bodyHash: '' } : body
}

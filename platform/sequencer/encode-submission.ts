// Encode submission: a command as it is journaled, with the hash of its body when it has an id.
//
// The hash covers the encoded body without seq and time, and without sentAt unless the caller gave
// it, so that a retry has the same hash whenever it comes. Each command is encoded once.

import { WORD } from '#engine/codec/commands.ts'
import {
  BODY_HASH_BYTE,
  CELL_SIZE_BYTES,
  type Cells,
  commandCells,
  encodeCommand,
  stampCommand,
} from '#engine/codec.ts'
import type { Command, CommandBody } from '#engine/command.ts'
import { hashOf } from '#journal/frame.ts'
import { asMicros, type Micros } from '#kernel/time.ts'
import type { Submission } from './port.ts'

const HASH_BYTES = 24
const NEVER = asMicros(0)
const CELL_WORDS = CELL_SIZE_BYTES / 4

export type Stamp = { readonly seq: number; readonly time: Micros }

/** Cells that a submission will take. */
export function submissionCells(body: Submission): number {
  if (body.kind === 'place') return 2
  if (body.kind === 'cancel') return 1
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
    const word = at * CELL_WORDS + WORD.sentAt
    const { [word]: low = 0, [word + 1]: high = 0 } = into.i32
    if (!body.sentAtGiven) into.i32.fill(0, word, word + 2)
    const hash = hashOf(recordBytes(into, at, cells))
    into.i32[word] = low
    into.i32[word + 1] = high
    putHash(into, at, { place: BODY_HASH_BYTE.place, hash })
  }
  stampCommand(into, at, seq, time)
  return cells
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

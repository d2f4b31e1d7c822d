// Encode submission: a command as it is journaled, with the hash of its body when it has an id.
//
// The hash covers the encoded body without seq and time, without sentAt unless the caller gave it,
// and without an order's session and key, so that a retry has the same hash whenever it comes and
// over whatever connection. Each command is encoded once.

import { hash } from 'node:crypto'
import { EXTENDED_PLACE_CELLS, PLACE_CELLS, putPlace, WORD } from '#engine/codec/commands.ts'
import { EXTRA } from '#engine/codec/extra.ts'
import { copyCells, wordAt } from '#engine/codec/words.ts'
import {
  BODY_HASH_BYTE,
  CELL_SIZE_BYTES,
  type Cells,
  commandCells,
  createCells,
  encodeCommand,
  putBodyHash,
  stampCommand,
} from '#engine/codec.ts'
import type { Command, CommandBody } from '#engine/command.ts'
import { asMicros, type Micros } from '#kernel/time.ts'
import type { Submission } from './port.ts'

const NEVER = asMicros(0)
const PLACE_BYTES = PLACE_CELLS * CELL_SIZE_BYTES
const EXTRA_WORD = PLACE_BYTES / 4
/** Where a place command is hashed, so that the record itself is never touched. */
const SCRATCH = createCells(EXTENDED_PLACE_CELLS)
const PLAIN_SCRATCH = SCRATCH.bytes.subarray(0, PLACE_BYTES)

export type Stamp = { readonly seq: number; readonly time: Micros }

/** Cells that a submission will take. */
export function submissionCells(body: Submission): number {
  if (body.kind !== 'place') return commandCells(bodyOf(body))
  return body.extra === undefined ? PLACE_CELLS : EXTENDED_PLACE_CELLS
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
  const sum = hashText(recordBytes(into, at, cells))
  encodeCommand(command, into, at)
  putBodyHash(into, at, BODY_HASH_BYTE.others, sum)
  return cells
}

function encodePlace(
  body: Extract<Submission, { kind: 'place' }>,
  into: Cells,
  at: number,
  { seq, time }: Stamp,
): number {
  const cells = putPlace(body, into, at)
  if (body.clientOrderId !== '') {
    const sum = placeHash(into, at, cells, body.sentAtGiven)
    putBodyHash(into, at, BODY_HASH_BYTE.place, sum)
  }
  stampCommand(into, at, seq, time)
  return cells
}

/**
 * The hash of what the caller said: what he did not is 0, and an extra that holds nothing else is
 * left out, for over REST the same order has none.
 */
function placeHash(from: Cells, at: number, cells: number, sentAtGiven: boolean): string {
  const { i32 } = SCRATCH
  copyCells(from, at, SCRATCH, cells)
  if (!sentAtGiven) i32.fill(0, WORD.sentAt, WORD.sentAt + 2)
  if (cells === PLACE_CELLS) return hashText(PLAIN_SCRATCH)
  i32[EXTRA_WORD + EXTRA.session] = 0
  i32[EXTRA_WORD + EXTRA.key] = 0
  if (!isEmptyFrom(i32, EXTRA_WORD)) return hashText(SCRATCH.bytes)
  i32[0] = (wordAt(i32, 0) & 0xffff) | (PLACE_CELLS << 16)
  return hashText(PLAIN_SCRATCH)
}

function isEmptyFrom(words: Int32Array, first: number): boolean {
  for (let at = first; at < words.length; at += 1) if (words[at] !== 0) return false
  return true
}

/** As text, which costs a third of what a buffer does. */
function hashText(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary')
}

function recordBytes({ bytes }: Cells, at: number, cells: number): Uint8Array {
  return bytes.subarray(at * CELL_SIZE_BYTES, (at + cells) * CELL_SIZE_BYTES)
}

function bodyOf(body: Submission): CommandBody {
  return 'sentAt' in body ? { ...body, bodyHash: '' } : body
}

// Encode submission: a command as it is journaled, with the hash of its body when it has an id.
//
// The hash covers the encoded body without seq and time, without sentAt unless the caller gave it,
// and without an order's session and key, so that a retry has the same hash whenever it comes and
// over whatever connection. Each command is encoded once, where it comes in; what is frequent is
// hashed later, by whoever stamps it.

import { hash } from 'node:crypto'
import { COMMAND_TYPE } from '#engine/codec/choices.ts'
import {
  EXTENDED_PLACE_CELLS,
  PLACE_CELLS,
  putCancel,
  putPlace,
  SENT_AT_GIVEN,
  WORD,
} from '#engine/codec/commands.ts'
import { EXTRA } from '#engine/codec/extra.ts'
import { byteAt, CELL_WORDS, copyCells, wordAt } from '#engine/codec/words.ts'
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
/** Where a place command says what its sender gave, and how long its id is. */
const FLAGS_BYTE = 6
const CALLER_ID_LENGTH_BYTE = WORD.callerId * 4
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

/** Writes a submission without its stamp and answers its cells; the caller has made room. */
export function encodeSubmission(body: Submission, into: Cells, at: number): number {
  if (body.kind === 'place') return putPlace(body, into, at)
  if (body.kind === 'cancel') return putCancel(body, into, at)
  const command: Command = { ...bodyOf(body), seq: 0, time: NEVER }
  if (!('requestId' in command) || command.requestId === '') {
    return encodeCommand(command, into, at)
  }
  const sentAt = command.sentAtGiven ? command.sentAt : NEVER
  const cells = encodeCommand({ ...command, sentAt }, into, at)
  const sum = hashText(recordBytes(into, at, cells))
  encodeCommand(command, into, at)
  putBodyHash(into, at, BODY_HASH_BYTE.others, sum)
  return cells
}

/** Completes an encoded submission: the hash of an order's body, seq and time. */
export function stampSubmission(into: Cells, at: number, { seq, time }: Stamp): void {
  const head = wordAt(into.i32, at * CELL_WORDS)
  if ((head & 0xff) === COMMAND_TYPE.place && hasCallerId(into, at)) {
    putBodyHash(into, at, BODY_HASH_BYTE.place, placeHash(into, at, head >>> 16))
  }
  stampCommand(into, at, seq, time)
}

function hasCallerId({ bytes }: Cells, at: number): boolean {
  return byteAt(bytes, at * CELL_SIZE_BYTES + CALLER_ID_LENGTH_BYTE) > 0
}

/**
 * The hash of what the caller said: what he did not is 0, and an extra that holds nothing else is
 * left out, for over REST the same order has none.
 */
function placeHash(from: Cells, at: number, cells: number): string {
  const { i32, bytes } = SCRATCH
  copyCells(from, at, SCRATCH, cells)
  if ((byteAt(bytes, FLAGS_BYTE) & SENT_AT_GIVEN) === 0) i32.fill(0, WORD.sentAt, WORD.sentAt + 2)
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

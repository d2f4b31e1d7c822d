// Codec: commands and events as cells of 64 bytes, the same in memory, in the journal and on wires.
//
// Every record: 0 u8 type, 1 u8 small, 2 u16 cells. Commands: 8 u64 seq, 16 u64 time. Events: 8 u64
// eventNo, 16 u64 seq, 24 u64 time. Little-endian. A decoded record encodes to the same bytes.
// The codec checks no business rule; it asserts that a record can be represented.

import { assert } from '#kernel/assert.ts'
import { asMicros } from '#kernel/time.ts'
import { COMMAND_KINDS, EVENT_KINDS, EVENT_TYPE_FIRST } from './codec/choices.ts'
import {
  COMMAND_FIELDS,
  EXTENDED_PLACE_CELLS,
  PLACE_CELLS,
  putAmend,
  putCancel,
  putPlace,
  takeAmend,
  takeCancel,
  takePlace,
  WORD,
} from './codec/commands.ts'
import { EVENT_FIELDS, type HotEvent, putHotEvent, takeHotEvent } from './codec/events.ts'
import { choice, type Field } from './codec/fields.ts'
import { takeHeader } from './codec/order-events.ts'
import { payloadCells, putPayload, takePayload } from './codec/payload.ts'
import { byteAt, CELL_WORDS, createWords, get64, put64, type Words, wordAt } from './codec/words.ts'
import type { Command, CommandBody } from './command.ts'
import type { Event } from './event.ts'

/** One ArrayBuffer of whole cells; `at` is always a cell's index. */
export type Cells = Words

export const CELL_SIZE_BYTES = 64
/** Where 24 bytes of the body's hash stand within the record of a command that has one. */
export const BODY_HASH_BYTE = { place: 104, others: 32 } as const

const BODY_HASH_BYTES = 24
const EVENT_TIME_WORD = 6

/** Room for so many cells, zeroed. */
export function createCells(count: number): Cells {
  return createWords(count)
}

/** Cells of the record at a cell, command or event. */
export function cellCount(from: Cells, at: number): number {
  return wordAt(from.i32, at * CELL_WORDS) >>> 16
}

/** Cells that a command will take. */
export function commandCells(command: CommandBody): number {
  if (command.kind === 'place') {
    return command.extra === undefined ? PLACE_CELLS : EXTENDED_PLACE_CELLS
  }
  if (command.kind === 'cancel' || command.kind === 'amend') return 1
  return payloadCells(fieldOf(COMMAND_FIELDS, command.kind), command)
}

/** Writes a command and returns its cells; the caller has made room. */
export function encodeCommand(command: Command, into: Cells, at: number): number {
  const cells = putCommandBody(command, into, at)
  stampCommand(into, at, command.seq, command.time)
  return cells
}

/** Writes seq and time into an encoded command. */
export function stampCommand(into: Cells, at: number, seq: number, time: number): void {
  put64(into.i32, at * CELL_WORDS + WORD.seq, seq)
  put64(into.i32, at * CELL_WORDS + WORD.time, time)
}

/** Writes the first bytes of a body's hash, a latin1 text, at their place within a record. */
export function putBodyHash(into: Cells, at: number, place: number, hash: string): void {
  const start = at * CELL_SIZE_BYTES + place
  for (let i = 0; i < BODY_HASH_BYTES; i += 1) into.bytes[start + i] = hash.charCodeAt(i)
}

/** Reads the command at a cell. */
export function decodeCommand(from: Cells, at: number): Command {
  const word = at * CELL_WORDS
  const seq = get64(from.i32, word + WORD.seq)
  const time = asMicros(get64(from.i32, word + WORD.time))
  return { ...takeCommandBody(from, at), seq, time }
}

/** Writes an event and returns its cells; the caller has made room (eventCells). */
export function encodeEvent(event: Event, into: Cells, at: number): number {
  const cells = putEventBody(event, into, at)
  const word = at * CELL_WORDS
  put64(into.i32, word + 2, event.eventNo)
  put64(into.i32, word + 4, event.seq)
  put64(into.i32, word + EVENT_TIME_WORD, event.time)
  return cells
}

/** Reads the event at a cell. */
export function decodeEvent(from: Cells, at: number): Event {
  const type = typeByte(from, at)
  const kind = choice(EVENT_KINDS, type - EVENT_TYPE_FIRST)
  const field = EVENT_FIELDS.get(kind)
  if (field === undefined) return takeHotEvent(type, from, at)
  const header = takeHeader(from.i32, at * CELL_WORDS)
  return { kind, ...takePayload(field, from, at), ...header } as Event // As for commands.
}

function putCommandBody(command: Command, into: Cells, at: number): number {
  if (command.kind === 'place') {
    const cells = putPlace(command, into, at)
    putBodyHash(into, at, BODY_HASH_BYTE.place, command.bodyHash)
    return cells
  }
  if (command.kind === 'cancel') return putCancel(command, into, at)
  if (command.kind === 'amend') return putAmend(command, into, at)
  const cells = putPayload(fieldOf(COMMAND_FIELDS, command.kind), command, into, at)
  into.i32[at * CELL_WORDS] = (1 + COMMAND_KINDS.indexOf(command.kind)) | (cells << 16)
  return cells
}

function takeCommandBody(from: Cells, at: number): CommandBody {
  const kind = choice(COMMAND_KINDS, typeByte(from, at) - 1)
  if (kind === 'place') return takePlace(from, at)
  if (kind === 'cancel') return takeCancel(from, at)
  if (kind === 'amend') return takeAmend(from, at)
  const payload = takePayload(fieldOf(COMMAND_FIELDS, kind), from, at)
  return { kind, ...payload } as CommandBody // The schema of the kind holds all its fields.
}

function putEventBody(event: Event, into: Cells, at: number): number {
  const field = EVENT_FIELDS.get(event.kind)
  if (field === undefined) return putHotEvent(event as HotEvent, into, at) // Without payload.
  const cells = putPayload(field, event, into, at)
  const type = EVENT_TYPE_FIRST + EVENT_KINDS.indexOf(event.kind)
  into.i32[at * CELL_WORDS] = type | (cells << 16)
  return cells
}

function typeByte(from: Cells, at: number): number {
  return byteAt(from.bytes, at * CELL_SIZE_BYTES)
}

function fieldOf(fields: ReadonlyMap<string, Field<object>>, kind: string): Field<object> {
  const field = fields.get(kind)
  assert(field !== undefined, `${kind} has no payload`)
  return field
}

// Wire: submissions and replies as bytes, for transports that leave the process.
//
// The records are the journal's: cells of 64 bytes. What survives this survives any transport, so
// the test transport sends everything through it.

import {
  CELL_SIZE_BYTES,
  type Cells,
  cellCount,
  commandCells,
  createCells,
  decodeCommand,
  decodeEvent,
  encodeCommand,
  encodeEvent,
} from '#engine/codec.ts'
import type { CommandBody } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { asMicros } from '#kernel/time.ts'
import type { Reply, Submission } from './port.ts'

/** Room for any one event: a withdrawal with its transaction is the longest. */
const EVENT_CELLS_MAX = 4096

/** A submission as a record whose stamp is 0. */
export function encodeSubmissionBytes(body: Submission): Uint8Array {
  const command: CommandBody = 'sentAt' in body ? { ...body, bodyHash: '' } : body
  const cells = createCells(commandCells(command))
  encodeCommand({ ...command, seq: 0, time: asMicros(0) }, cells, 0)
  return cells.bytes
}

/** The submission that was encoded. */
export function decodeSubmissionBytes(bytes: Uint8Array): Submission {
  const { seq: _seq, time: _time, ...body } = decodeCommand(cellsOf(bytes), 0)
  if (!('bodyHash' in body)) return body
  const { bodyHash: _hash, ...submission } = body
  return submission
}

/** A reply as JSON of what came, with its events as records. */
export function encodeReplyBytes({ seq, code, duplicate, events }: Reply): Uint8Array {
  const head = Buffer.from(JSON.stringify({ seq, code, duplicate }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, ...events.map(encodeOne)])
}

/** The reply that was encoded. */
export function decodeReplyBytes(bytes: Uint8Array): Reply {
  const buffer = Buffer.from(bytes)
  const start = 4 + buffer.readUInt32LE(0)
  const head: Omit<Reply, 'events'> = JSON.parse(buffer.toString('utf8', 4, start))
  const cells = cellsOf(buffer.subarray(start))
  const events: Event[] = []
  const count = cells.bytes.length / CELL_SIZE_BYTES
  for (let at = 0; at < count; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
  return { ...head, events }
}

function encodeOne(event: Event): Uint8Array {
  const cells = createCells(EVENT_CELLS_MAX)
  return cells.bytes.slice(0, encodeEvent(event, cells, 0) * CELL_SIZE_BYTES)
}

function cellsOf(bytes: Uint8Array): Cells {
  const cells = createCells(bytes.length / CELL_SIZE_BYTES)
  cells.bytes.set(bytes)
  return cells
}

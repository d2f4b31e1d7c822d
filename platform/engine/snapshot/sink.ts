// Sink: sections written as bytes, handed on in chunks.
//
// A section is its rows, each behind a byte 1, and a byte 0 at the end: rows need not be counted
// before they are written.

import type { Cursor } from '../codec/fields.ts'
import type { Engine } from '../state.ts'
import { COLLECTORS } from './collect.ts'
import { SECTION_FIELDS } from './fields.ts'
import type { SectionName } from './rows.ts'

/** Takes bytes in order; they are valid only during the call. */
export type Sink = (bytes: Uint8Array) => void

const CHUNK_BYTES = 65_536

/** Writes the named sections. */
export function writeSections(engine: Engine, names: readonly SectionName[], sink: Sink): void {
  let cursor: Cursor = { bytes: new Uint8Array(CHUNK_BYTES), at: 0 }
  const room = (bytes: number) => {
    if (cursor.at + bytes <= cursor.bytes.length) return
    sink(cursor.bytes.subarray(0, cursor.at))
    cursor = { bytes: new Uint8Array(Math.max(CHUNK_BYTES, bytes)), at: 0 }
  }
  for (const name of names) {
    writeRows(engine, name, (bytes) => {
      room(bytes)
      return cursor
    })
    room(1)
    cursor.bytes[cursor.at] = 0
    cursor.at += 1
  }
  sink(cursor.bytes.subarray(0, cursor.at))
}

function writeRows<S extends SectionName>(
  engine: Engine,
  name: S,
  room: (bytes: number) => Cursor,
): void {
  const field = SECTION_FIELDS[name]
  for (const row of COLLECTORS[name](engine)) {
    const cursor = room(1 + field.size(row))
    cursor.bytes[cursor.at] = 1
    cursor.at += 1
    field.write(cursor, row)
  }
}

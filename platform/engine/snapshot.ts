// Snapshot: the whole state as canonical bytes, and back.
//
// Logical and independent of memory layout: two engines with the same history, one of them restored
// on the way, write the same bytes (INV-08). Frames, checksums and names are the journal's.

import { assert } from '#kernel/assert.ts'
import { type Cursor, text, u32 } from './codec/fields.ts'
import { byteAt } from './codec/words.ts'
import { createEngine } from './engine.ts'
import { ENGINE_VERSION } from './limits.ts'
import { SECTION_FIELDS } from './snapshot/fields.ts'
import { RESTORERS } from './snapshot/restore.ts'
import { SECTION_NAMES, type SectionName } from './snapshot/rows.ts'
import { type Sink, writeSections } from './snapshot/sink.ts'
import type { Engine } from './state.ts'

const MAGIC = 'crossbook engine'
const VERSION = u32<number>()
const HEAD_BYTES = text.size(MAGIC) + 4

/** Hands the bytes of a snapshot to a sink, in chunks. */
export function writeSnapshot(engine: Engine, sink: Sink): void {
  const head: Cursor = { bytes: new Uint8Array(HEAD_BYTES), at: 0 }
  text.write(head, MAGIC)
  VERSION.write(head, ENGINE_VERSION)
  sink(head.bytes)
  writeSections(engine, SECTION_NAMES, sink)
}

/** An engine from the bytes of a snapshot; foreign or torn bytes trip an assertion. */
export function readSnapshot(bytes: Uint8Array): Engine {
  const cursor: Cursor = { bytes, at: 0 }
  assert(text.read(cursor) === MAGIC, 'these bytes are not a snapshot of the engine')
  const version = VERSION.read(cursor)
  assert(version === ENGINE_VERSION, `the snapshot is of engine version ${version}`)
  const engine = createEngine()
  for (const name of SECTION_NAMES) readRows(engine, name, cursor)
  assert(cursor.at === bytes.length, 'the snapshot has its full length')
  engine.core.calls.judgeTriggers()
  return engine
}

function readRows<S extends SectionName>(engine: Engine, name: S, cursor: Cursor): void {
  const field = SECTION_FIELDS[name]
  const restore = RESTORERS[name]
  while (byteAt(cursor.bytes, cursor.at++) === 1) restore(engine, field.read(cursor))
}

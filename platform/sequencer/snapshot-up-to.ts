// Snapshot up to: the state at a seq, made from the newest snapshot before it and the journal.

import { CELL_BYTES } from '#journal/record.ts'
import type { Storage } from '#journal/storage.ts'
import { assert } from '#kernel/assert.ts'
import { beginWith, replayJournal } from './recovery.ts'
import { lastSeqOf, newestSnapshot, takeSnapshot } from './snapshot.ts'

type Place = { readonly storage: Storage; readonly folder: string }

/** Leaves a proven snapshot at a seq that ends a frame on disk; events up to it are synced. */
export function snapshotUpTo(place: Place, seq: number): void {
  const { opened } = newestSnapshot(place, seq)
  const { engine, digest, after } = beginWith(opened)
  const range = { engine, opened, after, upTo: seq }
  const { hash } = replayJournal(place, range, ({ window, from, to }) =>
    digest.add(window.bytes.subarray(from * CELL_BYTES, to * CELL_BYTES)),
  )
  assert(lastSeqOf(engine) === seq, `the journal on disk reaches ${seq}`)
  const frameHash = Buffer.from(hash).toString('hex')
  takeSnapshot(place, engine, { frameHash, events: digest.state() })
}

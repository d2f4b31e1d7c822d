// Snapshot: engine, position in both chains and event digest as one proven file.
//
// Proven means: read back from disk, restored into a second engine, and equal in its full digest.
// Only then it gets its name. The newest good one is where a start begins.

import { createHash } from 'node:crypto'
import { businessDigest, fullDigest } from '#engine/digest.ts'
import { ENGINE_VERSION } from '#engine/limits.ts'
import { readSnapshot, writeSnapshot } from '#engine/snapshot.ts'
import type { Engine } from '#engine/state.ts'
import {
  listSnapshots,
  publishSnapshot,
  readSnapshotFile,
  unprovenPath,
  writeSnapshotFile,
} from '#journal/snapshots.ts'
import type { Storage } from '#journal/storage.ts'
import { assert } from '#kernel/assert.ts'
import type { EventDigestState } from './event-digest.ts'

export type SnapshotHead = {
  readonly seq: number
  readonly time: number
  readonly eventNo: number
  readonly engineVersion: number
  /** Hash of the frame that ends with seq, in hex. */
  readonly frameHash: string
  readonly events: EventDigestState
  readonly full: string
}

export type Opened = { readonly head: SnapshotHead; readonly engine: Engine }

/** SHA-256 of the business state, in hex. */
export function businessHex(engine: Engine): string {
  return hexOf((sink) => businessDigest(engine, sink))
}

/** SHA-256 of the full state, in hex. */
export function fullHex(engine: Engine): string {
  return hexOf((sink) => fullDigest(engine, sink))
}

/** Seq of the last command that an engine applied. */
export function lastSeqOf({ clock }: Engine): number {
  return clock.seq
}

/** Number of the last event that an engine gave out. */
export function lastEventNoOf({ clock }: Engine): number {
  return clock.eventNo
}

/** Time of the last command that an engine applied. */
export function lastTimeOf({ clock }: Engine): number {
  return clock.time
}

type Place = { readonly storage: Storage; readonly folder: string }

/** Writes, proves and names a snapshot of an engine whose events are synced. */
export function takeSnapshot(
  { storage, folder }: Place,
  engine: Engine,
  { frameHash, events }: Pick<SnapshotHead, 'frameHash' | 'events'>,
): void {
  const seq = lastSeqOf(engine)
  const head: SnapshotHead = {
    seq,
    time: lastTimeOf(engine),
    eventNo: lastEventNoOf(engine),
    engineVersion: ENGINE_VERSION,
    frameHash,
    events,
    full: fullHex(engine),
  }
  const path = unprovenPath(folder, seq)
  writeSnapshotFile(storage, path, { head, body: (sink) => writeSnapshot(engine, sink) })
  const proven = openSnapshot(storage, path)
  assert(
    proven !== null && fullHex(proven.engine) === head.full,
    'INV-08: the snapshot is the state',
  )
  publishSnapshot(storage, folder, seq)
}

/** The newest snapshot that is whole and of our rules, and the newest name there is. */
export function newestSnapshot(
  { storage, folder }: Place,
  upTo = Number.POSITIVE_INFINITY,
): { readonly opened: Opened | null; readonly newestSeq: number } {
  const names = listSnapshots(storage, folder).filter(({ seq }) => seq <= upTo)
  const newestSeq = names[0]?.seq ?? 0
  for (const { path } of names) {
    const opened = openSnapshot(storage, path)
    if (opened !== null) return { opened, newestSeq }
  }
  return { opened: null, newestSeq }
}

/** Reads a snapshot; null when it is damaged or of other rules. */
export function openSnapshot(storage: Storage, path: string): Opened | null {
  const file = readSnapshotFile(storage, path)
  if (file === null || !isHead(file.head)) return null
  return { head: file.head, engine: readSnapshot(file.body) }
}

// The file's checksum holds: what is checked here is whether these rules wrote it.
function isHead(head: unknown): head is SnapshotHead {
  return (
    typeof head === 'object' &&
    head !== null &&
    'engineVersion' in head &&
    head.engineVersion === ENGINE_VERSION
  )
}

function hexOf(write: (sink: (bytes: Uint8Array) => void) => void): string {
  const hash = createHash('sha256')
  write((bytes) => void hash.update(bytes))
  return hash.digest('hex')
}

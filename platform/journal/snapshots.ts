// Snapshots: the whole state at a seq, so that a start need not replay everything.
//
// A snapshot is written under another name, synced, proven by who wrote it, and only then gets its
// own: a name says that its bytes were good. The one before stays for when the newest is damaged.
// File: 'CBS1', u32 length of the head, the head as JSON, the body, SHA-256 over all of it.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { HASH_BYTES, hashOf } from './frame.ts'
import { SNAPSHOT_HEAD_BYTES_MAX, SNAPSHOTS_KEPT, WINDOW_BYTES } from './limits.ts'
import type { Storage, StorageFile } from './storage.ts'

export type Snapshot = { readonly head: unknown; readonly body: Uint8Array }
export type SnapshotName = { readonly path: string; readonly seq: number }
export type Sink = (bytes: Uint8Array) => void

const MAGIC = Buffer.from('CBS1')
const PREFIX_BYTES = 8
const NAME = /^[0-9]{16}[.]cbs$/

/** Where snapshots stand. */
export function snapshotFolder(folder: string): string {
  return join(folder, 'snapshots')
}

/** Snapshots with their own name, newest first. */
export function listSnapshots(storage: Storage, folder: string): readonly SnapshotName[] {
  const place = snapshotFolder(folder)
  const names = storage.list(place).filter((name) => NAME.test(name))
  return names
    .map((name) => ({ path: join(place, name), seq: Number.parseInt(name, 10) }))
    .reverse()
}

/** Path under which a snapshot is written before it is proven. */
export function unprovenPath(folder: string, seq: number): string {
  return join(snapshotFolder(folder), `${digits(seq)}.unproven`)
}

/** Writes and syncs a snapshot at a path. */
export function writeSnapshotFile(
  storage: Storage,
  path: string,
  { head, body }: { readonly head: object; readonly body: (sink: Sink) => void },
): void {
  storage.remove(path)
  const file = storage.open(path, 'write')
  const out = createBufferedWriter(file)
  const text = Buffer.from(JSON.stringify(head))
  const prefix = Buffer.concat([MAGIC, Buffer.alloc(PREFIX_BYTES - MAGIC.length)])
  prefix.writeUInt32LE(text.length, MAGIC.length)
  out.write(prefix)
  out.write(text)
  body(out.write)
  out.finish()
  file.sync()
  file.close()
}

/** Reads a snapshot; null when it is damaged. */
export function readSnapshotFile(storage: Storage, path: string): Snapshot | null {
  const file = storage.open(path, 'read')
  const bytes = Buffer.alloc(file.size())
  file.read(bytes, 0)
  file.close()
  const end = bytes.length - HASH_BYTES
  if (end < PREFIX_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null
  if (!bytes.subarray(end).equals(hashOf(bytes.subarray(0, end)))) return null
  const headEnd = PREFIX_BYTES + bytes.readUInt32LE(MAGIC.length)
  if (headEnd > Math.min(end, SNAPSHOT_HEAD_BYTES_MAX)) return null
  const head: unknown = JSON.parse(bytes.subarray(PREFIX_BYTES, headEnd).toString())
  return { head, body: new Uint8Array(bytes.subarray(headEnd, end)) }
}

/** Gives a proven snapshot its name and lets go of all but the newest ones. */
export function publishSnapshot(storage: Storage, folder: string, seq: number): void {
  const place = snapshotFolder(folder)
  storage.rename(unprovenPath(folder, seq), join(place, `${digits(seq)}.cbs`))
  storage.syncFolder(place)
  for (const { path } of listSnapshots(storage, folder).slice(SNAPSHOTS_KEPT)) storage.remove(path)
}

/** Takes away what a crash left half written. */
export function removeUnproven(storage: Storage, folder: string): void {
  const place = snapshotFolder(folder)
  const names = storage.list(place).filter((name) => name.endsWith('.unproven'))
  for (const name of names) storage.remove(join(place, name))
}

function digits(seq: number): string {
  return String(seq).padStart(16, '0')
}

function createBufferedWriter(file: StorageFile) {
  const buffer = Buffer.alloc(WINDOW_BYTES)
  const hash = createHash('sha256')
  let used = 0
  let written = 0
  function flush(): void {
    file.write(buffer.subarray(0, used), written)
    written += used
    used = 0
  }
  function put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const count = Math.min(bytes.length - at, buffer.length - used)
      buffer.set(bytes.subarray(at, at + count), used)
      used += count
      at += count
      if (used === buffer.length) flush()
    }
  }
  return {
    write(bytes: Uint8Array): void {
      hash.update(bytes)
      put(bytes)
    },
    finish(): void {
      put(hash.digest())
      flush()
    },
  }
}

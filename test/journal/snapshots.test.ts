// Snapshots: a name means that the bytes were good, and every damage is seen.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  listSnapshots,
  publishSnapshot,
  readSnapshotFile,
  removeUnproven,
  unprovenPath,
  writeSnapshotFile,
} from '#journal/snapshots.ts'
import { FOLDER } from './chains.ts'
import { createSimulatedStorage } from './simulated-storage.ts'

const body = Buffer.from('the state of the world')

function written(seqs: readonly number[]) {
  const storage = createSimulatedStorage()
  for (const seq of seqs) {
    const write = { head: { seq }, body: (sink: (bytes: Uint8Array) => void) => sink(body) }
    writeSnapshotFile(storage, unprovenPath(FOLDER, seq), write)
    publishSnapshot(storage, FOLDER, seq)
  }
  return storage
}

test('a snapshot is read back with its head and body', () => {
  const storage = written([7])
  const [name] = listSnapshots(storage, FOLDER)
  assert.equal(name?.seq, 7)
  const snapshot = readSnapshotFile(storage, name?.path ?? '')
  assert.deepEqual(snapshot, { head: { seq: 7 }, body: new Uint8Array(body) })
})

test('a flipped bit or a cut anywhere makes it unreadable', () => {
  const storage = written([7])
  const { path } = listSnapshots(storage, FOLDER)[0] ?? assert.fail()
  const content = storage.files.get(path) ?? assert.fail()
  const good = content.seen
  for (let at = 0; at < good.length; at += 1) {
    content.seen = Buffer.from(good)
    content.seen.writeUInt8(good.readUInt8(at) ^ 16, at)
    assert.equal(readSnapshotFile(storage, path), null, `flip at ${at}`)
    content.seen = Buffer.from(good.subarray(0, at))
    assert.equal(readSnapshotFile(storage, path), null, `cut at ${at}`)
  }
})

test('the newest two stay, and one that was not proven has no name', () => {
  const storage = written([10, 200, 3_000])
  assert.deepEqual(
    listSnapshots(storage, FOLDER).map(({ seq }) => seq),
    [3_000, 200],
  )
  writeSnapshotFile(storage, unprovenPath(FOLDER, 9_000), { head: {}, body: () => {} })
  assert.equal(listSnapshots(storage, FOLDER).length, 2)
  removeUnproven(storage, FOLDER)
  assert.ok(![...storage.files.keys()].some((name) => name.includes('9000')))
})

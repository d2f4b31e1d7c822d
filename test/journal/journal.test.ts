// Journal: appends survive, one at a time, in segments that are prepared ahead.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Batch } from '#journal/journal.ts'
import { FRAME_BYTES_MAX } from '#journal/limits.ts'
import { openJournal, recordsFrom, walkAll } from './chains.ts'
import { createSimulatedStorage, diskFull } from './simulated-storage.ts'

function appended(journal: ReturnType<typeof openJournal>, batch: Batch): Promise<void> {
  return new Promise((resolve) => journal.appendLater(batch, resolve))
}

test('what was appended is read back with its numbers, version and build', async () => {
  const storage = createSimulatedStorage()
  const journal = openJournal(storage)
  journal.append(recordsFrom(1, 3))
  await appended(journal, recordsFrom(4, 2))
  assert.equal(journal.durableTo(), 5)
  journal.close()
  const { frames, end } = walkAll(storage)
  assert.deepEqual(
    frames.map(({ head }) => [head.first, head.count, head.engineVersion, head.build]),
    [
      [1, 3, 1, 7],
      [4, 2, 1, 7],
    ],
  )
  assert.equal(end.next, 6)
})

test('an append is durable only when its write is done', async () => {
  const storage = createSimulatedStorage()
  const journal = openJournal(storage)
  storage.hold()
  const done = appended(journal, recordsFrom(1, 1))
  await turn()
  assert.equal(journal.durableTo(), 0)
  assert.throws(() => journal.append(recordsFrom(2, 1)), /one append is in flight/)
  storage.settle()
  await done
  assert.equal(journal.durableTo(), 1)
})

test('a gap in the numbers and a frame that is too long are bugs', () => {
  const journal = openJournal(createSimulatedStorage())
  assert.throws(() => journal.append(recordsFrom(2, 1)), /INV-08/)
  const cells = FRAME_BYTES_MAX / 64
  assert.throws(() => journal.append(recordsFrom(1, 1, { cells: cells + 1 })), /a frame of/)
})

test('a segment is named after its first number and the next one is prepared ahead', async () => {
  const storage = createSimulatedStorage()
  const journal = openJournal(storage, { segmentBytes: 640 })
  await turn()
  assert.ok(storage.files.has('/data/journal/next.cbj'), 'prepared')
  for (let first = 1; first < 20; first += 4) journal.append(recordsFrom(first, 4))
  const names = storage.list('/data/journal').filter((name) => name !== 'next.cbj')
  assert.deepEqual(names, ['0000000000000001.cbj', '0000000000000009.cbj', '0000000000000017.cbj'])
  journal.append(recordsFrom(21, 20))
  journal.close()
  assert.equal(walkAll(storage).end.next, 41, 'a frame longer than a segment has room')
})

test('it goes on in the segment where an earlier run stopped', () => {
  const storage = createSimulatedStorage()
  openJournal(storage).append(recordsFrom(1, 3))
  openJournal(storage, { end: walkAll(storage).end }).append(recordsFrom(4, 3))
  const { frames, end } = walkAll(storage)
  assert.equal(end.next, 7)
  assert.equal(new Set(frames.map(({ path }) => path)).size, 1)
})

test('a walk may begin in the middle and believes the first frame it meets', () => {
  const storage = createSimulatedStorage()
  const journal = openJournal(storage, { segmentBytes: 640 })
  for (let first = 1; first < 20; first += 4) journal.append(recordsFrom(first, 4))
  const { frames } = walkAll(storage, { from: 10 })
  assert.deepEqual(
    frames.map(({ head }) => head.first),
    [9, 13, 17],
  )
})

test('room is finite when the disk is full and comes back when there is space', async () => {
  const storage = createSimulatedStorage()
  const journal = openJournal(storage, { segmentBytes: 640 })
  await turn()
  assert.equal(journal.room(), Number.POSITIVE_INFINITY)
  storage.fail = (path) => (path.endsWith('next.cbj') ? diskFull() : null)
  for (let first = 1; first < 12; first += 4) journal.append(recordsFrom(first, 4))
  await turn()
  assert.equal(journal.room(), 640 - 320)
  journal.prepare()
  assert.equal(journal.room(), 640 - 320, 'still full while it tries again')
  await turn()
  storage.fail = () => null
  journal.prepare()
  await turn()
  assert.equal(journal.room(), Number.POSITIVE_INFINITY)
})

test('a write that fails is fatal, at once and later', () => {
  for (const isLater of [false, true]) {
    const storage = createSimulatedStorage()
    const errors: unknown[] = []
    const fatal = (error: unknown): never => {
      errors.push(error)
      throw error
    }
    const journal = openJournal(storage, { fatal })
    storage.hold()
    storage.fail = () => new Error('EIO')
    if (isLater) {
      journal.appendLater(recordsFrom(1, 1), () => assert.fail('told that it is done'))
      assert.throws(() => storage.settle(), /EIO/)
    } else assert.throws(() => journal.append(recordsFrom(1, 1)), /EIO/)
    assert.equal(errors.length, 1)
    assert.equal(journal.durableTo(), 0)
    assert.throws(() => journal.append(recordsFrom(2, 1)), /in flight/, 'and nothing is appended')
  }
})

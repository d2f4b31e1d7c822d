// Torn tails: a crash may stop the last write at any byte; what was acknowledged stays.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutTail } from '#journal/cut.ts'
import { FOLDER, openJournal, recordsFrom, walkAll, writeJournal } from './chains.ts'
import { createRandom, createSimulatedStorage, type SimulatedStorage } from './simulated-storage.ts'

function journalOf(frames: number) {
  const storage = createSimulatedStorage()
  writeJournal(storage, frames)
  const { frames: walked } = walkAll(storage)
  const last = walked.at(-1)
  assert.ok(last !== undefined)
  return { storage, last }
}

function bytesOf(storage: SimulatedStorage, path: string): Buffer {
  const content = storage.files.get(path)
  assert.ok(content !== undefined, path)
  return content.seen
}

test('a last frame torn at any byte is cut, all before it stays, and writing goes on', () => {
  const { storage, last } = journalOf(5)
  for (let cut = last.offset; cut < last.end; cut += 1) {
    const torn = storage.copy()
    if (
      bytesOf(torn, last.path)
        .subarray(cut, last.end)
        .every((byte) => byte === 0)
    )
      break
    bytesOf(torn, last.path).fill(0, cut, last.end)
    const { end, frames } = walkAll(torn)
    assert.equal(frames.length, 4, `cut at ${cut}`)
    assert.equal(end.next, last.head.first)
    assert.deepEqual(end.place, { path: last.path, offset: last.offset })
    cutTail(torn, FOLDER, 'commands', end)
    assert.ok(
      bytesOf(torn, last.path)
        .subarray(last.offset)
        .every((byte) => byte === 0),
    )
    const journal = openJournal(torn, { end })
    journal.append(recordsFrom(end.next, 1))
    journal.close()
    assert.equal(walkAll(torn).end.next, end.next + 1)
  }
})

test('a last frame whose sectors came in any order is cut', () => {
  const { storage, last } = journalOf(30)
  const random = createRandom(3)
  for (let i = 0; i < 200; i += 1) {
    const torn = storage.copy()
    const bytes = bytesOf(torn, last.path)
    const start = last.offset + (random() % (last.end - last.offset))
    const length = 1 + (random() % (last.end - start))
    const lost = bytes.subarray(start, start + length)
    if (lost.every((byte) => byte === 0)) continue
    lost.fill(0)
    const { end } = walkAll(torn)
    assert.equal(end.next, last.head.first)
  }
})

test('a clean end is not torn, and frames go to the next segment when one is full', () => {
  const { storage } = journalOf(40)
  const { frames, end } = walkAll(storage)
  assert.equal(end.isTorn, false)
  assert.ok(new Set(frames.map(({ path }) => path)).size >= 3, 'several segments')
})

test('a new segment without a frame is the end of the chain', () => {
  const { storage, last } = journalOf(40)
  const { frames } = walkAll(storage)
  const first = frames.find(({ path }) => path === last.path)
  assert.ok(first !== undefined)
  bytesOf(storage, last.path).fill(0)
  const { end } = walkAll(storage, { from: first.head.first })
  assert.deepEqual(end.place, { path: last.path, offset: 0 })
  assert.equal(end.next, first.head.first)
})

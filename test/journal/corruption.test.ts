// Corruption: whatever happens to bytes that were acknowledged is seen, and never replayed past.
//
// F4: every case changes the disk somewhere before the last frame; the walk must refuse with the
// segment's path, and hand out nothing but what was written before the damage.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Frame } from '#journal/frame-walker.ts'
import { walkChain } from '#journal/walk.ts'
import { StartError } from '#kernel/start-error.ts'
import { FOLDER, openJournal, recordsFrom, walkAll, writeJournal } from './chains.ts'
import { createRandom, createSimulatedStorage, type SimulatedStorage } from './simulated-storage.ts'

const CASES = 4_000

const original = createSimulatedStorage()
writeJournal(original, 120)
const { frames } = walkAll(original)
const last = frames.at(-1) ?? assert.fail('no frames')
const segments = [...new Set(frames.map(({ path }) => path))]

function bytesOf(storage: SimulatedStorage, path: string): Buffer {
  return storage.files.get(path)?.seen ?? assert.fail(path)
}

/** Walks until it refuses; answers the frames handed out before. */
function refusal(storage: SimulatedStorage): { readonly message: string; readonly count: number } {
  let count = 0
  try {
    const walk: Generator<Frame> = walkChain({ storage, folder: FOLDER, kind: 'commands' })
    for (const frame of walk) {
      const known = frames[count] ?? assert.fail('more frames than were written')
      assert.equal(frame.head.first, known.head.first)
      count += 1
    }
  } catch (error) {
    assert.ok(error instanceof StartError)
    return { message: error.message, count }
  }
  assert.fail('silent: the damage was not seen')
}

function placeBeforeLast(random: () => number): { path: string; at: number; frame: number } {
  const frame = random() % (frames.length - 1)
  const { path, offset, end } = frames[frame] ?? assert.fail()
  return { path, at: offset + (random() % (end - offset)), frame }
}

test(`${CASES} random flips and wiped stretches are refused at the frame they hit`, () => {
  const random = createRandom(11)
  for (let i = 0; i < CASES; i += 1) {
    const { path, at, frame } = placeBeforeLast(random)
    const bytes = bytesOf(original, path)
    const length = i % 2 === 0 ? 1 : Math.min(1 + (random() % 64), bytes.length - at)
    const before = Buffer.from(bytes.subarray(at, at + length))
    if (i % 2 === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << (random() % 8))
    else bytes.fill(random() & 0xff, at, at + length)
    if (!before.equals(bytes.subarray(at, at + length))) {
      const { message, count } = refusal(original)
      assert.equal(count, frame, `${message} (byte ${at} of ${path})`)
      assert.match(message, new RegExp(`${path} at byte ${frames[frame]?.offset}\\b`))
    }
    bytes.set(before, at)
  }
  assert.equal(walkAll(original).frames.length, frames.length, 'all damage was undone')
})

test('swapped, duplicated, missing and foreign segments are refused', () => {
  const [one = '', two = '', three = ''] = segments
  const cases: readonly ((storage: SimulatedStorage) => void)[] = [
    (storage) => swap(storage, one, two),
    (storage) => swap(storage, two, last.path),
    (storage) => bytesOf(storage, two).set(bytesOf(storage, one)),
    (storage) => bytesOf(storage, last.path).set(bytesOf(storage, two)),
    (storage) => storage.remove(one),
    (storage) => storage.remove(two),
    (storage) => storage.rename(three, three.replace('.cbj', '.txt')),
    (storage) => bytesOf(storage, two).fill(0),
    (storage) => bytesOf(storage, one).fill(0),
    (storage) => duplicate(storage, one, two.replace(/\d(?=[.]cbj)/, '0')),
  ]
  for (const [index, change] of cases.entries()) {
    const storage = original.copy()
    change(storage)
    assert.match(refusal(storage).message, /[.]cbj at byte \d+/, `case ${index}`)
  }
})

test('a frame of another journal at the right place with the right number is refused', () => {
  const storage = original.copy()
  const other = createSimulatedStorage()
  const journal = openJournal(other)
  journal.append(recordsFrom(1, 1, { cells: 2, seqOf: () => 99 }))
  journal.close()
  const [first] = walkAll(other).frames
  assert.ok(first !== undefined)
  const bytes = bytesOf(other, first.path).subarray(0, first.end)
  bytesOf(storage, frames[0]?.path ?? '').set(bytes, 0)
  const { message, count } = refusal(storage)
  assert.equal(count, 1)
  assert.match(message, /does not follow/)
})

test('more unused bytes than one write can leave behind are damage, not a torn tail', () => {
  const storage = original.copy()
  const content = storage.files.get(last.path) ?? assert.fail()
  content.seen = Buffer.concat([content.seen, Buffer.alloc(5 * 1024 * 1024), Buffer.from([1])])
  assert.match(refusal(storage).message, /more follows than one write/)
})

function swap(storage: SimulatedStorage, a: string, b: string): void {
  const [first, second] = [storage.files.get(a), storage.files.get(b)]
  assert.ok(first !== undefined && second !== undefined)
  storage.files.set(a, second)
  storage.files.set(b, first)
}

function duplicate(storage: SimulatedStorage, from: string, to: string): void {
  const seen = Buffer.from(bytesOf(storage, from))
  assert.notEqual(from, to)
  storage.files.set(to, { seen, durable: seen })
}

// Events: found again by number and by seq, over frames and segments, in this run and the next.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEventStore, type EventStore, type Stretch } from '#journal/events.ts'
import { EVENT_FRAME_BYTES, EVENT_READ_BYTES } from '#journal/limits.ts'
import { recordCells, recordNumber } from '#journal/record.ts'
import { FOLDER, NEW_CHAIN, recordsFrom, throwIt, walkAll } from './chains.ts'
import { createSimulatedStorage, type SimulatedStorage } from './simulated-storage.ts'

/** Three events a seq: event 1 to 3 are of seq 1. */
const seqOf = (eventNo: number) => Math.ceil(eventNo / 3)

function openStore(storage: SimulatedStorage, segmentBytes: number): EventStore {
  const { end } = walkAll(storage, { kind: 'events' })
  const order = { storage, folder: FOLDER, end, segmentBytes, fatal: throwIt }
  return createEventStore({ ...order, engineVersion: 1, build: 0 })
}

function append(store: EventStore, count: number, cells = 2): void {
  const { window } = recordsFrom(store.lastEventNo() + 1, count, { cells, seqOf })
  store.append({ window, from: 1, to: 1 + count * cells })
}

function numbers({ window, from, to }: Stretch): number[] {
  const found: number[] = []
  for (let at = from; at < to; at += recordCells(window, at)) found.push(recordNumber(window, at))
  return found
}

function filled() {
  const storage = createSimulatedStorage()
  const store = openStore(storage, 300_000)
  for (let i = 0; i < 60; i += 1) append(store, 1 + ((i * 37) % 200))
  return { storage, store, last: store.lastEventNo() }
}

test('the events of every seq are found, now and after a restart', () => {
  const { storage, store, last } = filled()
  const again = openStore(storage, 300_000)
  assert.ok(storage.list(`${FOLDER}/events`).length > 1, 'several segments')
  for (const place of [store, again]) {
    for (let seq = 1; seq * 3 <= last; seq += 7) {
      assert.deepEqual(numbers(place.eventsOf(seq)), [seq * 3 - 2, seq * 3 - 1, seq * 3])
    }
    assert.deepEqual(numbers(place.eventsOf(last)), [], 'a seq without events')
  }
})

test('events after any number come in order and end with the last', () => {
  const { storage, store, last } = filled()
  for (const place of [store, openStore(storage, 300_000)]) {
    for (const after of [0, 1, 999, 2_500, last - 1, last]) {
      const stretches = [...place.eventsAfter(after)]
      const found = stretches.flatMap(numbers)
      assert.deepEqual(
        found,
        Array.from({ length: last - after }, (_, i) => after + 1 + i),
      )
      const lengths = stretches.slice(0, -1).map(({ from, to }) => (to - from) * 64)
      assert.ok(lengths.every((length) => length >= EVENT_READ_BYTES))
    }
  }
})

test('what is appended while somebody reads comes with the next reading', () => {
  const { store, last } = filled()
  const reading = store.eventsAfter(last - 5)
  append(store, 10)
  assert.deepEqual(numbers(reading.next().value ?? assert.fail()).at(-1), last)
})

test('a long release is split into frames of bounded length and read as one', () => {
  const storage = createSimulatedStorage()
  const store = openStore(storage, 1 << 26)
  const count = Math.ceil((EVENT_FRAME_BYTES / 128) * 5)
  append(store, count, 1)
  const { frames } = walkAll(storage, { kind: 'events' })
  assert.equal(frames.length, 3)
  assert.ok(frames.every(({ head }) => head.bytes <= EVENT_FRAME_BYTES))
  assert.equal([...store.eventsAfter(0)].flatMap(numbers).length, count)
  const seq = seqOf((frames[1]?.head.first ?? 0) + 1)
  assert.equal(numbers(store.eventsOf(seq)).length, 3, 'a seq over two frames')
})

test('an empty store has no events and goes on with the first', () => {
  const store = openStore(createSimulatedStorage(), 4096)
  assert.equal(store.lastEventNo(), NEW_CHAIN.next - 1)
  assert.deepEqual([...store.eventsAfter(0)], [])
  assert.deepEqual(numbers(store.eventsOf(1)), [])
  append(store, 3)
  assert.deepEqual(numbers(store.eventsOf(1)), [1, 2, 3])
})

// Outbox: lets out what is applied and on disk, in order, and nothing before.
//
// INV-07: a batch is released when its last seq is durable. Followers are called in the order of
// registration, then the events are appended to their segments, then the callers get their replies;
// they run when this turn is over, so all of a batch is let out at once.

import { type Cells, cellCount, decodeEvent } from '#engine/codec.ts'
import type { Event } from '#engine/event.ts'
import type { EventStore, Stretch } from '#journal/events.ts'
import { HEADER_CELLS } from '#journal/frame.ts'
import { CELL_BYTES, eventSeq, recordNumber } from '#journal/record.ts'
import { assert } from '#kernel/assert.ts'
import { refusalOf } from '#kernel/refusals.ts'
import type { Waiting } from './batch.ts'
import type { EventDigest } from './event-digest.ts'
import type { EventBatch, Follower, Reply } from './port.ts'

/** What a batch of commands came to. Event cells begin after room for a header. */
export type Outcome = {
  readonly lastSeq: number
  readonly lastEventNo: number
  readonly events: Stretch
  readonly waiting: readonly Waiting[]
}

export type Outbox = {
  follow(follower: Follower): void
  release(outcome: Outcome): void
  releasedSeq(): number
  releasedEventNo(): number
}

type OutboxOrder = {
  readonly store: EventStore
  readonly digest: EventDigest
  readonly durableTo: () => number
  readonly releasedSeq: number
}

/** An outbox that has released everything up to a seq. */
export function createOutbox({ store, digest, durableTo, releasedSeq }: OutboxOrder): Outbox {
  const followers: Follower[] = []
  let lastSeq = releasedSeq

  function releaseEvents({ events }: Outcome, batch: EventBatch): void {
    for (const follower of followers) follower(batch)
    store.append(events)
    digest.add(events.window.bytes.subarray(events.from * CELL_BYTES, events.to * CELL_BYTES))
  }

  function answer({ events, waiting }: Outcome, decoded: readonly Event[]): void {
    const take = createTaker(events, decoded)
    for (const one of waiting) {
      one.resolve(replyOf(one, one.duplicate ? eventsOf(one.seq) : take(one.from, one.to)))
    }
  }

  function eventsOf(seq: number): readonly Event[] {
    const { window, from, to } = store.eventsOf(seq)
    return decodeAll(window, from, to)
  }

  return {
    follow: (follower) => void followers.push(follower),
    release(outcome) {
      assert(outcome.lastSeq <= durableTo(), 'INV-07: released before it was on disk')
      assert(outcome.lastSeq >= lastSeq, 'released in order')
      const events = decodedOnce(outcome.events)
      if (outcome.events.to > outcome.events.from) {
        releaseEvents(outcome, { ...batchOf(outcome), events })
      }
      lastSeq = outcome.lastSeq
      if (outcome.waiting.length > 0) answer(outcome, events())
    },
    releasedSeq: () => lastSeq,
    releasedEventNo: store.lastEventNo,
  }
}

/** A stretch of events as followers get it. */
export function eventBatch(stretch: Stretch): EventBatch {
  const { window: cells, from, to } = stretch
  let last = from
  for (let at = from; at < to; at += cellCount(cells, at)) last = at
  const firstEventNo = recordNumber(cells, from)
  const lastEventNo = recordNumber(cells, last)
  const lastSeq = eventSeq(cells, last)
  const events = decodedOnce(stretch)
  return { cells, from, to, firstEventNo, lastEventNo, lastSeq, events }
}

function batchOf({ events, lastSeq, lastEventNo }: Outcome): Omit<EventBatch, 'events'> {
  const { window: cells, from, to } = events
  return { cells, from, to, firstEventNo: recordNumber(cells, from), lastEventNo, lastSeq }
}

/** A repetition is answered from the segments; everybody else's events are in the batch. */
function replyOf({ seq, code, duplicate }: Waiting, own: readonly Event[]): Reply {
  return { seq, code: codeOf(code), duplicate, events: own }
}

/** The events of the batch's commands, each taken in turn. */
function createTaker({ window, from: first }: Stretch, decoded: readonly Event[]) {
  let next = 0
  let cell = first
  const pass = (end: number): void => {
    for (; cell < end; cell += cellCount(window, cell)) next += 1
  }
  return (from: number, to: number): readonly Event[] => {
    pass(first + from)
    const start = next
    pass(first + to)
    return decoded.slice(start, next)
  }
}

/** Decodes when somebody asks, once. */
function decodedOnce({ window, from, to }: Stretch): () => readonly Event[] {
  let decoded: readonly Event[] | null = null
  return () => {
    decoded ??= decodeAll(window, from, to)
    return decoded
  }
}

function codeOf(number: number): Reply['code'] {
  if (number === 0) return null
  const code = refusalOf(number)
  assert(code !== undefined, `the engine refused with the unknown number ${number}`)
  return code
}

function decodeAll(cells: Cells, from: number, to: number): readonly Event[] {
  const events: Event[] = []
  for (let at = from; at < to; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
  return events
}

/** Cells of events with room for a header before them, copied out of the engine. */
export function copyEvents(cells: Cells, length: number, create: (count: number) => Cells) {
  const window = create(HEADER_CELLS + length)
  window.bytes.set(cells.bytes.subarray(0, length * CELL_BYTES), HEADER_CELLS * CELL_BYTES)
  return { window, from: HEADER_CELLS, to: HEADER_CELLS + length }
}

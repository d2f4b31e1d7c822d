// Outbox: lets out what is applied and on disk, in order, and nothing before.
//
// INV-07: a batch is released when its last seq is durable. Its events are appended to their
// segments and digested, then all of it is handed over; whoever gets it may keep the buffers.

import { type Cells, createCells } from '#engine/codec.ts'
import type { EventStore, Stretch } from '#journal/events.ts'
import { HEADER_CELLS } from '#journal/frame.ts'
import { CELL_BYTES } from '#journal/record.ts'
import { assert } from '#kernel/assert.ts'
import { ANSWER, ANSWER_NUMBERS, answerAt } from './answers.ts'
import type { EventDigest } from './event-digest.ts'

/** What a batch of commands came to. Event cells begin after room for a header. */
export type Outcome = {
  readonly lastSeq: number
  readonly lastEventNo: number
  readonly events: Stretch
  /** Rows of answers.ts. */
  readonly answers: Float64Array<ArrayBuffer>
}

/** An outcome that was let out; events of repeated requests stand behind its own. */
export type Release = Outcome & { readonly commitMs: number }

/** Who is told. Buffers may be kept. */
export type Receiver = {
  released(release: Release): void
  /** Answers to commands that found no place, as soon as that is known. */
  refused(answers: Float64Array<ArrayBuffer>): void
}

export type Outbox = {
  release(outcome: Outcome, commitMs: number): void
  releasedSeq(): number
}

type OutboxOrder = {
  readonly store: EventStore
  readonly digest: EventDigest
  readonly durableTo: () => number
  readonly releasedSeq: number
  readonly released: Receiver['released']
}

/** An outbox that has released everything up to a seq. */
export function createOutbox(order: OutboxOrder): Outbox {
  const { store, digest, durableTo, released } = order
  let lastSeq = order.releasedSeq

  function keep(events: Stretch): void {
    if (events.to === events.from) return
    store.append(events)
    digest.add(bytesOf(events))
  }

  return {
    release(outcome, commitMs) {
      assert(outcome.lastSeq <= durableTo(), 'INV-07: released before it was on disk')
      assert(outcome.lastSeq >= lastSeq, 'released in order')
      keep(outcome.events)
      lastSeq = outcome.lastSeq
      released({ ...outcome, commitMs, events: withRepeated(store, outcome) })
    },
    releasedSeq: () => lastSeq,
  }
}

/** A repetition is answered from the segments; everybody else's events are in the batch. */
function withRepeated(store: EventStore, { events, answers }: Outcome): Stretch {
  const repeated: Uint8Array[] = []
  let cells = events.to - events.from
  for (let at = 0; at < answers.length; at += ANSWER_NUMBERS) {
    if (answerAt(answers, at + ANSWER.duplicate) === 0) continue
    const bytes = bytesOf(store.eventsOf(answerAt(answers, at + ANSWER.seq)))
    repeated.push(bytes)
    answers[at + ANSWER.from] = cells
    cells += bytes.length / CELL_BYTES
    answers[at + ANSWER.to] = cells
  }
  return repeated.length === 0 ? events : joined(events, repeated, cells)
}

function joined(events: Stretch, repeated: readonly Uint8Array[], cells: number): Stretch {
  const window = createCells(HEADER_CELLS + cells)
  let at = HEADER_CELLS * CELL_BYTES
  for (const bytes of [bytesOf(events), ...repeated]) {
    window.bytes.set(bytes, at)
    at += bytes.length
  }
  return { window, from: HEADER_CELLS, to: HEADER_CELLS + events.to - events.from }
}

function bytesOf({ window, from, to }: Stretch): Uint8Array {
  return window.bytes.subarray(from * CELL_BYTES, to * CELL_BYTES)
}

/** Cells of events with room for a header before them, copied out of the engine. */
export function copyEvents(cells: Cells, length: number, create: (count: number) => Cells) {
  const window = create(HEADER_CELLS + length)
  window.bytes.set(cells.bytes.subarray(0, length * CELL_BYTES), HEADER_CELLS * CELL_BYTES)
  return { window, from: HEADER_CELLS, to: HEADER_CELLS + length }
}

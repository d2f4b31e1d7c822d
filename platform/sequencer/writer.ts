// Writer: stamps and applies commands one after the other, and collects them in batches.
//
// Each command gets the next seq and a time that never goes back (INV-16), is copied into the frame
// that will go to disk, and is applied at once. What is due is ticked first. A command that trips
// an assertion ends the process before its batch is written.

import { copyCells } from '#engine/codec/words.ts'
import { type Cells, cellCount, createCells } from '#engine/codec.ts'
import { apply, nextDue, nextUrgent } from '#engine/engine.ts'
import type { Engine } from '#engine/state.ts'
import type { Fatal } from '#journal/journal.ts'
import { asMicros, type Clock, type Micros } from '#kernel/time.ts'
import { type Batch, clearBatch, createBatch, hasRoom, makeRoom } from './batch.ts'
import { encodeSubmission, stampSubmission } from './encode-submission.ts'
import { copyEvents, type Outcome } from './outbox.ts'
import { lastEventNoOf, lastSeqOf, lastTimeOf } from './snapshot.ts'
import { tickBefore } from './ticks.ts'

export type Sealed = { readonly batch: Batch; readonly outcome: Outcome }

export type Writer = {
  /**
   * Sequences and applies the encoded command at a cell, at the time that now() gave last; false
   * when there is no room and nothing happened.
   */
  write(from: Cells, at: number, ticket: number): boolean
  /** Answers that nothing happened, in its turn among what was written. */
  refuse(ticket: number, code: number): void
  /** Sequences one tick if something is due. */
  tick(): void
  /** Commands that were not handed to the journal yet. */
  pending(): number
  pendingCells(): number
  /** Whether so many more cells fit into the batch that is filling. */
  hasRoom(cells: number): boolean
  /** Takes the batch out; the next commands go to another one. */
  seal(): Sealed
  /** Gives a batch back whose bytes are on disk. */
  recycle(batch: Batch): void
  /** The time that commands are stamped with from now on. */
  now(): Micros
}

type WriterOrder = {
  readonly engine: Engine
  readonly clock: Clock
  readonly fatal: Fatal
}

const TICK = createCells(1)
encodeSubmission({ kind: 'tick' }, TICK, 0)

export function createWriter({ engine, clock, fatal }: WriterOrder): Writer {
  let seq = lastSeqOf(engine)
  let time = asMicros(lastTimeOf(engine))
  let open = createBatch()
  let spare: Batch | null = createBatch()

  function now(): Micros {
    time = asMicros(Math.max(time, clock()))
    return time
  }

  function sequence(from: Cells, at: number): boolean {
    const cells = cellCount(from, at)
    if (!makeRoom(open, cells)) return false
    const to = open.used
    copyCells(from, at, open.cells, cells, to)
    stampSubmission(open.cells, to, { seq: seq + 1, time })
    seq += 1
    if (open.count === 0) open.first = seq
    open.used += cells
    open.count += 1
    applyOrEnd(engine, open.cells, to, fatal)
    return true
  }

  const due = { nextDue: () => nextDue(engine), nextUrgent: () => nextUrgent(engine) }
  const tick = () => sequence(TICK, 0)

  return {
    write(cells, at, ticket) {
      if (!tickBefore(due, time, tick)) return false
      const from = engine.events.length
      if (!sequence(cells, at)) return false
      const { code, seq: outcomeSeq, duplicate } = engine.outcome
      const to = engine.events.length
      open.answers.add({ ticket, seq: outcomeSeq, code, duplicate, from, to })
      return true
    },
    refuse: (ticket, code) =>
      open.answers.add({ ticket, code, seq: 0, duplicate: false, from: 0, to: 0 }),
    tick() {
      if (nextDue(engine) <= now()) tick()
    },
    hasRoom: (cells) => hasRoom(open, cells),
    pending: () => open.count,
    pendingCells: () => open.used,
    seal() {
      const batch = open
      const events = copyEvents(engine.events.cells, engine.events.length, createCells)
      engine.events.length = 0
      open = spare ?? createBatch()
      spare = null
      const lastEventNo = lastEventNoOf(engine)
      const answers = batch.answers.take()
      return { batch, outcome: { lastSeq: seq, lastEventNo, events, answers } }
    },
    recycle(batch) {
      clearBatch(batch)
      spare = batch
    },
    now,
  }
}

function applyOrEnd(engine: Engine, cells: Cells, at: number, fatal: Fatal): void {
  try {
    apply(engine, cells, at)
  } catch (error) {
    fatal(error)
  }
}

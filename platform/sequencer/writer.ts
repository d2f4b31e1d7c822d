// Writer: stamps, encodes and applies commands one after the other, and collects them in batches.
//
// Each command gets the next seq and a time that never goes back (INV-16), is encoded once into the
// frame that will go to disk, and is applied at once. What is due is ticked first. A command that
// trips an assertion ends the process before its batch is written.

import { type Cells, createCells } from '#engine/codec.ts'
import { apply, nextDue, nextUrgent } from '#engine/engine.ts'
import type { Engine } from '#engine/state.ts'
import type { Fatal } from '#journal/journal.ts'
import { asMicros, type Clock, type Micros } from '#kernel/time.ts'
import { type Batch, clearBatch, createBatch, hasRoom, makeRoom } from './batch.ts'
import { encodeSubmission, submissionCells } from './encode-submission.ts'
import { copyEvents, type Outcome } from './outbox.ts'
import type { Reply, Submission } from './port.ts'
import { lastEventNoOf, lastSeqOf, lastTimeOf } from './snapshot.ts'
import { tickBefore } from './ticks.ts'

export type Sealed = { readonly batch: Batch; readonly outcome: Outcome }

export type Writer = {
  /** Sequences and applies a command; false when there is no room and nothing happened. */
  write(body: Submission, resolve: (reply: Reply) => void): boolean
  /** The same at the time of the command before: for the rest of a group. */
  writeNext(body: Submission, resolve: (reply: Reply) => void): boolean
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
  now(): Micros
}

type WriterOrder = {
  readonly engine: Engine
  readonly clock: Clock
  readonly fatal: Fatal
}

const TICK: Submission = { kind: 'tick' }

export function createWriter({ engine, clock, fatal }: WriterOrder): Writer {
  let seq = lastSeqOf(engine)
  let time = asMicros(lastTimeOf(engine))
  let open = createBatch()
  let spare: Batch | null = createBatch()

  function now(): Micros {
    time = asMicros(Math.max(time, clock()))
    return time
  }

  function sequence(body: Submission): boolean {
    if (!makeRoom(open, submissionCells(body))) return false
    const at = open.used
    const cells = encodeSubmission(body, open.cells, at, { seq: seq + 1, time })
    seq += 1
    if (open.count === 0) open.first = seq
    open.used += cells
    open.count += 1
    applyOrEnd(engine, open.cells, at, fatal)
    return true
  }

  const due = { nextDue: () => nextDue(engine), nextUrgent: () => nextUrgent(engine) }
  const tick = () => sequence(TICK)

  function writeNext(body: Submission, resolve: (reply: Reply) => void): boolean {
    if (!tickBefore(due, time, tick)) return false
    const from = engine.events.length
    if (!sequence(body)) return false
    const { code, seq: outcomeSeq, duplicate } = engine.outcome
    const to = engine.events.length
    open.waiting.push({ resolve, seq: outcomeSeq, code, duplicate, from, to })
    return true
  }

  return {
    write(body, resolve) {
      now()
      return writeNext(body, resolve)
    },
    writeNext,
    tick() {
      if (nextDue(engine) <= now()) sequence(TICK)
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
      return { batch, outcome: { lastSeq: seq, lastEventNo, events, waiting: batch.waiting } }
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

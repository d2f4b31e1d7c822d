// Admission: who gets a place in queue, frame and journal, alone or as a group.
//
// INV-17: what finds no place is refused with seq 0 and nothing happened. A group is written in
// one turn, so it stands in one frame with nobody in between, and costs one promise.

import type { Journal } from '#journal/journal.ts'
import { CELL_BYTES } from '#journal/record.ts'
import { assert } from '#kernel/assert.ts'
import { submissionCells } from './encode-submission.ts'
import { SUBMIT_QUEUE_MAX } from './limits.ts'
import {
  GROUP_MAX,
  type Reply,
  type Sequencer,
  type Submission,
  type SubmitLimits,
} from './port.ts'
import type { Writer } from './writer.ts'

type AdmissionOrder = {
  readonly journal: Journal
  readonly writer: Writer
  /** Commands that wait for the disk. */
  readonly queued: () => number
  readonly isClosing: () => boolean
  /** Something was sequenced. */
  readonly wake: () => void
}

const TOO_OLD: Reply = { seq: 0, code: 'auth.expired', duplicate: false, events: [] }
const FULL: Reply = { seq: 0, code: 'capacity.exhausted', duplicate: false, events: [] }

export function createAdmission(order: AdmissionOrder): Pick<Sequencer, 'submit' | 'submitAll'> {
  const { writer, wake } = order
  return {
    submit(body, limits) {
      if (!hasPlace(order, 1, submissionCells(body))) return Promise.resolve(FULL)
      if (isTooOld(writer, limits)) return Promise.resolve(TOO_OLD)
      return new Promise((resolve) => {
        if (!writer.write(body, resolve)) resolve(FULL)
        wake()
      })
    },
    submitAll(bodies, limits) {
      assert(bodies.length <= GROUP_MAX, `INV-17: a group has at most ${GROUP_MAX} commands`)
      const cells = bodies.reduce((sum, body) => sum + submissionCells(body), 0)
      if (!hasPlace(order, bodies.length, cells)) return Promise.resolve(bodies.map(() => FULL))
      if (isTooOld(writer, limits)) return Promise.resolve(bodies.map(() => TOO_OLD))
      return new Promise((resolve) => {
        if (writeAll(writer, bodies, resolve) === 0) resolve(bodies.map(() => FULL))
        wake()
      })
    },
  }
}

/** Of the time that it would be stamped with; nothing lies between here and the stamp. */
function isTooOld(writer: Writer, { notAfter }: SubmitLimits = {}): boolean {
  return notAfter !== undefined && writer.now() > notAfter
}

function hasPlace(
  { journal, writer, queued, isClosing }: AdmissionOrder,
  count: number,
  cells: number,
) {
  if (isClosing() || queued() + count > SUBMIT_QUEUE_MAX || !writer.hasRoom(cells)) return false
  if ((writer.pendingCells() + cells) * CELL_BYTES <= journal.room()) return true
  journal.prepare()
  return false
}

/** How many were written; all are released together, later and in order. */
function writeAll(
  writer: Writer,
  bodies: readonly Submission[],
  resolve: (replies: readonly Reply[]) => void,
): number {
  const replies: Reply[] = []
  let written = 0
  const take = (reply: Reply): void => {
    if (replies.push(reply) === written) resolve(bodies.map((_, i) => replies[i] ?? FULL))
  }
  for (const body of bodies) {
    // Ticks in between may take the room that was there.
    if (!(written === 0 ? writer.write(body, take) : writer.writeNext(body, take))) break
    written += 1
  }
  return written
}

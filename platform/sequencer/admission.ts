// Admission: who gets a place in frame and journal, alone or as a group.
//
// INV-17: what finds no place is refused with seq 0 and nothing happened. A group is written in
// one turn, so it stands in one frame with nobody in between.

import { type Cells, cellCount } from '#engine/codec.ts'
import type { Journal } from '#journal/journal.ts'
import { CELL_BYTES } from '#journal/record.ts'
import { refusalNumber } from '#kernel/refusals.ts'
import { createAnswers } from './answers.ts'
import type { Receiver } from './outbox.ts'
import type { Group, Parcel } from './parcel.ts'
import type { Writer } from './writer.ts'

type AdmissionOrder = {
  readonly journal: Journal
  readonly writer: Writer
  readonly refused: Receiver['refused']
}

const TOO_OLD = refusalNumber('auth.expired')
const FULL = refusalNumber('capacity.exhausted')

/** Sequences a parcel's groups, or refuses them. */
export function createAdmission(order: AdmissionOrder): (parcel: Parcel) => void {
  const answers = createAnswers()

  function refuse({ ticket, count }: Group, code: number): void {
    const nothing = { ticket, code, seq: 0, duplicate: false, from: 0, to: 0 }
    for (let i = 0; i < count; i += 1) answers.add(nothing)
  }

  return ({ cells, groups }) => {
    let at = 0
    for (const group of groups) {
      const code = judge(order, group)
      if (code !== 0) refuse(group, code)
      else if (!writeAll(order.writer, group, cells, at)) refuse(group, FULL)
      at += group.cells
    }
    const refused = answers.take()
    if (refused.length > 0) order.refused(refused)
  }
}

// The time is that of the stamp: nothing lies between here and there.
function judge({ journal, writer }: AdmissionOrder, { cells, notAfter }: Group): number {
  if (writer.now() > notAfter) return TOO_OLD
  if (!writer.hasRoom(cells)) return FULL
  if ((writer.pendingCells() + cells) * CELL_BYTES <= journal.room()) return 0
  journal.prepare()
  return FULL
}

/** False when nothing of it was written. */
function writeAll(writer: Writer, { ticket, count }: Group, cells: Cells, start: number): boolean {
  let at = start
  for (let i = 0; i < count; i += 1) {
    if (!writer.write(cells, at, ticket)) {
      // Ticks in between took the room that was there.
      if (i === 0) return false
      for (let rest = i; rest < count; rest += 1) writer.refuse(ticket, FULL)
      return true
    }
    at += cellCount(cells, at)
  }
  return true
}

// Parcel: groups of encoded commands on their way from the desk to the press.
//
// The commands are cells as they will stand in the journal, one after the other, without seq and
// time. It goes from thread to thread without being copied.

import { CELL_SIZE_BYTES, type Cells, createCells } from '#engine/codec.ts'
import { FRAME_BYTES_MAX } from '#journal/limits.ts'
import { encodeSubmission, submissionCells } from './encode-submission.ts'
import { PARCEL_CELLS_FIRST } from './limits.ts'
import type { Submission } from './port.ts'

/** Commands that are journaled together, with nobody else's in between. */
export type Group = {
  readonly ticket: number
  readonly count: number
  readonly cells: number
  /** Stamped with a later time nothing of it happens; Infinity for any. */
  readonly notAfter: number
}

export type Parcel = {
  cells: Cells
  /** Cells in use. */
  used: number
  /** Commands. */
  count: number
  groups: Group[]
}

/** An empty parcel; its cells may be those of one that has come to its end. */
export function createParcel(cells = createCells(PARCEL_CELLS_FIRST)): Parcel {
  return { cells, used: 0, count: 0, groups: [] }
}

/** Makes a parcel empty again; its buffer stays. */
export function clearParcel(parcel: Parcel): Parcel {
  parcel.used = 0
  parcel.count = 0
  parcel.groups = []
  return parcel
}

/** Adds a group; false when the parcel would be longer than a frame may be. */
export function addGroup(
  parcel: Parcel,
  bodies: readonly Submission[],
  { ticket, notAfter }: Pick<Group, 'ticket' | 'notAfter'>,
): boolean {
  const cells = cellsOf(bodies)
  if ((parcel.used + cells) * CELL_SIZE_BYTES >= FRAME_BYTES_MAX) return false
  makeRoom(parcel, cells)
  // What cannot be encoded throws: then nothing of the group is in the parcel.
  let at = parcel.used
  for (const body of bodies) at += encodeSubmission(body, parcel.cells, at)
  parcel.used = at
  parcel.count += bodies.length
  parcel.groups.push({ ticket, count: bodies.length, cells, notAfter })
  return true
}

function cellsOf(bodies: readonly Submission[]): number {
  let cells = 0
  for (const body of bodies) cells += submissionCells(body)
  return cells
}

function makeRoom(parcel: Parcel, cells: number): void {
  const { length } = parcel.cells.bytes
  const wanted = (parcel.used + cells) * CELL_SIZE_BYTES
  if (wanted <= length) return
  const grown = createCells(Math.max(length * 2, wanted) / CELL_SIZE_BYTES)
  grown.bytes.set(parcel.cells.bytes)
  parcel.cells = grown
}

// Batch: the commands that will be written together, and what they came to.
//
// Commands stand in the frame that goes to disk; its first cell is room for the header. INV-17: a
// batch never passes FRAME_BYTES_MAX.

import { CELL_SIZE_BYTES, type Cells, createCells } from '#engine/codec.ts'
import { HEADER_CELLS } from '#journal/frame.ts'
import type { Batch as Frame } from '#journal/journal.ts'
import { FRAME_BYTES_MAX } from '#journal/limits.ts'
import { type Answers, createAnswers } from './answers.ts'
import { BATCH_CELLS_FIRST } from './limits.ts'

export type Batch = {
  cells: Cells
  /** Cells in use, the header's included. */
  used: number
  first: number
  count: number
  readonly answers: Answers
}

/** An empty batch. */
export function createBatch(): Batch {
  const cells = createCells(BATCH_CELLS_FIRST)
  return { cells, used: HEADER_CELLS, first: 0, count: 0, answers: createAnswers() }
}

/** Makes a batch empty again; its buffer stays. */
export function clearBatch(batch: Batch): void {
  batch.used = HEADER_CELLS
  batch.count = 0
}

/** Bytes that the frame would have with so many more cells. */
function bytesWith(batch: Batch, cells: number): number {
  return (batch.used + cells) * CELL_SIZE_BYTES
}

/** Whether so many more cells fit into the frame. */
export function hasRoom(batch: Batch, cells: number): boolean {
  return bytesWith(batch, cells) <= FRAME_BYTES_MAX
}

/** Makes room for so many more cells; false when the frame would be too long. */
export function makeRoom(batch: Batch, cells: number): boolean {
  if (!hasRoom(batch, cells)) return false
  const { length } = batch.cells.bytes
  if (bytesWith(batch, cells) <= length) return true
  const wanted = Math.max(length * 2, bytesWith(batch, cells))
  const grown = createCells(wanted / CELL_SIZE_BYTES)
  grown.bytes.set(batch.cells.bytes)
  batch.cells = grown
  return true
}

/** The batch as the journal takes it. */
export function frameOf({ cells, used, first, count }: Batch): Frame {
  return { window: cells, first, count, bytes: (used - HEADER_CELLS) * CELL_SIZE_BYTES }
}

// Chains for tests: records of a given length, and journals made of them.

import { noHash } from '#journal/frame.ts'
import type { Frame } from '#journal/frame-walker.ts'
import { type Batch, createJournal, type Fatal, type Journal } from '#journal/journal.ts'
import { CELL_BYTES, createWindow } from '#journal/record.ts'
import type { Storage } from '#journal/storage.ts'
import { type WalkEnd, type WalkOrder, walkChain } from '#journal/walk.ts'

export const FOLDER = '/data'

export const NEW_CHAIN: WalkEnd = {
  hash: noHash(),
  next: 1,
  place: null,
  isTorn: false,
  seenBeyond: 0,
}

export const throwIt: Fatal = (error) => {
  throw error
}

/** Records of so many cells each after an empty cell; an event's seq is given by its number. */
export function recordsFrom(
  first: number,
  count: number,
  { cells = 1, seqOf = (eventNo: number) => eventNo } = {},
): Batch {
  const window = createWindow(1 + count * cells)
  for (let i = 0; i < count; i += 1) {
    const word = (1 + i * cells) * 16
    window.i32.fill(first + i, word, word + cells * 16)
    window.i32[word] = 1 | (cells << 16)
    window.i32[word + 2] = first + i
    window.i32[word + 3] = 0
    window.i32[word + 4] = seqOf(first + i)
    window.i32[word + 5] = 0
  }
  return { window, first, count, bytes: count * cells * CELL_BYTES }
}

export function openJournal(
  storage: Storage,
  { end = NEW_CHAIN, segmentBytes = 4096, fatal = throwIt } = {},
): Journal {
  const order = { storage, folder: FOLDER, end, segmentBytes, fatal }
  return createJournal({ ...order, engineVersion: 1, build: 7 })
}

/** A journal of so many frames of one to three records. */
export function writeJournal(storage: Storage, frames: number): void {
  const journal = openJournal(storage)
  let next = 1
  for (let i = 0; i < frames; i += 1) {
    const count = 1 + (i % 3)
    journal.append(recordsFrom(next, count, { cells: 2 }))
    next += count
  }
  journal.close()
}

export type Walked = {
  readonly frames: readonly Pick<Frame, 'path' | 'offset' | 'end' | 'head'>[]
  readonly end: WalkEnd
}

/** Walks a chain to its end. */
export function walkAll(storage: Storage, more: Partial<WalkOrder> = {}): Walked {
  const walk = walkChain({ storage, folder: FOLDER, kind: 'commands', ...more })
  const frames: Frame[] = []
  let step = walk.next()
  while (step.done !== true) {
    frames.push(step.value)
    step = walk.next()
  }
  return { frames, end: step.value }
}

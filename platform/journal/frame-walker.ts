// Frame walker: the frames of one file, one after the other, each proven by its checksum.
//
// It never goes past a place that is not a frame and says what it found there; whether that is a
// clean end, a torn tail or damage is for tail.ts. What it hands out is valid until the next call.

import {
  type FrameHead,
  frameBytes,
  HEADER_BYTES,
  HEADER_CELLS,
  hashOf,
  hasRightCrc,
  isPossible,
  previousHash,
  readHead,
} from './frame.ts'
import { FRAME_BYTES_MAX, WINDOW_BYTES } from './limits.ts'
import { CELL_BYTES, createWindow, type Window } from './record.ts'
import type { StorageFile } from './storage.ts'

export type Frame = {
  readonly kind: 'frame'
  readonly path: string
  /** Byte of the file where it begins, and of what follows. */
  readonly offset: number
  readonly end: number
  readonly head: FrameHead
  readonly previous: Uint8Array
  /** Computed from its bytes when asked for. */
  hash(): Uint8Array
  readonly window: Window
  /** Cells of its records in the window. */
  readonly from: number
  readonly to: number
}

/** No frame here: nothing but zeros or the file's end, or bytes that are not one. */
export type NoFrame = {
  readonly kind: 'empty' | 'bad'
  readonly path: string
  readonly offset: number
  /** Byte before which the write that was to stand here ends. */
  readonly reach: number
  readonly why: string
}

export type FrameWalker = { next(): Frame | NoFrame }

type Start = {
  /** A multiple of 64; 0 unless said. */
  readonly offset?: number
  /** Read at once, unless a frame is longer. */
  readonly windowBytes?: number
}

/** Walks the frames of a file. */
export function createFrameWalker(
  file: StorageFile,
  magic: number,
  { offset = 0, windowBytes = WINDOW_BYTES }: Start = {},
): FrameWalker {
  const size = file.size()
  const view = { window: createWindow(cellsFor(Math.min(windowBytes, size))), start: 0, length: 0 }
  let place = offset

  const isInView = (bytes: number) =>
    place >= view.start && place + bytes <= view.start + view.length

  function load(bytes: number): boolean {
    if (isInView(bytes)) return true
    if (view.window.bytes.length < bytes) view.window = createWindow(cellsFor(bytes))
    view.start = place
    view.length = file.read(view.window.bytes, place)
    return isInView(bytes)
  }

  const noFrame = (kind: 'empty' | 'bad', why: string, bytes = FRAME_BYTES_MAX): NoFrame => {
    const reach = place + HEADER_BYTES + bytes
    return { kind, path: file.path, offset: place, reach, why }
  }

  return {
    next() {
      if (place >= size) return noFrame('empty', 'end of the file')
      if (!load(HEADER_BYTES)) return noFrame('bad', 'the file ends within a header')
      const head = readHead(view.window, cellOf(place - view.start))
      if (isZero(view.window.bytes, place - view.start)) return noFrame('empty', 'unused')
      if (!isPossible(head, magic)) return noFrame('bad', 'this is not the header of a frame')
      if (!load(HEADER_BYTES + head.bytes)) {
        return noFrame('bad', 'the file ends within a frame', head.bytes)
      }
      const cell = cellOf(place - view.start)
      if (!hasRightCrc(view.window, cell, head.bytes)) {
        return noFrame('bad', 'the checksum does not fit', head.bytes)
      }
      const found = frameAt(view.window, cell, { path: file.path, offset: place, head })
      place = found.end
      return found
    },
  }
}

function frameAt(
  window: Window,
  cell: number,
  { path, offset, head }: Pick<Frame, 'path' | 'offset' | 'head'>,
): Frame {
  const from = cell + HEADER_CELLS
  return {
    kind: 'frame',
    path,
    offset,
    end: offset + HEADER_BYTES + head.bytes,
    head,
    previous: previousHash(window, cell),
    hash: () => hashOf(frameBytes(window, cell, head.bytes)),
    window,
    from,
    to: from + cellOf(head.bytes),
  }
}

function cellsFor(bytes: number): number {
  return Math.ceil(Math.max(bytes, HEADER_BYTES) / CELL_BYTES)
}

function cellOf(byte: number): number {
  return byte / CELL_BYTES
}

function isZero(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < start + HEADER_BYTES; i += 1) if (bytes[i] !== 0) return false
  return true
}

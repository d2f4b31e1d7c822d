// Tail: what stands after the last good frame of a file decides between a crash and damage.
//
// A crash tears at most the one write that was in flight: its bytes lie within its frame's length
// (a header is never torn by a sector's border) and no valid frame follows. Anything else cannot
// come from a crash, so nobody may cut it away.

import { createFrameWalker, type Frame } from './frame-walker.ts'
import { WINDOW_BYTES } from './limits.ts'
import { CELL_BYTES, createWindow, type Window, wordAt } from './record.ts'
import type { StorageFile } from './storage.ts'

const ZEROS = new Uint8Array(WINDOW_BYTES)

export type Tail = {
  /** Nothing but zeros. */
  readonly isClean: boolean
  /** Byte after the last one that is not zero. */
  readonly usedTo: number
  /** The last valid frame in it: damage before, not a torn write. */
  readonly validFrame: Pick<Frame, 'offset' | 'head'> | null
}

/** Judges a file from a byte on, where no valid frame begins. */
export function judgeTail(file: StorageFile, magic: number, from: number): Tail {
  const size = file.size()
  const window = createWindow(Math.ceil(Math.min(WINDOW_BYTES, size - from) / CELL_BYTES))
  let usedTo = from
  let validFrame: Tail['validFrame'] = null
  for (let start = from; start < size; start += window.bytes.length) {
    const length = file.read(window.bytes, start)
    const used = usedLength(window.bytes, length)
    if (used === 0) continue
    usedTo = start + used
    validFrame = lastFrame(file, magic, { window, start, used }) ?? validFrame
  }
  return { isClean: usedTo === from, usedTo, validFrame }
}

type Stretch = { readonly window: Window; readonly start: number; readonly used: number }

function lastFrame(
  file: StorageFile,
  magic: number,
  { window, start, used }: Stretch,
): Tail['validFrame'] {
  let last: Tail['validFrame'] = null
  for (let byte = 0; byte < used; byte += CELL_BYTES) {
    if (wordAt(window.i32, byte / 4) !== magic) continue
    const found = createFrameWalker(file, magic, { offset: start + byte }).next()
    if (found.kind === 'frame') last = { offset: found.offset, head: found.head }
  }
  return last
}

/** Bytes up to the last that is not zero. */
function usedLength(bytes: Uint8Array, length: number): number {
  if (Buffer.compare(bytes.subarray(0, length), ZEROS.subarray(0, length)) === 0) return 0
  let used = length
  while (bytes[used - 1] === 0) used -= 1
  return used
}

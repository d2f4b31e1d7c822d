// Journal: appends frames of commands so that they survive.
//
// INV-07 rests on it: an append is done when its bytes are on disk. One is in flight at a time. An
// append that fails ends the process through `fatal`, and nothing is ever appended after it: the
// same file may claim success for bytes that are lost.

import { assert } from '#kernel/assert.ts'
import { HEADER_BYTES, MAGIC, sealFrame } from './frame.ts'
import { FRAME_BYTES_MAX } from './limits.ts'
import type { Window } from './record.ts'
import { chainFolder, segmentPath, sparePath } from './segments.ts'
import { createSpare, type Spare } from './spare.ts'
import type { Done, Storage, StorageFile } from './storage.ts'
import type { ChainHead, WalkEnd } from './walk.ts'

/** Ends the process; whatever was not released is never acknowledged. */
export type Fatal = (error: unknown) => never

export type Journal = {
  /** Writes and waits until it is on disk. Fastest when little else happens. */
  append(batch: Batch): void
  /** The same from the thread pool; `done` is called when the bytes are on disk. */
  appendLater(batch: Batch, done: () => void): void
  /** Number of the last record that is on disk. */
  durableTo(): number
  /** Hash of the last frame. */
  lastHash(): Uint8Array
  /** Bytes that can surely still be written: Infinity unless the disk has run full. */
  room(): number
  /** Tries again to get room after the disk ran full. */
  prepare(): void
  close(): void
}

/** Records in cells 1 and following of a window; cell 0 is room for the frame's header. */
export type Batch = {
  readonly window: Window
  readonly first: number
  readonly count: number
  readonly bytes: number
}

export type JournalOrder = {
  readonly storage: Storage
  readonly folder: string
  /** Where the recovered chain ends, its torn tail cut off. */
  readonly end: WalkEnd
  readonly engineVersion: number
  readonly build: number
  readonly segmentBytes: number
  readonly fatal: Fatal
}

type Open = { readonly file: StorageFile; readonly size: number; offset: number }

/** Opens the journal for writing. Throws what the disk says when there is no room to begin. */
export function createJournal(order: JournalOrder): Journal {
  const { storage, folder, segmentBytes, fatal } = order
  const spare = createSpare({ storage, path: sparePath(folder, 'commands'), segmentBytes })
  let head: ChainHead = order.end
  let durableTo = head.next - 1
  let isWriting = false
  let open = openLast(order, spare)
  spare.prepare()

  function seal({ window, first, count, bytes }: Batch): Uint8Array {
    assert(!isWriting, 'one append is in flight at a time')
    assert(first === head.next, `INV-08: the journal goes on with ${head.next}, not ${first}`)
    assert(bytes > 0 && bytes <= FRAME_BYTES_MAX, `a frame of ${bytes} bytes`)
    isWriting = true
    const { engineVersion, build } = order
    const frame = { magic: MAGIC.commands, engineVersion, build, first, count, bytes }
    head = { hash: sealFrame(window, 0, frame, head.hash), next: first + count }
    return window.bytes.subarray(0, HEADER_BYTES + bytes)
  }

  function place(bytes: number, first: number): number {
    if (open.offset + bytes > open.size) {
      open.file.close()
      open = takeSpare(order, spare, { bytes, first })
      spare.prepare()
    }
    const { offset } = open
    open.offset += bytes
    return offset
  }

  function settle(): void {
    durableTo = head.next - 1
    isWriting = false
  }

  return {
    append(batch) {
      const frame = seal(batch)
      try {
        const offset = place(frame.length, batch.first)
        open.file.write(frame, offset)
      } catch (error) {
        fatal(error)
      }
      settle()
    },
    appendLater(batch, done) {
      const frame = seal(batch)
      const whenWritten: Done = (error) => {
        if (error !== null) fatal(error)
        settle()
        done()
      }
      try {
        const offset = place(frame.length, batch.first)
        open.file.writeLater(frame, offset, whenWritten)
      } catch (error) {
        fatal(error)
      }
    },
    durableTo: () => durableTo,
    lastHash: () => head.hash,
    room: () => (spare.hasFailed() ? open.size - open.offset : Number.POSITIVE_INFINITY),
    prepare: spare.prepare,
    close() {
      assert(!isWriting, 'the journal is closed when nothing is in flight')
      open.file.close()
      spare.close()
    },
  }
}

function openLast(order: JournalOrder, spare: Spare): Open {
  const { storage, end } = order
  if (end.place === null) return takeSpare(order, spare, { bytes: 0, first: end.next })
  const file = storage.open(end.place.path, 'durable')
  return { file, size: file.size(), offset: end.place.offset }
}

/** Names the prepared file; its name must survive before anything in it is acknowledged. */
function takeSpare(
  { storage, folder, segmentBytes }: JournalOrder,
  spare: Spare,
  { bytes, first }: { readonly bytes: number; readonly first: number },
): Open {
  const file = spare.take(bytes)
  storage.rename(sparePath(folder, 'commands'), segmentPath(folder, 'commands', first))
  storage.syncFolder(chainFolder(folder, 'commands'))
  return { file, size: Math.max(bytes, segmentBytes), offset: 0 }
}

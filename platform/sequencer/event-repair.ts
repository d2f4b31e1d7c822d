// Event repair: holds replayed events against the segments on disk and writes what is missing.
//
// Events are not synced at release, so a power cut may take the newest; replay makes them again,
// byte for byte. Events on disk that the journal does not know mean that acknowledged work is
// missing, and events that differ mean that the rules changed: both refuse to start.

import { cutTail } from '#journal/cut.ts'
import type { EventStore, Stretch } from '#journal/events.ts'
import { HEADER_CELLS } from '#journal/frame.ts'
import type { Frame } from '#journal/frame-walker.ts'
import { CELL_BYTES, createWindow, recordCells, recordNumber } from '#journal/record.ts'
import type { Storage } from '#journal/storage.ts'
import { type WalkEnd, walkChain } from '#journal/walk.ts'
import { StartError } from '#kernel/start-error.ts'
import { REPAIR_BYTES } from './limits.ts'

export type EventRepair = {
  /** Takes the events of the next replayed command. */
  take(stretch: Stretch): void
  /** Answers the store once the journal has ended. Throws StartError when disk knows more. */
  finish(): EventStore
}

type RepairOrder = {
  readonly storage: Storage
  readonly folder: string
  /** Events up to here were synced and are in the snapshot. */
  readonly provenTo: number
  readonly openStore: (end: WalkEnd) => EventStore
}

/** Begins after the events that the snapshot covers. */
export function createEventRepair(order: RepairOrder): EventRepair {
  const { storage, folder, provenTo, openStore } = order
  const walk = walkChain({ storage, folder, kind: 'events', from: Math.max(provenTo, 1), provenTo })
  let onDisk: Uint8Array = new Uint8Array(0)
  let ended: { readonly store: EventStore; readonly seenBeyond: number } | null = null
  let missing = createWindow(HEADER_CELLS + REPAIR_BYTES / CELL_BYTES)
  let missingTo = HEADER_CELLS

  /** Bytes on disk that were not compared yet; none when the segments end. */
  function nextOnDisk(): Uint8Array {
    while (onDisk.length === 0 && ended === null) {
      const step = walk.next()
      if (step.done === true) ended = endWalk(step.value)
      else onDisk = bytesAfter(step.value, provenTo)
    }
    return onDisk
  }

  function endWalk(end: WalkEnd) {
    if (end.next <= provenTo) throw missingEvents(end.next, provenTo)
    cutTail(storage, folder, 'events', end)
    return { store: openStore(end), seenBeyond: end.seenBeyond }
  }

  function keep(bytes: Uint8Array): void {
    const cells = bytes.length / CELL_BYTES
    if ((missingTo + cells) * CELL_BYTES > missing.bytes.length) flush()
    if ((missingTo + cells) * CELL_BYTES > missing.bytes.length) {
      missing = createWindow(missingTo + cells)
    }
    missing.bytes.set(bytes, missingTo * CELL_BYTES)
    missingTo += cells
  }

  function flush(): void {
    if (missingTo === HEADER_CELLS) return
    ended?.store.append({ window: missing, from: HEADER_CELLS, to: missingTo })
    missingTo = HEADER_CELLS
  }

  return {
    take({ window, from, to }) {
      let bytes = window.bytes.subarray(from * CELL_BYTES, to * CELL_BYTES)
      while (bytes.length > 0) {
        const known = nextOnDisk()
        if (known.length === 0) return keep(bytes)
        const count = Math.min(bytes.length, known.length)
        if (Buffer.compare(bytes.subarray(0, count), known.subarray(0, count)) !== 0) {
          throw new StartError(`replay differs from event ${recordNumber(window, from)} on disk`)
        }
        bytes = bytes.subarray(count)
        onDisk = known.subarray(count)
      }
    },
    finish() {
      if (nextOnDisk().length > 0 || ended === null) throw tooManyEvents()
      flush()
      const { store, seenBeyond } = ended
      if (seenBeyond > store.lastEventNo()) throw tooManyEvents()
      return store
    },
  }
}

function bytesAfter({ window, from, to }: Frame, eventNo: number): Uint8Array {
  let at = from
  while (at < to && recordNumber(window, at) <= eventNo) at += recordCells(window, at)
  return window.bytes.subarray(at * CELL_BYTES, to * CELL_BYTES)
}

function missingEvents(next: number, provenTo: number): StartError {
  return new StartError(`events ${next} to ${provenTo} are missing: the snapshot stands on them`)
}

function tooManyEvents(): StartError {
  return new StartError(
    'acknowledged work is missing: the journal ends before the events that it caused',
  )
}

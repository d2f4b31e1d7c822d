// Events: what happened, for everybody who reads it later; a chain of frames of its own.
//
// Written at release and not synced: whatever a power cut takes is made again by replaying the
// journal. They are synced before a snapshot and at close, so that what a snapshot stands on stays.
// Bytes that were read once are the same bytes for ever: repeated requests are answered with them.

import { createEventIndex, type EventPlace } from './event-index.ts'
import { HEADER_BYTES, HEADER_CELLS, MAGIC, sealFrame } from './frame.ts'
import { createFrameWalker } from './frame-walker.ts'
import type { Fatal } from './journal.ts'
import { EVENT_FRAME_BYTES, EVENT_INDEX_BYTES, EVENT_READ_BYTES } from './limits.ts'
import {
  CELL_BYTES,
  createWindow,
  eventSeq,
  recordCells,
  recordNumber,
  type Window,
} from './record.ts'
import { chainFolder, listSegments, segmentPath } from './segments.ts'
import type { Done, Storage, StorageFile } from './storage.ts'
import type { ChainHead, WalkEnd } from './walk.ts'

/** Records in cells [from, to) of a window. */
export type Stretch = { readonly window: Window; readonly from: number; readonly to: number }

export type EventStore = {
  /** Appends records; the cell before `from` is room for a header. */
  append(stretch: Stretch): void
  lastEventNo(): number
  /** Hash of the last frame. */
  lastHash(): Uint8Array
  /** The events of a seq, copied out; empty when there are none. */
  eventsOf(seq: number): Stretch
  /** Events after a number, up to another or the last one now, in stretches, copied out. */
  eventsAfter(eventNo: number, upTo?: number): Generator<Stretch>
  sync(): void
  syncLater(done: Done): void
  close(): void
}

export type EventStoreOrder = {
  readonly storage: Storage
  readonly folder: string
  readonly end: WalkEnd
  readonly engineVersion: number
  readonly build: number
  readonly segmentBytes: number
  readonly fatal: Fatal
}

/** Opens the segments of events for writing and reading. */
export function createEventStore(order: EventStoreOrder): EventStore {
  const { storage, folder, engineVersion, build } = order
  const index = createEventIndex(storage, listSegments(storage, folder, 'events'))
  let head: ChainHead = order.end
  let { file, offset } = openLast(order, index.open)

  function roll(first: number): void {
    file.sync()
    file.close()
    file = openSegment(order, first)
    offset = 0
    index.open({ path: file.path, first })
  }

  function appendFrame({ window, from, to }: Stretch, count: number): void {
    const first = head.next
    const bytes = (to - from) * CELL_BYTES
    if (offset > 0 && offset + HEADER_BYTES + bytes > order.segmentBytes) roll(first)
    const frame = { magic: MAGIC.events, engineVersion, build, first, count, bytes }
    const at = from - HEADER_CELLS
    const hash = sealFrame(window, at, frame, head.hash)
    index.mark(offset, first, eventSeq(window, from))
    file.write(window.bytes.subarray(at * CELL_BYTES, to * CELL_BYTES), offset)
    offset += HEADER_BYTES + bytes
    head = { hash, next: first + count }
  }

  return {
    append(stretch) {
      try {
        for (const { piece, count } of piecesOf(stretch)) appendFrame(piece, count)
      } catch (error) {
        order.fatal(error)
      }
    },
    lastEventNo: () => head.next - 1,
    lastHash: () => head.hash,
    eventsOf: (seq) => collectSeq(storage, index.placesOf(seq), seq),
    eventsAfter: (after, upTo = head.next - 1) =>
      collectAfter(storage, index.placesAfter(after), { after, to: upTo }),
    sync: () => file.sync(),
    syncLater: (done) => file.syncLater(done),
    close() {
      file.sync()
      file.close()
    },
  }
}

type OpenFile = { readonly file: StorageFile; readonly offset: number }

function openLast(
  order: EventStoreOrder,
  note: (segment: { path: string; first: number }) => void,
): OpenFile {
  const { place, next } = order.end
  if (place !== null) {
    return { file: order.storage.open(place.path, 'write'), offset: place.offset }
  }
  const file = openSegment(order, next)
  note({ path: file.path, first: next })
  return { file, offset: 0 }
}

function openSegment({ storage, folder }: EventStoreOrder, first: number): StorageFile {
  const file = storage.open(segmentPath(folder, 'events', first), 'write')
  storage.syncFolder(chainFolder(folder, 'events'))
  return file
}

type Piece = { readonly piece: Stretch; readonly count: number }

/** Frames of bounded length; all but the first are copied, because they need room for a header. */
function* piecesOf({ window, from, to }: Stretch): Generator<Piece> {
  let start = from
  let count = 0
  for (let at = from; at < to; ) {
    const end = at + recordCells(window, at)
    if (count > 0 && (end - start) * CELL_BYTES > EVENT_FRAME_BYTES) {
      yield { piece: pieceOf(window, from, { start, end: at }), count }
      start = at
      count = 0
    }
    count += 1
    at = end
  }
  if (count > 0) yield { piece: pieceOf(window, from, { start, end: to }), count }
}

function pieceOf(
  window: Window,
  from: number,
  { start, end }: { readonly start: number; readonly end: number },
): Stretch {
  if (start === from) return { window, from: start, to: end }
  const copy = createWindow(HEADER_CELLS + end - start)
  copy.bytes.set(window.bytes.subarray(start * CELL_BYTES, end * CELL_BYTES), HEADER_BYTES)
  return { window: copy, from: HEADER_CELLS, to: HEADER_CELLS + end - start }
}

/** Frames from a place on, through the segments that follow. */
function* framesFrom(
  storage: Storage,
  places: readonly EventPlace[],
  windowBytes: number,
): Generator<Stretch> {
  for (const { path, offset } of places) {
    const file = storage.open(path, 'read')
    try {
      const walker = createFrameWalker(file, MAGIC.events, { offset, windowBytes })
      for (let found = walker.next(); found.kind === 'frame'; found = walker.next()) yield found
    } finally {
      file.close()
    }
  }
}

function collectSeq(storage: Storage, places: readonly EventPlace[], seq: number): Stretch {
  let copy: Stretch = { window: createWindow(HEADER_CELLS), from: HEADER_CELLS, to: HEADER_CELLS }
  for (const { window, from, to } of framesFrom(storage, places, EVENT_INDEX_BYTES)) {
    let at = from
    while (at < to && eventSeq(window, at) < seq) at += recordCells(window, at)
    const start = at
    while (at < to && eventSeq(window, at) === seq) at += recordCells(window, at)
    if (at > start) copy = joined(copy, { window, from: start, to: at })
    if (at < to) break
  }
  return copy
}

type Range = { readonly after: number; readonly to: number }

function* collectAfter(
  storage: Storage,
  places: readonly EventPlace[],
  range: Range,
): Generator<Stretch> {
  let copy: Stretch | null = null
  for (const { window, from, to } of framesFrom(storage, places, EVENT_READ_BYTES)) {
    let at = from
    while (at < to && recordNumber(window, at) <= range.after) at += recordCells(window, at)
    let end = at
    while (end < to && recordNumber(window, end) <= range.to) end += recordCells(window, end)
    if (end > at) copy = joined(copy, { window, from: at, to: end })
    if (copy !== null && (copy.to - copy.from) * CELL_BYTES >= EVENT_READ_BYTES) {
      yield copy
      copy = null
    }
    if (end < to) break
  }
  if (copy !== null) yield copy
}

/** Both stretches in a window with room to spare, so that adding many stays linear. */
function joined(first: Stretch | null, second: Stretch): Stretch {
  const from = HEADER_CELLS
  const used = first === null ? from : first.to
  const to = used + second.to - second.from
  const roomy = first !== null && first.window.bytes.length >= to * CELL_BYTES
  const window = roomy ? first.window : createWindow(to * 2)
  if (first !== null && !roomy) {
    window.bytes.set(first.window.bytes.subarray(0, used * CELL_BYTES))
  }
  const bytes = second.window.bytes.subarray(second.from * CELL_BYTES, second.to * CELL_BYTES)
  window.bytes.set(bytes, used * CELL_BYTES)
  return { window, from, to }
}

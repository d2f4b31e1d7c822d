// Event index: where in the segments of events a number or a seq is to be found.
//
// It remembers one place in EVENT_INDEX_BYTES, in memory only. Segments of earlier runs are looked
// through when first asked for. A place is where to begin reading, never where the record is.

import { createFrameWalker, type Frame } from './frame-walker.ts'
import { EVENT_INDEX_BYTES } from './limits.ts'
import { eventSeq } from './record.ts'
import { magicOf, type Segment } from './segments.ts'
import type { Storage } from './storage.ts'

type Mark = { readonly offset: number; readonly eventNo: number; readonly seq: number }
type Indexed = { readonly segment: Segment; marks: Mark[] | null }

export type EventPlace = { readonly path: string; readonly offset: number }

export type EventIndex = {
  /** Notes a new segment, to be filled by `mark`. */
  open(segment: Segment): void
  /** Notes a frame of the newest segment. */
  mark(offset: number, eventNo: number, seq: number): void
  /** Where to begin reading for the events after a number; then the segments that follow. */
  placesAfter(eventNo: number): readonly EventPlace[]
  /** Where to begin reading for the events of a seq; then the segments that follow. */
  placesOf(seq: number): readonly EventPlace[]
}

/** An index of segments that are on disk already. */
export function createEventIndex(storage: Storage, existing: readonly Segment[]): EventIndex {
  const segments: Indexed[] = existing.map((segment) => ({ segment, marks: null }))

  function marksOf(indexed: Indexed): readonly Mark[] {
    indexed.marks ??= lookThrough(storage, indexed.segment)
    return indexed.marks
  }

  // The last place of which the test holds: numbers rise, so everything before lies before it.
  function places(isBefore: (mark: Mark) => boolean): readonly EventPlace[] {
    let start = segments.length - 1
    while (start > 0 && !startsBefore(storage, segments[start], isBefore)) start -= 1
    const first = segments[start]
    if (first === undefined) return []
    const mark = marksOf(first).findLast(isBefore)
    const later = segments
      .slice(start + 1)
      .map(({ segment }) => ({ path: segment.path, offset: 0 }))
    return [{ path: first.segment.path, offset: mark?.offset ?? 0 }, ...later]
  }

  return {
    open: (segment) => void segments.push({ segment, marks: [] }),
    mark(offset, eventNo, seq) {
      const newest = segments.at(-1)
      if (newest === undefined) return
      newest.marks ??= lookThrough(storage, newest.segment)
      addMark(newest.marks, { offset, eventNo, seq })
    },
    placesAfter: (eventNo) => places((mark) => mark.eventNo <= eventNo),
    // A frame may begin with the rest of a seq, so the place must begin with an earlier one.
    placesOf: (seq) => places((mark) => mark.seq < seq),
  }
}

function startsBefore(
  storage: Storage,
  indexed: Indexed | undefined,
  isBefore: (mark: Mark) => boolean,
): boolean {
  if (indexed === undefined) return false
  const first = indexed.marks?.[0] ?? firstMark(storage, indexed.segment)
  return first !== null && isBefore(first)
}

function firstMark(storage: Storage, segment: Segment): Mark | null {
  const file = storage.open(segment.path, 'read')
  const found = createFrameWalker(file, magicOf('events'), { windowBytes: 0 }).next()
  file.close()
  return found.kind === 'frame' ? markOf(found) : null
}

function lookThrough(storage: Storage, segment: Segment): Mark[] {
  const file = storage.open(segment.path, 'read')
  const walker = createFrameWalker(file, magicOf('events'))
  const marks: Mark[] = []
  for (let found = walker.next(); found.kind === 'frame'; found = walker.next()) {
    addMark(marks, markOf(found))
  }
  file.close()
  return marks
}

function addMark(marks: Mark[], mark: Mark): void {
  const last = marks.at(-1)
  if (last === undefined || mark.offset >= last.offset + EVENT_INDEX_BYTES) marks.push(mark)
}

function markOf({ offset, head, window, from }: Frame): Mark {
  return { offset, eventNo: head.first, seq: eventSeq(window, from) }
}

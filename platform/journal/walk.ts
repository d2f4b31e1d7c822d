// Walk: all frames of a chain over its segments, each held against the one before.
//
// Damage is told from a torn tail here and refused with file and byte (StartError): nothing after
// it is handed out. A torn tail ends the walk; who opens the chain for writing cuts it off.

import { StartError } from '#kernel/start-error.ts'
import { noHash } from './frame.ts'
import { createFrameWalker, type Frame, type NoFrame } from './frame-walker.ts'
import { type ChainKind, listSegments, magicOf, type Segment } from './segments.ts'
import type { Storage, StorageFile } from './storage.ts'
import { judgeTail, type Tail } from './tail.ts'

/** Where a chain stands: the hash of its last frame and the number that comes next. */
export type ChainHead = { readonly hash: Uint8Array; readonly next: number }

export type WalkEnd = ChainHead & {
  /** Where the next frame belongs; null when there is no segment yet. */
  readonly place: { readonly path: string; readonly offset: number } | null
  /** Bytes of a torn write stand after it. */
  readonly isTorn: boolean
  /** Number of the last record of a valid frame after the torn place (events only), else 0. */
  readonly seenBeyond: number
}

export type WalkOrder = {
  readonly storage: Storage
  readonly folder: string
  readonly kind: ChainKind
  /** Begin with the segment that holds this number; its first frame is believed. */
  readonly from?: number
  /**
   * Numbers up to here were synced: damage among them is refused. Beyond, holes may be what a
   * power cut left, and the walk ends there. Everything, unless said.
   */
  readonly provenTo?: number
}

type Position = { readonly segment: Segment; readonly head: ChainHead; readonly isLast: boolean }

/** Yields the frames in order and returns where the chain ends. Throws StartError for damage. */
export function* walkChain(order: WalkOrder): Generator<Frame, WalkEnd> {
  const all = listSegments(order.storage, order.folder, order.kind)
  const segments = all.slice(startOf(order, all))
  let head: ChainHead | null = all.length === segments.length ? { hash: noHash(), next: 1 } : null
  let end: WalkEnd | null = null
  for (const [index, segment] of segments.entries()) {
    head ??= firstHead(order, segment)
    const isLast = index === segments.length - 1
    end = yield* walkSegment(order, { segment, head, isLast })
    if (end.isTorn && !isLast) return { ...end, seenBeyond: beyond(order, segments, end) }
    head = { hash: end.hash, next: end.next }
  }
  const start = head ?? { hash: noHash(), next: 1 }
  return end ?? { ...start, place: null, isTorn: false, seenBeyond: 0 }
}

function* walkSegment(
  order: WalkOrder,
  { segment, head, isLast }: Position,
): Generator<Frame, WalkEnd> {
  if (segment.first !== head.next) {
    throw damage(segment.path, 0, `the segment that begins with ${head.next} is missing`)
  }
  const file = order.storage.open(segment.path, 'read')
  try {
    const walker = createFrameWalker(file, magicOf(order.kind))
    let { hash, next } = head
    let found = walker.next()
    while (found.kind === 'frame') {
      checkLink(found, { hash, next })
      hash = found.hash()
      next += found.head.count
      yield found
      found = walker.next()
    }
    const tail = judgeTail(file, magicOf(order.kind), found.offset)
    return endOf(order, { file, found, tail, head: { hash, next }, isLast })
  } finally {
    file.close()
  }
}

type Stop = {
  readonly file: StorageFile
  readonly found: NoFrame
  readonly tail: Tail
  readonly head: ChainHead
  readonly isLast: boolean
}

function endOf(order: WalkOrder, { found, tail, head, isLast }: Stop): WalkEnd {
  const { path, offset } = found
  const isTorn = !tail.isClean || found.kind === 'bad'
  const seenBeyond = lastNumber(tail)
  const end = { ...head, place: { path, offset }, isTorn, seenBeyond }
  if (!isTorn || head.next > (order.provenTo ?? Number.POSITIVE_INFINITY)) return end
  if (tail.validFrame !== null) {
    throw damage(
      path,
      offset,
      `${found.why}, but a good frame follows at ${tail.validFrame.offset}`,
    )
  }
  if (tail.usedTo > found.reach) {
    throw damage(path, offset, `${found.why}, and more follows than one write`)
  }
  if (!isLast) throw damage(path, offset, `${found.why}, but another segment follows`)
  return end
}

function checkLink(frame: Frame, head: ChainHead): void {
  const { path, offset } = frame
  if (Buffer.compare(frame.previous, head.hash) !== 0) {
    throw damage(path, offset, 'the frame does not follow the one before it (hash)')
  }
  if (frame.head.first !== head.next) {
    throw damage(path, offset, `the frame begins with ${frame.head.first}, not ${head.next}`)
  }
}

/** One line that names the place. */
export function damage(path: string, offset: number, why: string): StartError {
  return new StartError(`damaged: ${path} at byte ${offset}: ${why}`)
}

/** The segment to begin with; a new one that has no frame yet cannot say what it follows. */
function startOf(order: WalkOrder, segments: readonly Segment[]): number {
  const from = order.from ?? 1
  const after = segments.findIndex(({ first }) => first > from)
  const start = Math.max(0, (after === -1 ? segments.length : after) - 1)
  const segment = segments[start]
  const isLast = start > 0 && start === segments.length - 1
  return isLast && segment !== undefined && !hasFrame(order, segment) ? start - 1 : start
}

function hasFrame(order: WalkOrder, { path }: Segment): boolean {
  const file = order.storage.open(path, 'read')
  const { kind } = createFrameWalker(file, magicOf(order.kind)).next()
  file.close()
  return kind === 'frame'
}

/** What the first frame of a segment says it follows, when the walk begins there. */
function firstHead(order: WalkOrder, { path, first }: Segment): ChainHead {
  const file = order.storage.open(path, 'read')
  const found = createFrameWalker(file, magicOf(order.kind)).next()
  file.close()
  if (found.kind !== 'frame') throw damage(path, 0, found.why)
  return { hash: found.previous.slice(), next: first }
}

function beyond(order: WalkOrder, segments: readonly Segment[], end: WalkEnd): number {
  const later = segments.filter(({ first }) => first > end.next).map(({ path }) => path)
  const seen = later.map((path) => {
    const file = order.storage.open(path, 'read')
    const tail = judgeTail(file, magicOf(order.kind), 0)
    file.close()
    return lastNumber(tail)
  })
  return Math.max(end.seenBeyond, ...seen)
}

function lastNumber({ validFrame }: Tail): number {
  return validFrame === null ? 0 : validFrame.head.first + validFrame.head.count - 1
}

// Segment files: the segments of one tape on disk, numbered, and which of them are too many.
//
// The names sort in the order in which they were written. A number is never used twice, so a
// segment that was torn by a crash stays as it is and the next run begins a new one.

import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type SegmentFile = {
  readonly path: string
  readonly segment: number
  readonly bytes: number
  /** When it was written last. */
  readonly writtenMs: number
}

const NAME = /^(\d{8})\.tape$/

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(8, '0')}.tape`)
}

/** Oldest first. */
export function listSegments(folder: string): SegmentFile[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, digits] = NAME.exec(name) ?? []
      if (digits === undefined) return []
      const path = join(folder, name)
      const { size: bytes, mtimeMs: writtenMs } = statSync(path)
      return [{ path, segment: Number(digits), bytes, writtenMs }]
    })
}

export type Bounds = { readonly bytesMax: number; readonly ageMaxMs: number }

/** Removes the oldest until what stays is within the bounds; answers its bytes. */
export function dropOldest(folder: string, { bytesMax, ageMaxMs }: Bounds, nowMs: number): number {
  const [newest, ...older] = listSegments(folder).reverse()
  let bytes = newest?.bytes ?? 0 // It is being written and stays.
  let isFull = false
  for (const segment of older) {
    isFull ||= bytes + segment.bytes > bytesMax || nowMs - segment.writtenMs > ageMaxMs
    if (isFull) rmSync(segment.path)
    else bytes += segment.bytes
  }
  return bytes
}

export function makeTapeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

// Spare: the next segment of the journal, written full of zeros before it is needed.
//
// Preallocated blocks make a synced write one trip to the disk instead of two, and a disk that is
// full is noticed one segment ahead. Zeros go out in slices, so that commits get between them.

import { PREALLOCATE_SLICE_BYTES } from './limits.ts'
import type { Storage, StorageFile } from './storage.ts'

export type Spare = {
  /** Prepares in the background, unless it is done or under way. */
  prepare(): void
  /** The prepared file, made at once if need be. Throws what the disk says. */
  take(bytes: number): StorageFile
  /** The last finished attempt failed: there is no room for another segment. */
  hasFailed(): boolean
  close(): void
}

type SpareOrder = {
  readonly storage: Storage
  readonly path: string
  readonly segmentBytes: number
}

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'preparing'; readonly file: StorageFile }
  | { readonly kind: 'ready'; readonly file: StorageFile }

const ZEROS = new Uint8Array(PREALLOCATE_SLICE_BYTES)

/** A spare at a path; what stands there from an earlier run is written over. */
export function createSpare({ storage, path, segmentBytes }: SpareOrder): Spare {
  let state: State = { kind: 'none' }
  let hasFailed = false

  function fill(file: StorageFile, at: number): void {
    if (state.kind !== 'preparing' || state.file !== file) {
      file.close()
      return
    }
    if (at >= segmentBytes) {
      state = { kind: 'ready', file }
      hasFailed = false
      return
    }
    file.writeLater(sliceAt(at, segmentBytes), at, (error) => {
      if (error === null) return fill(file, at + PREALLOCATE_SLICE_BYTES)
      file.close()
      if (state.kind === 'preparing' && state.file === file) fail()
    })
  }

  function fail(): void {
    state = { kind: 'none' }
    hasFailed = true
  }

  return {
    prepare() {
      if (state.kind === 'preparing' || state.kind === 'ready') return
      try {
        const file = openAnew(storage, path)
        state = { kind: 'preparing', file }
        fill(file, 0)
      } catch {
        fail()
      }
    },
    take(bytes) {
      if (state.kind === 'ready' && bytes <= segmentBytes) {
        const { file } = state
        state = { kind: 'none' }
        return file
      }
      state = { kind: 'none' } // A background fill closes its file when it sees this.
      return makeSegment(storage, path, Math.max(bytes, segmentBytes))
    },
    hasFailed: () => hasFailed,
    close() {
      if (state.kind === 'ready') state.file.close()
      state = { kind: 'none' }
    },
  }
}

/** A file of zeros, on disk when this returns. */
export function makeSegment(storage: Storage, path: string, bytes: number): StorageFile {
  const file = openAnew(storage, path)
  for (let at = 0; at < bytes; at += PREALLOCATE_SLICE_BYTES) file.write(sliceAt(at, bytes), at)
  return file
}

// A fresh file: an earlier one may still be written to by a fill that was overtaken.
function openAnew(storage: Storage, path: string): StorageFile {
  storage.remove(path)
  return storage.open(path, 'durable')
}

function sliceAt(at: number, bytes: number): Uint8Array {
  return ZEROS.subarray(0, Math.min(PREALLOCATE_SLICE_BYTES, bytes - at))
}

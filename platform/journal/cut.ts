// Cut: takes away the bytes of a torn write, which nobody was ever told about.
//
// A preallocated segment is zeroed as far as one write reaches, a growing one is shortened; later
// segments of events behind a hole go whole. It is on disk before anything new is written.

import { HEADER_BYTES } from './frame.ts'
import { FRAME_BYTES_MAX } from './limits.ts'
import { type ChainKind, chainFolder, listSegments } from './segments.ts'
import type { Storage } from './storage.ts'
import type { WalkEnd } from './walk.ts'

const TORN_BYTES_MAX = HEADER_BYTES + FRAME_BYTES_MAX

/** Makes the chain end where the walk ended. */
export function cutTail(storage: Storage, folder: string, kind: ChainKind, end: WalkEnd): void {
  if (end.place === null || !end.isTorn) return
  const { path, offset } = end.place
  const file = storage.open(path, 'durable')
  if (kind === 'events') file.truncate(offset)
  else file.write(new Uint8Array(Math.min(TORN_BYTES_MAX, file.size() - offset)), offset)
  file.sync()
  file.close()
  if (kind === 'events') removeLater(storage, folder, path)
}

function removeLater(storage: Storage, folder: string, path: string): void {
  const later = listSegments(storage, folder, 'events').filter((segment) => segment.path > path)
  for (const segment of later) storage.remove(segment.path)
  storage.syncFolder(chainFolder(folder, 'events'))
}

// Segments: the files of a chain of frames, named after the number of their first record.
//
// Names have 16 digits, so that their order as texts is the order of the chain. Other names in the
// folder (the prepared next file, temporary ones) are not segments.

import { join } from 'node:path'
import { MAGIC } from './frame.ts'
import type { Storage } from './storage.ts'

/** The two chains: commands that must survive, and the events they caused. */
export type ChainKind = 'commands' | 'events'

export type Segment = { readonly path: string; readonly first: number }

const ENDING: Readonly<Record<ChainKind, string>> = { commands: '.cbj', events: '.cbe' }
const FOLDER: Readonly<Record<ChainKind, string>> = { commands: 'journal', events: 'events' }
const DIGITS = 16

/** Folder of a chain within the data folder. */
export function chainFolder(folder: string, kind: ChainKind): string {
  return join(folder, FOLDER[kind])
}

/** The magic of a chain's frames. */
export function magicOf(kind: ChainKind): number {
  return MAGIC[kind]
}

/** Segments of a chain, oldest first. */
export function listSegments(storage: Storage, folder: string, kind: ChainKind): Segment[] {
  const place = chainFolder(folder, kind)
  return storage.list(place).flatMap((name) => {
    const first = firstOf(name, kind)
    return first === null ? [] : [{ path: join(place, name), first }]
  })
}

/** Path of the segment that begins with a number. */
export function segmentPath(folder: string, kind: ChainKind, first: number): string {
  const name = String(first).padStart(DIGITS, '0') + ENDING[kind]
  return join(chainFolder(folder, kind), name)
}

/** Path of the file that is prepared ahead. */
export function sparePath(folder: string, kind: ChainKind): string {
  return join(chainFolder(folder, kind), `next${ENDING[kind]}`)
}

function firstOf(name: string, kind: ChainKind): number | null {
  const digits = name.slice(0, DIGITS)
  const isName = name === digits + ENDING[kind] && /^[0-9]{16}$/.test(digits)
  return isName ? Number(digits) : null
}

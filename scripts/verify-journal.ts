// Verify journal: walks every byte that matters and says whether it is what was written.
//
// Frames, hashes and numbers of both chains, the events' digest, and every snapshot against the
// frame and the events it stands on. It only reads. A torn tail is what a crash leaves and is told;
// damage is a problem, named with file and byte.

import { checkFolder } from '#journal/folder.ts'
import type { Frame } from '#journal/frame-walker.ts'
import { CELL_BYTES, eventSeq, recordCells, recordNumber } from '#journal/record.ts'
import { type ChainKind, listSegments } from '#journal/segments.ts'
import { listSnapshots } from '#journal/snapshots.ts'
import { createDiskStorage, type Storage } from '#journal/storage.ts'
import { damage, type WalkEnd, walkChain } from '#journal/walk.ts'
import { StartError } from '#kernel/start-error.ts'
import { dataOptions } from '#scripts/cli/data-options.ts'
import { createEventDigest } from '#sequencer/event-digest.ts'
import { openSnapshot, type SnapshotHead } from '#sequencer/snapshot.ts'

type Chain = {
  readonly segments: number
  readonly frames: number
  /** Last seq or eventNo. */
  readonly last: number
  /** Seq of the last record. */
  readonly lastSeq: number
  readonly hash: string
  readonly isTorn: boolean
}

export type Verified = {
  readonly ok: boolean
  readonly problems: readonly string[]
  readonly journal: Chain | null
  readonly events: (Chain & { readonly digest: string }) | null
  readonly snapshots: readonly number[]
}

type Place = { readonly storage: Storage; readonly folder: string }

/** Verifies a folder; damage is in `problems`. Throws StartError when it is not a data folder. */
export function verifyJournal(folder: string, storage = createDiskStorage()): Verified {
  checkFolder(storage, folder)
  const problems: string[] = []
  const place = { storage, folder }
  const heads = readHeads(place, problems)
  const journal = attempt(problems, () => verifyCommands(place, heads, problems))
  const events = attempt(problems, () => verifyEvents(place, heads, problems))
  if (journal !== null && events !== null && events.lastSeq > journal.lastSeq) {
    problems.push(`the journal ends at ${journal.lastSeq}, events are of ${events.lastSeq}`)
  }
  const snapshots = heads.map(({ seq }) => seq)
  return { ok: problems.length === 0, problems, journal, events, snapshots }
}

/** crossbook verify-journal [--data FOLDER] [--json] */
export function main(args: string[]): number {
  const options = dataOptions(args)
  if (options === null) return 2
  const verified = verifyJournal(options.folder)
  if (options.isJson) console.log(JSON.stringify(verified))
  else for (const line of linesOf(verified)) console.log(line)
  return verified.ok ? 0 : 1
}

function readHeads({ storage, folder }: Place, problems: string[]): SnapshotHead[] {
  return listSnapshots(storage, folder).flatMap(({ path }) => {
    const opened = openSnapshot(storage, path)
    if (opened !== null) return [opened.head]
    problems.push(`damaged: ${path}`)
    return []
  })
}

function verifyCommands(place: Place, heads: readonly SnapshotHead[], problems: string[]): Chain {
  const waiting = new Map(heads.map((head) => [head.seq, head]))
  const chain = walkAll(place, 'commands', (frame) => {
    const head = waiting.get(frame.head.first + frame.head.count - 1)
    if (head === undefined) return
    waiting.delete(head.seq)
    if (hex(frame.hash()) === head.frameHash) return
    problems.push(`snapshot ${head.seq} stands on another frame than ${frame.path} has`)
  })
  for (const seq of waiting.keys()) problems.push(`snapshot ${seq} stands on no frame`)
  return { ...chain, lastSeq: chain.last }
}

function verifyEvents(place: Place, heads: readonly SnapshotHead[], problems: string[]) {
  const digest = createEventDigest()
  const waiting = new Map(heads.map((head) => [head.eventNo, head]))
  const chain = walkAll(place, 'events', ({ window, from, to }) => {
    for (let at = from; at < to; at += recordCells(window, at)) {
      const end = at + recordCells(window, at)
      digest.add(window.bytes.subarray(at * CELL_BYTES, end * CELL_BYTES))
      const head = waiting.get(recordNumber(window, at))
      if (head === undefined) continue
      waiting.delete(head.eventNo)
      if (createEventDigest(head.events).hex() === digest.hex()) continue
      problems.push(`snapshot ${head.seq} stands on other events than are on disk`)
    }
  })
  waiting.delete(0)
  for (const { seq, eventNo } of waiting.values()) {
    problems.push(`snapshot ${seq} stands on event ${eventNo}, which is missing`)
  }
  return { ...chain, digest: digest.hex() }
}

function walkAll({ storage, folder }: Place, kind: ChainKind, look: (frame: Frame) => void): Chain {
  const walk = walkChain({ storage, folder, kind })
  let frames = 0
  let lastSeq = 0
  let step = walk.next()
  while (step.done !== true) {
    const lastAt = checkRecords(step.value)
    lastSeq = kind === 'events' ? eventSeq(step.value.window, lastAt) : 0
    look(step.value)
    frames += 1
    step = walk.next()
  }
  const { next, hash, isTorn }: WalkEnd = step.value
  const segments = listSegments(storage, folder, kind).length
  return { segments, frames, last: next - 1, lastSeq, hash: hex(hash), isTorn }
}

/** Checks that the records fill the frame and are numbered without gaps; answers the last. */
function checkRecords({ path, offset, head, window, from, to }: Frame): number {
  let count = 0
  let last = from
  for (let at = from; at < to; at += Math.max(1, recordCells(window, at))) {
    if (recordNumber(window, at) !== head.first + count) {
      throw damage(path, offset, `record ${head.first + count} has another number`)
    }
    count += 1
    last = at
  }
  if (count !== head.count) throw damage(path, offset, `${count} records, not ${head.count}`)
  return last
}

function attempt<T>(problems: string[], action: () => T): T | null {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    problems.push(error.message)
    return null
  }
}

function linesOf({ journal, events, snapshots, problems }: Verified): string[] {
  const chainLine = (name: string, { segments, frames, last, hash, isTorn }: Chain) => {
    const tail = isTorn ? ', torn tail' : ''
    return `${name} to ${last} in ${frames} frames, ${segments} segments${tail}, ${hash}`
  }
  return [
    ...(journal === null ? [] : [chainLine('commands', journal)]),
    ...(events === null ? [] : [chainLine('events', events), `event digest ${events.digest}`]),
    `snapshots ${snapshots.length === 0 ? 'none' : snapshots.join(' ')}`,
    ...problems,
    problems.length === 0 ? 'ok' : `${problems.length} problems`,
  ]
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

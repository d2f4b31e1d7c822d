// Recovery: from what is on disk to an engine that can go on.
//
// Newest good snapshot, then the journal after it, held against the events on disk. A torn tail is
// cut; damage, missing acknowledged work and other rules refuse to start with one line. Whatever
// the way, the state is the one that replay from the beginning gives (INV-08).

import { createEngine } from '#engine/engine.ts'
import type { Engine } from '#engine/state.ts'
import { cutTail } from '#journal/cut.ts'
import type { EventStore } from '#journal/events.ts'
import type { Frame } from '#journal/frame-walker.ts'
import { CELL_BYTES } from '#journal/record.ts'
import type { Storage } from '#journal/storage.ts'
import { type WalkEnd, walkChain } from '#journal/walk.ts'
import { StartError } from '#kernel/start-error.ts'
import { createEventDigest, type EventDigest } from './event-digest.ts'
import { createEventRepair } from './event-repair.ts'
import { replayFrame } from './replay.ts'
import { lastEventNoOf, newestSnapshot, type Opened } from './snapshot.ts'

export type Recovered = {
  readonly engine: Engine
  readonly journalEnd: WalkEnd
  readonly store: EventStore
  readonly digest: EventDigest
  /** Of the snapshot it began with, 0 for none. */
  readonly snapshotSeq: number
}

type RecoveryOrder = {
  readonly storage: Storage
  readonly folder: string
  readonly openStore: (end: WalkEnd) => EventStore
}

/** Brings back the state. Throws StartError. */
export function recover({ storage, folder, openStore }: RecoveryOrder): Recovered {
  const { opened, newestSeq } = newestSnapshot({ storage, folder })
  const { engine, digest, after } = beginWith(opened)
  const provenTo = lastEventNoOf(engine)
  const repair = createEventRepair({ storage, folder, provenTo, openStore })
  const journalEnd = replayJournal({ storage, folder }, { engine, opened, after }, (stretch) => {
    digest.add(stretch.window.bytes.subarray(stretch.from * CELL_BYTES, stretch.to * CELL_BYTES))
    repair.take(stretch)
  })
  if (journalEnd.next <= newestSeq) throw missingWork(journalEnd.next - 1, newestSeq)
  cutTail(storage, folder, 'commands', journalEnd)
  return { engine, journalEnd, store: repair.finish(), digest, snapshotSeq: after }
}

type Beginning = { readonly engine: Engine; readonly digest: EventDigest; readonly after: number }

/** The state of a snapshot, or of the beginning. */
export function beginWith(opened: Opened | null): Beginning {
  if (opened === null) return { engine: createEngine(), digest: createEventDigest(), after: 0 }
  const { engine, head } = opened
  return { engine, digest: createEventDigest(head.events), after: head.seq }
}

type Place = { readonly storage: Storage; readonly folder: string }
type Start = {
  readonly engine: Engine
  readonly opened: Opened | null
  readonly after: number
  readonly upTo?: number
}

/** Replays the journal from a snapshot to its end, or to a seq. */
export function replayJournal(
  { storage, folder }: Place,
  { engine, opened, after, upTo = Number.POSITIVE_INFINITY }: Start,
  sink: Parameters<typeof replayFrame>[3],
): WalkEnd {
  const walk = walkChain({ storage, folder, kind: 'commands', from: Math.max(after, 1) })
  let step = walk.next()
  while (step.done !== true) {
    const frame = step.value
    if (opened !== null && lastOf(frame) === after) checkLink(frame, opened)
    replayFrame(engine, frame, { after, upTo }, sink)
    if (lastOf(frame) >= upTo) {
      const { path, end: offset } = frame
      const place = { path, offset }
      const end = { hash: frame.hash(), next: lastOf(frame) + 1, place, isTorn: false }
      walk.return({ ...end, seenBeyond: 0 })
      return { ...end, seenBeyond: 0 }
    }
    step = walk.next()
  }
  return step.value
}

/** Seq of the last command of a frame. */
function lastOf({ head }: Frame): number {
  return head.first + head.count - 1
}

function checkLink(frame: Frame, { head }: Opened): void {
  if (Buffer.from(frame.hash()).toString('hex') === head.frameHash) return
  const where = `${frame.path} at byte ${frame.offset}`
  throw new StartError(`damaged: ${where} is not the frame that snapshot ${head.seq} stands on`)
}

function missingWork(lastSeq: number, snapshotSeq: number): StartError {
  return new StartError(
    `acknowledged work is missing: the journal ends at ${lastSeq}, a snapshot at ${snapshotSeq}`,
  )
}

// Sequencer: the one writer. Whatever changes money or orders goes through `submit`.
//
// Recovers the folder, then: sequence and apply at once, commit in groups, release in order.
// INV-07: a reply means applied and on disk. INV-17: what the queue cannot hold is refused with seq
// 0 and nothing happened. A failed write or a broken invariant ends the process.

import { setImmediate as turn } from 'node:timers/promises'
import { nextDue, reserve } from '#engine/engine.ts'
import { imageOf } from '#engine/image-of.ts'
import { ENGINE_VERSION } from '#engine/limits.ts'
import { createEventStore, type EventStore } from '#journal/events.ts'
import { claimFolder, orStartError } from '#journal/folder.ts'
import { createJournal, type Fatal, type Journal } from '#journal/journal.ts'
import { SEGMENT_BYTES } from '#journal/limits.ts'
import { lockFolder } from '#journal/lock.ts'
import { removeUnproven } from '#journal/snapshots.ts'
import { createDiskStorage, type Storage } from '#journal/storage.ts'
import { assert } from '#kernel/assert.ts'
import type { Clock } from '#kernel/time.ts'
import { createAdmission } from './admission.ts'
import { createCommitTimes } from './commit-times.ts'
import { createCommitter } from './committer.ts'
import { SNAPSHOT_EVERY } from './limits.ts'
import { createOutbox, eventBatch } from './outbox.ts'
import type { EventBatch, Sequencer } from './port.ts'
import { type Recovered, recover } from './recovery.ts'
import { businessHex, fullHex, lastSeqOf, takeSnapshot } from './snapshot.ts'
import { createSnapshotSchedule } from './snapshot-schedule.ts'
import { createTicks } from './ticks.ts'
import { createWriter } from './writer.ts'

export type SequencerOrder = {
  /** The data folder; journal, events and snapshots stand in it. */
  readonly folder: string
  readonly clock: Clock
  readonly storage?: Storage
  /** Four bytes that name this build; written into every frame. */
  readonly build?: number
  readonly segmentBytes?: number
  /** Commands between snapshots; Infinity for none but the one at close. */
  readonly snapshotEvery?: number
  /** Ends the process. The default prints the error and exits with code 70. */
  readonly fatal?: Fatal
  /** Says what an operator should know. */
  readonly report?: (line: string) => void
}

const INTERNAL_SOFTWARE_ERROR = 70

/** Recovers a folder and opens it for commands. Throws StartError when it must not be opened. */
export async function createSequencer(order: SequencerOrder): Promise<Sequencer> {
  const { folder, clock, storage = createDiskStorage() } = order
  claimFolder(storage, folder, clock())
  const lock = await lockFolder(storage, folder)
  try {
    const parts = openFolder({ ...order, storage })
    return createRunning({ ...order, storage }, parts, lock.release)
  } catch (error) {
    await lock.release()
    throw error
  }
}

type Settled = SequencerOrder & { readonly storage: Storage }
type Parts = Recovered & { readonly journal: Journal; readonly fatal: Fatal }

// While starting, what the disk refuses is for the operator; later it ends the process.
function openFolder(order: Settled): Parts {
  const { storage, folder, build = 0, segmentBytes = SEGMENT_BYTES } = order
  let isStarting = true
  const fatal: Fatal = (error) => {
    if (isStarting) throw error
    return (order.fatal ?? endProcess)(error)
  }
  const common = { storage, folder, build, segmentBytes, engineVersion: ENGINE_VERSION, fatal }
  return orStartError(`the data folder ${folder}`, () => {
    removeUnproven(storage, folder)
    const openStore = (end: Recovered['journalEnd']) => createEventStore({ ...common, end })
    const recovered = recover({ storage, folder, openStore })
    reserve(recovered.engine)
    const journal = createJournal({ ...common, end: recovered.journalEnd })
    isStarting = false
    return { ...recovered, journal, fatal }
  })
}

function createRunning(order: Settled, parts: Parts, unlock: () => Promise<void>): Sequencer {
  const { engine, journal, store, digest, fatal, snapshotSeq } = parts
  const { folder, clock, snapshotEvery: every = SNAPSHOT_EVERY, report = console.error } = order
  const times = createCommitTimes()
  const writer = createWriter({ engine, clock, fatal })
  const releasedSeq = lastSeqOf(engine)
  const outbox = createOutbox({ store, digest, durableTo: journal.durableTo, releasedSeq })
  const cadence = { folder, store, every, since: snapshotSeq, fatal, report }
  const schedule = createSnapshotSchedule(cadence)
  const afterRelease = () => schedule.look(outbox.releasedSeq())
  const committer = createCommitter({ journal, writer, outbox, times, afterRelease })
  const ticks = createTicks({
    nextDue: () => nextDue(engine),
    now: writer.now,
    tick() {
      writer.tick()
      committer.wake()
    },
  })
  const queued = () => writer.pending() + committer.inFlight()
  let isClosing = false
  ticks.arm()

  const wake = (): void => {
    committer.wake()
    ticks.arm()
  }
  const isClosed = () => isClosing

  return {
    ...createAdmission({ journal, writer, queued, isClosing: isClosed, wake }),
    follow: outbox.follow,
    readEvents: (afterEventNo) => readBatches(store, afterEventNo),
    image() {
      assert(outbox.releasedSeq() === lastSeqOf(engine), 'the image is taken before commands come')
      return imageOf(engine)
    },
    status: () => ({
      releasedSeq: outbox.releasedSeq(),
      releasedEventNo: outbox.releasedEventNo(),
      eventDigest: digest.hex(),
      commitP50Ms: times.percentile(50),
      commitP99Ms: times.percentile(99),
      queued: queued(),
    }),
    async digest() {
      const seq = lastSeqOf(engine)
      const digests = { seq, business: businessHex(engine), full: fullHex(engine) }
      await committer.released(seq)
      return digests
    },
    async close() {
      if (isClosing) return
      isClosing = true
      ticks.stop()
      await committer.released(lastSeqOf(engine))
      schedule.stop()
      closeFolder(order, parts)
      await unlock()
    },
  }
}

/** Nothing is in flight: the writer itself takes the last snapshot. */
function closeFolder({ storage, folder }: Settled, parts: Parts): void {
  const { engine, journal, store, digest, snapshotSeq } = parts
  store.sync()
  if (lastSeqOf(engine) > snapshotSeq) {
    const frameHash = Buffer.from(journal.lastHash()).toString('hex')
    takeSnapshot({ storage, folder }, engine, { frameHash, events: digest.state() })
  }
  journal.close()
  store.close()
}

async function* readBatches(store: EventStore, after: number): AsyncIterable<EventBatch> {
  for (const stretch of store.eventsAfter(after)) {
    yield eventBatch(stretch)
    await turn()
  }
}

function endProcess(error: unknown): never {
  console.error(error)
  process.exit(INTERNAL_SOFTWARE_ERROR)
}

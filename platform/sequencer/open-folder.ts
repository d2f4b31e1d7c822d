// Open folder: a data folder that is locked, recovered and ready to be written.
//
// While starting, what the disk refuses is for the operator, as a StartError; later it ends the
// process.

import { reserve } from '#engine/engine.ts'
import { ENGINE_VERSION } from '#engine/limits.ts'
import { createEventStore } from '#journal/events.ts'
import { claimFolder, orStartError } from '#journal/folder.ts'
import { createJournal, type Fatal, type Journal } from '#journal/journal.ts'
import { SEGMENT_BYTES } from '#journal/limits.ts'
import { lockFolder } from '#journal/lock.ts'
import { removeUnproven } from '#journal/snapshots.ts'
import { createDiskStorage, type Storage } from '#journal/storage.ts'
import type { Clock } from '#kernel/time.ts'
import { type Recovered, recover } from './recovery.ts'
import { lastSeqOf, takeSnapshot } from './snapshot.ts'

export type FolderOrder = {
  /** The data folder; journal, events and snapshots stand in it. */
  readonly folder: string
  readonly clock: Clock
  readonly storage?: Storage
  /** Four bytes that name this build; written into every frame. */
  readonly build?: number
  readonly segmentBytes?: number
  /** Commands between snapshots; Infinity for none but the one at close. */
  readonly snapshotEvery?: number
  /** Ends the process. */
  readonly fatal: Fatal
  /** Says what an operator should know. */
  readonly report?: (line: string) => void
}

type Settled = FolderOrder & { readonly storage: Storage }
type Parts = Recovered & { readonly journal: Journal; readonly fatal: Fatal }

export type Folder = Parts & {
  readonly order: FolderOrder
  /** When nothing is in flight: takes the last snapshot and lets go. */
  close(): Promise<void>
}

/** Recovers a folder. Throws StartError when it must not be opened. */
export async function openFolder(order: FolderOrder): Promise<Folder> {
  const { folder, clock, storage = createDiskStorage() } = order
  claimFolder(storage, folder, clock())
  const lock = await lockFolder(storage, folder)
  const settled = { ...order, storage }
  try {
    const parts = openParts(settled)
    const close = async (): Promise<void> => {
      closeParts(settled, parts)
      await lock.release()
    }
    return { ...parts, order, close }
  } catch (error) {
    await lock.release()
    throw error
  }
}

function openParts(order: Settled): Parts {
  const { storage, folder, build = 0, segmentBytes = SEGMENT_BYTES } = order
  let isStarting = true
  const fatal: Fatal = (error) => {
    if (isStarting) throw error
    return order.fatal(error)
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

function closeParts({ storage, folder }: Settled, parts: Parts): void {
  const { engine, journal, store, digest, snapshotSeq } = parts
  store.sync()
  if (lastSeqOf(engine) > snapshotSeq) {
    const frameHash = Buffer.from(journal.lastHash()).toString('hex')
    takeSnapshot({ storage, folder }, engine, { frameHash, events: digest.state() })
  }
  journal.close()
  store.close()
}

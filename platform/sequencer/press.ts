// Press: stamps, applies and commits what the desk hands in, and hands back what was released.
//
// It is everything of the sequencer that works on cells: writer, engine, journal, segments, ticks
// and snapshots. It runs beside its desk, or in a thread of its own.

import { setImmediate as turn } from 'node:timers/promises'
import { nextDue } from '#engine/engine.ts'
import type { EngineImage } from '#engine/image.ts'
import { imageOf } from '#engine/image-of.ts'
import { armedTrigger } from '#engine/order-state.ts'
import { volumesOfOwner } from '#engine/volumes.ts'
import type { Stretch } from '#journal/events.ts'
import type { PriceTicks } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import type { AccountId, OrderId } from '#kernel/ids.ts'
import { createAdmission } from './admission.ts'
import { createCommitter } from './committer.ts'
import { SNAPSHOT_EVERY } from './limits.ts'
import type { Folder } from './open-folder.ts'
import { createOutbox, type Receiver } from './outbox.ts'
import { clearParcel, type Parcel } from './parcel.ts'
import type { EventsDigest, OwnerVolumes, StateDigest } from './port.ts'
import { businessHex, fullHex, lastSeqOf } from './snapshot.ts'
import { createSnapshotSchedule } from './snapshot-schedule.ts'
import { createTicks } from './ticks.ts'
import { createWriter } from './writer.ts'

export type Press = {
  /** Sequences what follows from time; before it nothing is ticked. */
  begin(): void
  /** Sequences a parcel and answers an empty one for what comes next. */
  take(parcel: Parcel): Parcel
  /** What is recovered; asked for before anything is taken. */
  image(): EngineImage
  /** The next released events after one, up to another. */
  eventsAfter(eventNo: number, upTo: number): Promise<Stretch | null>
  eventDigest(): Promise<EventsDigest>
  digest(): Promise<StateDigest>
  volumesOf(owner: AccountId): Promise<OwnerVolumes>
  triggersOf(orders: readonly OrderId[]): Promise<readonly PriceTicks[]>
  /** Drains, writes a snapshot, lets go of the folder. */
  close(): Promise<void>
}

/** A press over a recovered folder. */
export function createPress(folder: Folder, { released, refused }: Receiver): Press {
  const { engine, journal, store, digest, fatal, snapshotSeq, order } = folder
  const { clock, snapshotEvery: every = SNAPSHOT_EVERY, report = console.error } = order
  const writer = createWriter({ engine, clock, fatal })
  const releasedSeq = lastSeqOf(engine)
  const outbox = createOutbox({
    store,
    digest,
    durableTo: journal.durableTo,
    releasedSeq,
    released,
  })
  const cadence = { folder: order.folder, store, every, since: snapshotSeq, fatal, report }
  const schedule = createSnapshotSchedule(cadence)
  const afterRelease = () => schedule.look(outbox.releasedSeq())
  const committer = createCommitter({ journal, writer, outbox, afterRelease })
  const admit = createAdmission({ journal, writer, refused })
  const ticks = createTicks({
    nextDue: () => nextDue(engine),
    now: writer.now,
    tick() {
      writer.tick()
      committer.wake()
    },
  })

  return {
    begin: ticks.arm,
    take(parcel) {
      admit(parcel)
      committer.wake()
      ticks.arm()
      return clearParcel(parcel)
    },
    image() {
      assert(outbox.releasedSeq() === lastSeqOf(engine), 'the image is taken before commands come')
      return imageOf(engine)
    },
    async eventsAfter(eventNo, upTo) {
      await turn()
      for (const stretch of store.eventsAfter(eventNo, upTo)) return stretch
      return null
    },
    eventDigest: async () => ({ releasedSeq: outbox.releasedSeq(), eventDigest: digest.hex() }),
    async digest() {
      const seq = lastSeqOf(engine)
      const digests = { seq, business: businessHex(engine), full: fullHex(engine) }
      await committer.released(seq)
      return digests
    },
    async volumesOf(owner) {
      const seq = lastSeqOf(engine)
      const volumes = volumesOfOwner(engine, owner, writer.now())
      await committer.released(seq)
      return { seq, volumes }
    },
    async triggersOf(orders) {
      const triggers = orders.map((id) => armedTrigger(engine, id))
      await committer.released(lastSeqOf(engine))
      return triggers
    },
    async close() {
      ticks.stop()
      await committer.released(lastSeqOf(engine))
      schedule.stop()
      await folder.close()
    },
  }
}

// Sequencer's port: how every other module changes money or orders, and follows what changed.
//
// INV-07: a reply, and every batch given to a follower, is both applied and on disk. submit is
// idempotent by the caller's id; a reply with code 'unknown' means that it may have happened.

import { type Cells, cellCount, createCells, decodeEvent, encodeEvent } from '#engine/codec.ts'
import type { CommandBody } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import type { EngineImage, VolumeRow } from '#engine/image.ts'
import type { PriceTicks } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import type { Micros } from '#kernel/time.ts'

type WithoutHash<T> = T extends unknown ? Omit<T, 'bodyHash'> : never

/** More than any event of an order takes. */
const ORDER_EVENT_CELLS = 16

/** Commands of one submitAll. */
export const GROUP_MAX = 20

/** A command as a module hands it in; the sequencer adds seq, time and the hash of the body. */
export type Submission = WithoutHash<CommandBody>

export type Reply = {
  /** Of the command, or of the original when this is a repetition; 0: nothing was journaled. */
  readonly seq: number
  /** null: done. 'capacity.exhausted' with seq 0: nothing happened. 'unknown': ask by your id. */
  readonly code: RefusalCode | null
  readonly duplicate: boolean
  /** The events of that seq, decoded, in order; the same for a repetition. */
  readonly events: readonly Event[]
}

/**
 * Of one command of a group: its events as cells [from, to), for those who want them decoded. It
 * keeps the cells of its whole release alive.
 */
export type GroupReply = Omit<Reply, 'events'> & {
  /** The number of its first event; 0 when it has none. */
  readonly firstEventNo: number
  readonly cells: Cells
  readonly from: number
  readonly to: number
}

/** What the commands of a group came to, by their places in it: a reply is made for who asks. */
export type GroupReplies = {
  readonly count: number
  seqAt(nth: number): number
  codeAt(nth: number): Reply['code']
  at(nth: number): GroupReply
}

/** The events of a reply, decoded. */
export function eventsOf({ cells, from, to }: GroupReply): readonly Event[] {
  const events: Event[] = []
  for (let at = from; at < to; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
  return events
}

/** The same reply with its events decoded. */
export function decodedReply(reply: GroupReply): Reply {
  const { seq, code, duplicate } = reply
  return { seq, code, duplicate, events: eventsOf(reply) }
}

/** The same replies as those of a group. */
export function groupReplies(replies: readonly Reply[]): GroupReplies {
  const at = (nth: number): Reply => {
    const reply = replies[nth]
    if (reply === undefined) assert(false, `a group of ${replies.length} has no reply ${nth}`)
    return reply
  }
  return {
    count: replies.length,
    seqAt: (nth) => at(nth).seq,
    codeAt: (nth) => at(nth).code,
    at: (nth) => groupReply(at(nth)),
  }
}

/** All replies of a group, decoded. */
export function decodedReplies(replies: GroupReplies): readonly Reply[] {
  return Array.from({ length: replies.count }, (_, nth) => decodedReply(replies.at(nth)))
}

/** The same reply as one of a group. */
export function groupReply({ seq, code, duplicate, events }: Reply): GroupReply {
  const cells = createCells(events.length * ORDER_EVENT_CELLS)
  let to = 0
  for (const event of events) to += encodeEvent(event, cells, to)
  assert(to <= events.length * ORDER_EVENT_CELLS, 'a group has commands about orders only')
  return { seq, code, duplicate, firstEventNo: events[0]?.eventNo ?? 0, cells, from: 0, to }
}

/** Released events, in order, as cells [from, to) of one buffer; valid only during the call. */
export type EventBatch = {
  readonly cells: Cells
  readonly from: number
  readonly to: number
  readonly firstEventNo: number
  readonly lastEventNo: number
  readonly lastSeq: number
}

export type Follower = (batch: EventBatch) => void

export type SequencerStatus = {
  readonly releasedSeq: number
  readonly releasedEventNo: number
  /** Milliseconds of recent journal commits. */
  readonly commitP50Ms: number
  readonly commitP99Ms: number
  /** Commands without an answer yet. */
  readonly queued: number
}

export type EventsDigest = {
  readonly releasedSeq: number
  /** Hex of a hash over the bytes of all released events, however they were batched. */
  readonly eventDigest: string
}

/** SHA-256 in hex; business leaves out sequence, time and the memory of duplicates. */
export type StateDigest = {
  readonly seq: number
  readonly business: string
  readonly full: string
}

/** What an owner traded in 30 days, as an order that came now would be judged; of every asset. */
export type OwnerVolumes = { readonly seq: number; readonly volumes: readonly VolumeRow[] }

export type SubmitLimits = {
  /** Stamped with a later time it is 'auth.expired' with seq 0, and nothing happened. */
  readonly notAfter?: Micros
}

export type Sequencer = {
  submit(body: Submission, limits?: SubmitLimits): Promise<Reply>
  /**
   * Up to GROUP_MAX submissions in their order, journaled together: nobody else's command comes
   * between. Each has its own reply, and all resolve at once. None is done when there is no room,
   * or when it is too late for them.
   */
  submitAll(bodies: readonly Submission[], limits?: SubmitLimits): Promise<GroupReplies>
  /** Called synchronously at release, in the order of registration, before the reply resolves. */
  follow(follower: Follower): void
  /** Released events after eventNo, from the segments on disk, up to what is released now. */
  readEvents(afterEventNo: number): AsyncIterable<EventBatch>
  /** What is recovered, for views to start from; asked for before the first command comes. */
  image(): EngineImage
  status(): SequencerStatus
  /** Of everything released so far. */
  eventDigest(): Promise<EventsDigest>
  /** Digests of everything sequenced so far, once it is released. Takes time with the state. */
  digest(): Promise<StateDigest>
  /**
   * After everything sequenced so far, once it is released. Null when QUESTIONS_MAX wait already,
   * and at the end.
   */
  volumesOf(owner: AccountId): Promise<OwnerVolumes | null>
  /** The same of triggers: where those of open orders stand now, 0 of one that waits for none. */
  triggersOf(orders: readonly OrderId[]): Promise<readonly PriceTicks[] | null>
  /** Stops accepting, drains, writes a snapshot, lets go of the folder. */
  close(): Promise<void>
}

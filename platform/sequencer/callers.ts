// Callers: followers and everybody who waits for a reply, told in order of what was released.
//
// Followers are called in the order of registration, then the callers get their replies; they run
// when this turn is over, so all of a release is let out at once. INV-07: the press hands over
// nothing that is not applied and on disk.

import { type Cells, cellCount, decodeEvent } from '#engine/codec.ts'
import type { Event } from '#engine/event.ts'
import type { Stretch } from '#journal/events.ts'
import { eventSeq, recordNumber } from '#journal/record.ts'
import { assert } from '#kernel/assert.ts'
import { refusalOf } from '#kernel/refusals.ts'
import { ANSWER, ANSWER_NUMBERS, answerAt } from './answers.ts'
import { createCommitTimes } from './commit-times.ts'
import type { Receiver } from './outbox.ts'
import type { EventBatch, Follower, Reply, SequencerStatus } from './port.ts'

export type Replies = (replies: readonly Reply[]) => void

export type Callers = Receiver & {
  follow(follower: Follower): void
  /** Somebody waits for the answers to a ticket that was never given before. */
  wait(ticket: number, caller: { readonly count: number; readonly resolve: Replies }): void
  /** Commands without an answer yet. */
  waiting(): number
  status(): SequencerStatus
}

/** What was released before anybody could follow. */
export type Opened = { readonly releasedSeq: number; readonly releasedEventNo: number }

type Caller = { readonly count: number; readonly resolve: Replies; replies: Reply[] }
type Taker = (from: number, to: number) => readonly Event[]

const NOTHING: Taker = () => []

/** Nobody waits yet. */
export function createCallers({ releasedSeq, releasedEventNo }: Opened): Callers {
  const followers: Follower[] = []
  const callers = new Map<number, Caller>()
  let [lastSeq, lastEventNo] = [releasedSeq, releasedEventNo]
  const times = createCommitTimes()
  let waiting = 0

  function answer(rows: Float64Array, take: Taker): void {
    for (let at = 0; at < rows.length; at += ANSWER_NUMBERS) {
      const ticket = answerAt(rows, at)
      const caller = callers.get(ticket)
      assert(caller !== undefined, 'every answer is to a command that was handed in')
      const { count, replies, resolve } = caller
      if (replies.push(replyOf(rows, at, take)) < count) continue
      callers.delete(ticket)
      // A Map that has grown out of its table leaves it to the collector, with all that was in it.
      caller.replies = []
      waiting -= count
      resolve(replies)
    }
  }

  return {
    follow: (follower) => void followers.push(follower),
    wait(ticket, { count, resolve }) {
      waiting += count
      callers.set(ticket, { count, resolve, replies: [] })
    },
    released(release) {
      assert(release.lastSeq >= lastSeq, 'released in order')
      const { events, answers } = release
      times.add(release.commitMs)
      const decoded = decodedOnce(events)
      if (events.to > events.from) {
        const { window: cells, from, to } = events
        const firstEventNo = recordNumber(cells, from)
        const { lastSeq: seq, lastEventNo: eventNo } = release
        const numbers = { firstEventNo, lastEventNo: eventNo, lastSeq: seq }
        const batch: EventBatch = { cells, from, to, ...numbers, events: decoded }
        for (const follower of followers) follower(batch)
      }
      lastSeq = release.lastSeq
      lastEventNo = release.lastEventNo
      if (answers.length > 0) answer(answers, createTaker(events, decoded()))
    },
    refused: (answers) => answer(answers, NOTHING),
    waiting: () => waiting,
    status: () => ({
      releasedSeq: lastSeq,
      releasedEventNo: lastEventNo,
      commitP50Ms: times.percentile(50),
      commitP99Ms: times.percentile(99),
      queued: waiting,
    }),
  }
}

function replyOf(rows: Float64Array, at: number, take: Taker): Reply {
  return {
    seq: answerAt(rows, at + ANSWER.seq),
    code: codeOf(answerAt(rows, at + ANSWER.code)),
    duplicate: answerAt(rows, at + ANSWER.duplicate) === 1,
    events: take(answerAt(rows, at + ANSWER.from), answerAt(rows, at + ANSWER.to)),
  }
}

/** A stretch of events as followers get it. */
export function eventBatch(stretch: Stretch): EventBatch {
  const { window: cells, from, to } = stretch
  let last = from
  for (let at = from; at < to; at += cellCount(cells, at)) last = at
  const firstEventNo = recordNumber(cells, from)
  const lastEventNo = recordNumber(cells, last)
  const lastSeq = eventSeq(cells, last)
  const events = decodedOnce(stretch)
  return { cells, from, to, firstEventNo, lastEventNo, lastSeq, events }
}

/** The events of the release's commands, each taken in turn; a repetition's stand behind them. */
function createTaker({ window, from: first, to: end }: Stretch, decoded: readonly Event[]): Taker {
  let next = 0
  let cell = first
  const pass = (to: number): void => {
    for (; cell < to; cell += cellCount(window, cell)) next += 1
  }
  return (from, to) => {
    if (first + from >= end) return decodeAll({ window, from: first + from, to: first + to })
    pass(first + from)
    const start = next
    pass(first + to)
    return decoded.slice(start, next)
  }
}

/** Decodes when somebody asks, once. */
function decodedOnce(stretch: Stretch): () => readonly Event[] {
  let decoded: readonly Event[] | null = null
  return () => {
    decoded ??= decodeAll(stretch)
    return decoded
  }
}

function codeOf(number: number): Reply['code'] {
  if (number === 0) return null
  const code = refusalOf(number)
  assert(code !== undefined, `the engine refused with the unknown number ${number}`)
  return code
}

function decodeAll({ window, from, to }: Stretch): readonly Event[] {
  const cells: Cells = window
  const events: Event[] = []
  for (let at = from; at < to; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
  return events
}

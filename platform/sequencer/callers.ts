// Callers: followers and everybody who waits for a reply, told in order of what was released.
//
// Followers are called in the order of registration, then the callers get their replies; they run
// when this turn is over, so all of a release is let out at once. INV-07: the press hands over
// nothing that is not applied and on disk.

import { cellCount, createCells } from '#engine/codec.ts'
import type { Stretch } from '#journal/events.ts'
import { eventSeq, recordNumber } from '#journal/record.ts'
import { assert } from '#kernel/assert.ts'
import { refusalOf } from '#kernel/refusals.ts'
import { ANSWER, ANSWER_NUMBERS, answerAt } from './answers.ts'
import { createCommitTimes } from './commit-times.ts'
import type { Receiver } from './outbox.ts'
import type { EventBatch, Follower, GroupReplies, Reply, SequencerStatus } from './port.ts'

export type Replies = (replies: GroupReplies) => void

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

type Caller = { readonly count: number; resolve: Replies }

const NO_CELLS: Stretch = { window: createCells(0), from: 0, to: 0 }

/** Nobody waits yet. */
export function createCallers({ releasedSeq, releasedEventNo }: Opened): Callers {
  const followers: Follower[] = []
  const callers = new Map<number, Caller>()
  let [lastSeq, lastEventNo] = [releasedSeq, releasedEventNo]
  const times = createCommitTimes()
  let waiting = 0

  /** A group is written in one turn, so its rows stand together. */
  function answer(rows: Float64Array, events: Stretch): void {
    for (let at = 0; at < rows.length; ) {
      const ticket = answerAt(rows, at)
      const caller = callers.get(ticket)
      assert(caller !== undefined, 'every answer is to a command that was handed in')
      const { count, resolve } = caller
      const end = at + count * ANSWER_NUMBERS
      assert(answerAt(rows, end - ANSWER_NUMBERS) === ticket, 'a group is answered as a whole')
      callers.delete(ticket)
      // A table that a Map has left behind keeps what was in it until the whole heap is collected.
      caller.resolve = nobody
      waiting -= count
      resolve(repliesOf(rows, at, count, events))
      at = end
    }
  }

  return {
    follow: (follower) => void followers.push(follower),
    wait(ticket, { count, resolve }) {
      waiting += count
      callers.set(ticket, { count, resolve })
    },
    released(release) {
      assert(release.lastSeq >= lastSeq, 'released in order')
      const { events, answers } = release
      times.add(release.commitMs)
      if (events.to > events.from) {
        const { window: cells, from, to } = events
        const firstEventNo = recordNumber(cells, from)
        const { lastSeq: seq, lastEventNo: eventNo } = release
        const numbers = { firstEventNo, lastEventNo: eventNo, lastSeq: seq }
        const batch: EventBatch = { cells, from, to, ...numbers }
        for (const follower of followers) follower(batch)
      }
      lastSeq = release.lastSeq
      lastEventNo = release.lastEventNo
      answer(answers, events)
    },
    refused: (answers) => answer(answers, NO_CELLS),
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

function nobody(): void {}

/** The events of a repetition stand behind those of the release. */
function repliesOf(
  rows: Float64Array,
  first: number,
  count: number,
  { window, from: start }: Stretch,
): GroupReplies {
  const numberAt = (nth: number, which: number): number => {
    assert(nth >= 0 && nth < count, 'a group has a reply for each of its commands')
    return answerAt(rows, first + nth * ANSWER_NUMBERS + which)
  }
  const seqAt = (nth: number): number => numberAt(nth, ANSWER.seq)
  const codeAt = (nth: number): Reply['code'] => codeOf(numberAt(nth, ANSWER.code))
  return {
    ...{ count, seqAt, codeAt },
    at: (nth) => {
      const from = start + numberAt(nth, ANSWER.from)
      const to = start + numberAt(nth, ANSWER.to)
      return {
        ...{ seq: seqAt(nth), code: codeAt(nth), cells: window, from, to },
        duplicate: numberAt(nth, ANSWER.duplicate) === 1,
        firstEventNo: to > from ? recordNumber(window, from) : 0,
      }
    },
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
  return { cells, from, to, firstEventNo, lastEventNo, lastSeq }
}

function codeOf(number: number): Reply['code'] {
  if (number === 0) return null
  const code = refusalOf(number)
  assert(code !== undefined, `the engine refused with the unknown number ${number}`)
  return code
}

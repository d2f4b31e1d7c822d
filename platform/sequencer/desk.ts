// Desk: the sequencer as everybody sees it; takes commands in and hands them to the press.
//
// Commands are encoded here, once. INV-17: what waits for an answer is bounded; what finds no place
// is refused with seq 0 and nothing happened. Groups go to the press in parcels, whose pace depends
// on where it runs.

import { assert } from '#kernel/assert.ts'
import { type Callers, eventBatch, type Replies } from './callers.ts'
import { QUESTIONS_MAX, SUBMIT_QUEUE_MAX } from './limits.ts'
import { addGroup, createParcel } from './parcel.ts'
import {
  decodedReply,
  type EventBatch,
  GROUP_MAX,
  groupReplies,
  type Reply,
  type Sequencer,
  type Submission,
  type SubmitLimits,
} from './port.ts'
import type { Press } from './press.ts'

/** Calls `send` when a parcel of so many commands shall go; every parcel is sent some time. */
export type Pace = (commands: number, send: () => void) => void

type DeskOrder = { readonly callers: Callers; readonly press: Press; readonly pace: Pace }

const FULL: Reply = { seq: 0, code: 'capacity.exhausted', duplicate: false, events: [] }

/** For a press in the same thread. */
export const AT_ONCE: Pace = (_commands, send) => send()

/** A sequencer over a press that tells these callers. */
export function createDesk({ callers, press, pace }: DeskOrder): Sequencer {
  let draft = createParcel()
  let tickets = 0
  let isClosing = false
  let questions = 0

  function send(): void {
    if (draft.count > 0) draft = press.take(draft)
  }

  function enter(bodies: readonly Submission[], limits: SubmitLimits, resolve: Replies): void {
    const { notAfter = Number.POSITIVE_INFINITY } = limits
    const isFull = isClosing || callers.waiting() + bodies.length > SUBMIT_QUEUE_MAX
    tickets += 1
    if (isFull || !addGroup(draft, bodies, { ticket: tickets, notAfter })) {
      resolve(groupReplies(bodies.map(() => FULL)))
      return
    }
    callers.wait(tickets, { count: bodies.length, resolve })
    pace(draft.count, send)
  }

  /** A question comes after the commands that were handed in before it. */
  function ask<T>(question: () => Promise<T>): Promise<T> {
    send()
    return question()
  }

  /** One of a customer's: null when too many wait already, and at the end. */
  async function askIfRoom<T>(question: () => Promise<T>): Promise<T | null> {
    if (isClosing || questions >= QUESTIONS_MAX) return null
    questions += 1
    try {
      return await ask(question)
    } finally {
      questions -= 1
    }
  }

  return {
    submit: (body, limits = {}) =>
      new Promise((resolve) => {
        enter([body], limits, (replies) => resolve(decodedReply(replies.at(0))))
      }),
    submitAll(bodies, limits = {}) {
      assert(bodies.length <= GROUP_MAX, `INV-17: a group has at most ${GROUP_MAX} commands`)
      if (bodies.length === 0) return Promise.resolve(groupReplies([]))
      return new Promise((resolve) => enter(bodies, limits, resolve))
    },
    follow(follower) {
      callers.follow(follower)
      press.begin()
    },
    readEvents: (after) => readBatches(press, after, callers.status().releasedEventNo),
    image: press.image,
    status: callers.status,
    eventDigest: () => ask(press.eventDigest),
    digest: () => ask(press.digest),
    volumesOf: (owner) => askIfRoom(() => press.volumesOf(owner)),
    triggersOf: (orders) => askIfRoom(() => press.triggersOf(orders)),
    async close() {
      if (isClosing) return
      isClosing = true
      await ask(press.close)
    },
  }
}

async function* readBatches(press: Press, after: number, upTo: number): AsyncIterable<EventBatch> {
  for (let last = after; last < upTo; ) {
    const stretch = await press.eventsAfter(last, upTo)
    if (stretch === null) return
    const batch = eventBatch(stretch)
    last = batch.lastEventNo
    yield batch
  }
}

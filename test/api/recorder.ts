// Recorder: what the platform hands to the sequencer, and answers in the engine's place.
//
// Commands are carried out by the real sequencer unless a test says what they come to: so routes of
// commands that this engine does not know yet are tested up to the port.

import type { Event } from '#engine/event.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import {
  decodedReplies,
  groupReplies,
  type Reply,
  type Sequencer,
  type Submission,
} from '#sequencer/port.ts'

type Answer = { readonly code?: RefusalCode; readonly events?: readonly Event[] }

export function createRecorder() {
  const seen: Submission[] = []
  /** Sizes of the groups, in their order. */
  const groups: number[] = []
  const state: { answer: ((body: Submission) => Answer | undefined) | null } = { answer: null }
  const instead = (body: Submission): Reply | undefined => {
    const answer = state.answer?.(body)
    if (answer === undefined) return undefined
    const { code = null, events = [] } = answer
    return { seq: 4_711, code, duplicate: false, events }
  }
  const wrap = (sequencer: Sequencer): Sequencer => ({
    ...sequencer,
    submit: async (body, limits) => {
      seen.push(body)
      return instead(body) ?? sequencer.submit(body, limits)
    },
    submitAll: async (bodies, limits) => {
      seen.push(...bodies)
      groups.push(bodies.length)
      const own = bodies.map(instead)
      const asked = bodies.filter((_, i) => own[i] === undefined)
      const replies = [...decodedReplies(await sequencer.submitAll(asked, limits))]
      return groupReplies(own.map((reply) => reply ?? replies.shift() ?? FULL))
    },
  })
  return {
    wrap,
    groups,
    /** What came since the last call. */
    taken: () => seen.splice(0),
    /** From now on these commands never reach the engine; null ends it. */
    answer: (answer: typeof state.answer) => {
      state.answer = answer
    },
  }
}

const FULL: Reply = { seq: 0, code: 'capacity.exhausted', duplicate: false, events: [] }

// Answers: the outcome of a command as REST, a batch and the stream tell it.

import { REFUSALS } from '#kernel/refusals.ts'
import { refusalBody, refused } from '#platform/http/port.ts'
import type { EntryResult, Outcome } from './port.ts'

/** One result of several: what REST would answer alone, with its status. */
export function resultOf(outcome: Outcome): EntryResult {
  if (!outcome.ok) {
    const { code, details } = outcome
    return { status: REFUSALS[code].status, ...refusalBody(code, details) }
  }
  const { status, order, fills } = outcome.value
  return fills === undefined ? { status, order } : { status, order, fills: [...fills] }
}

type Answering = Parameters<typeof refused>[0]

/** The one outcome of a request about one order. */
export function sendOutcome<R extends Answering>(reply: R, outcome: Outcome | undefined): R {
  if (outcome === undefined) return refused(reply, { code: 'unknown' })
  if (!outcome.ok) return refused(reply, outcome)
  const { status, ...body } = outcome.value
  reply.code(status).send(body)
  return reply
}

// Answers: the outcome of a request about one order, as REST tells it.

import { refused } from '#platform/http/port.ts'
import type { Outcome } from './port.ts'

type Answering = Parameters<typeof refused>[0]

/** The one outcome of a request about one order. */
export function sendOutcome<R extends Answering>(reply: R, outcome: Outcome | undefined): R {
  if (outcome === undefined) return refused(reply, { code: 'unknown' })
  if (!outcome.ok) return refused(reply, outcome)
  const { status, ...body } = outcome.value
  reply.code(status).send(body)
  return reply
}

// Answers: the outcome of a request about one order, as REST tells it.

import { refused } from '#platform/http/port.ts'
import { fillJson, orderJson } from '#views/format.ts'
import type { Listing } from '#views/listing.ts'
import type { Outcome } from './outcome.ts'

type Answering = Parameters<typeof refused>[0]

/** The one outcome of a request about one order. */
export function sendOutcome<R extends Answering>(reply: R, listing: Listing, outcome: Outcome): R {
  if (!outcome.ok) return refused(reply, outcome)
  const { status, row, fills } = outcome.value
  const order = orderJson(listing, row)
  const told = fills === undefined ? {} : { fills: fills.map((fill) => fillJson(listing, fill)) }
  reply.code(status).send({ order, ...told })
  return reply
}

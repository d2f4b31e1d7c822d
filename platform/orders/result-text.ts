// Result text: what became of the commands of a batch or a stream message, as JSON text.
//
// Each result is what REST would answer alone, with its status. The text is made in one go, for
// twenty orders at a time are what is asked for most.

import { REFUSALS } from '#kernel/refusals.ts'
import type { Refused } from '#kernel/result.ts'
import { refusalBody } from '#platform/http/port.ts'
import { fillJson } from '#views/format.ts'
import type { Listing } from '#views/listing.ts'
import { orderText } from '#views/order-text.ts'
import type { Outcome } from './outcome.ts'

/** A JSON array with one EntryResult for each outcome. */
export function resultsText(listing: Listing, outcomes: readonly Outcome[]): string {
  let text = '['
  for (const outcome of outcomes) {
    if (text.length > 1) text += ','
    text += resultText(listing, outcome)
  }
  return `${text}]`
}

/** The result of a command that was done, where no more is asked for than that. */
export function ackText(status: number, id: number): string {
  return `{"status":${status},"id":${id}}`
}

/** The same of an outcome: a refusal is told as it always is. */
export function outcomeAck(outcome: Outcome): string {
  return outcome.ok ? ackText(outcome.value.status, outcome.value.row.id) : refusalText(outcome)
}

function refusalText({ code, details }: Refused): string {
  return JSON.stringify({ status: REFUSALS[code].status, ...refusalBody(code, details) })
}

function resultText(listing: Listing, outcome: Outcome): string {
  if (!outcome.ok) return refusalText(outcome)
  const { status, row, fills } = outcome.value
  const order = orderText(listing, row)
  if (fills === undefined) return `{"status":${status},"order":${order}}`
  const all = fills.map((fill) => JSON.stringify(fillJson(listing, fill))).join(',')
  return `{"status":${status},"order":${order},"fills":[${all}]}`
}

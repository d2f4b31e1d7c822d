// Result text: what became of the commands of a batch or a stream message, as JSON text.
//
// Each result is what REST would answer alone, with its status. The text is made in one go, for
// twenty orders at a time are what is asked for most.

import { REFUSALS } from '#kernel/refusals.ts'
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

function resultText(listing: Listing, outcome: Outcome): string {
  if (!outcome.ok) {
    const { code, details } = outcome
    return JSON.stringify({ status: REFUSALS[code].status, ...refusalBody(code, details) })
  }
  const { status, row, fills } = outcome.value
  const order = orderText(listing, row)
  if (fills === undefined) return `{"status":${status},"order":${order}}`
  const all = fills.map((fill) => JSON.stringify(fillJson(listing, fill))).join(',')
  return `{"status":${status},"order":${order},"fills":[${all}]}`
}

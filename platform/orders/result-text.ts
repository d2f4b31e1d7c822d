// Result text: what became of the commands of a batch or a stream message, as JSON text.
//
// Each result is what REST would answer alone, with its status. The text is made in one go, for
// twenty orders at a time are what is asked for most.

import { REFUSALS } from '#kernel/refusals.ts'
import type { Refused } from '#kernel/result.ts'
import { refusalBody } from '#platform/http/port.ts'
import { GROUP_MAX } from '#sequencer/port.ts'
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
export function ackText(status: 200 | 201, id: number): string {
  return `{"status":${status},"id":${id}}`
}

const ACK_HEAD = { 200: '{"status":200,"id":', 201: '{"status":201,"id":' } as const
const ACK_BYTES_MAX = 48
/** Where acknowledgements are put together: in pieces they would be half of a message's garbage. */
const ACKS = Buffer.alloc(GROUP_MAX * ACK_BYTES_MAX)
/** Of a number that passes 31 bits, the last nine digits are put for themselves. */
const SMALL_DIGITS = 9
const SMALL = 10 ** SMALL_DIGITS
const SMALL_MAX = SMALL - 1
const [ZERO, OPEN_BRACKET, CLOSE_BRACKET, COMMA, CLOSE_BRACE] = [48, 91, 93, 44, 125] as const

/** Puts the next acknowledgement of a message at a place, 0 for its first; answers its end. */
export function putAck(at: number, status: 200 | 201, id: number): number {
  ACKS[at] = at === 0 ? OPEN_BRACKET : COMMA
  const head = ACK_HEAD[status]
  for (let i = 0; i < head.length; i += 1) ACKS[at + 1 + i] = head.charCodeAt(i)
  const end = putWhole(at + 1 + head.length, id)
  ACKS[end] = CLOSE_BRACE
  return end + 1
}

/** What fits in 31 bits is divided as an integer, which takes a fraction of the time. */
function putWhole(first: number, value: number): number {
  if (value > SMALL_MAX) {
    const high = Math.floor(value / SMALL)
    return putDigits(putWhole(first, high), value - high * SMALL, SMALL_DIGITS)
  }
  let digits = 1
  for (let rest = value | 0; rest >= 10; rest = (rest / 10) | 0) digits += 1
  return putDigits(first, value, digits)
}

function putDigits(first: number, value: number, digits: number): number {
  let rest = value | 0
  for (let place = first + digits - 1; place >= first; place -= 1) {
    const less = (rest / 10) | 0
    ACKS[place] = ZERO + (rest - less * 10)
    rest = less
  }
  return first + digits
}

/** The JSON array of the acknowledgements that were put. */
export function takeAcks(end: number): string {
  ACKS[end] = CLOSE_BRACKET
  return ACKS.toString('latin1', 0, end + 1)
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

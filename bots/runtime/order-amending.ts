// Order amending: an amend of an open order, from its leaving until it is known what became of it.
//
// A lost answer is no failure here either: the order is asked for, and is amended again while that
// is still meant, for the same amend twice changes nothing more. So an amend may be resumed by a
// later run, and ends as done or refused, or with the order.

import type { Amendment, Fill, Order, PlaceAnswer, Trading } from '#connectors/venue.ts'
import type { AmendOutcome } from './channel.ts'
import { absent, type KnownAnswer, type OrderAsking } from './order-asking.ts'
import { isOver, type TrackedOrder } from './tracked-order.ts'

export type OrderAmending = {
  send(entry: TrackedOrder): void
  /** Answers when an amend is done with, also one of an earlier run; at once when there is none. */
  settled(entry: TrackedOrder): Promise<void>
  /** Tells why the last one was refused. */
  tellRefused(entry: TrackedOrder): void
}

export type OrderAmendingDeps = {
  readonly trading: (venue: string) => Trading | undefined
  readonly asking: OrderAsking
  readonly onFill: (venue: string, fill: Fill, isInOrder: boolean) => void
  /** Takes the word in and tells it, with what it says of the amend. */
  readonly take: (entry: TrackedOrder, order: Order, outcome: AmendOutcome) => void
  readonly log: (text: string) => void
}

export function createOrderAmending(deps: OrderAmendingDeps): OrderAmending {
  const begin = (entry: TrackedOrder, isAgain: boolean): Promise<void> => {
    const { amend } = entry
    if (amend === undefined) return Promise.resolve()
    amend.answered ??= amendUntilKnown(deps, entry, { ...amend, isAgain })
    return amend.answered
  }
  return {
    send: (entry) => void begin(entry, false),
    settled: (entry) => begin(entry, true),
    tellRefused: (entry) => tellRefused(deps, entry),
  }
}

type Amend = {
  readonly amendment: Amendment
  readonly askedMs: number
  /** It may have left before: the order is asked for first. */
  readonly isAgain: boolean
}

async function amendUntilKnown(deps: OrderAmendingDeps, entry: TrackedOrder, amend: Amend) {
  const { venue, request } = entry
  const { clientOrderId: id } = request
  // An amend that overtakes its own order is one of an order that nobody knows.
  await entry.answered
  if (isOver(entry)) return
  const first = amend.isAgain ? undefined : await amendOnce(deps, entry, amend.amendment)
  if (first?.kind === 'unknown') deps.log(`an amend of ${id} is unknown: ${first.reason}`)
  const isKnown = first !== undefined && first.kind !== 'unknown'
  const answer = isKnown ? first : await deps.asking.amend(venue, { id, ...amend })
  // Nobody waits any more: the next run asks.
  if (answer === undefined) return
  entry.amend = undefined
  if (answer.kind === 'accepted') {
    for (const fill of answer.fills) deps.onFill(venue, fill, false)
    deps.take(entry, answer.order, {})
    return
  }
  // An order that is over is not there to be amended: what it came to is told instead.
  const ended = answer.code === 'not_found' ? await deps.asking.find(venue, id) : undefined
  if (ended !== undefined && ended.state !== 'open') return deps.take(entry, ended, {})
  entry.refusedAmend = answer.code
  tellRefused(deps, entry)
}

async function amendOnce(
  { trading }: OrderAmendingDeps,
  { venue, request }: TrackedOrder,
  amendment: Amendment,
): Promise<PlaceAnswer> {
  const amend = trading(venue)?.amend
  return amend?.(request.clientOrderId, amendment) ?? NOT_HERE
}

const NOT_HERE: KnownAnswer = { kind: 'refused', code: 'order.not_amendable' }

function tellRefused({ take }: OrderAmendingDeps, entry: TrackedOrder): void {
  const { request, order, refusedAmend: code } = entry
  if (code === undefined || isOver(entry)) return
  const { code: _none, ...unanswered } = absent(request, '')
  take(entry, order ?? { ...unanswered, state: 'open' }, { code })
}

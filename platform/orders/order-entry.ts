// Order entry: place, amend and cancel for REST, batches and the stream alike.
//
// A message becomes steps without awaiting anything, its commands are sequenced as one group, and
// each step answers from the reply to its own, in rows. What a place answers is made of its events
// alone, so that a repetition is the same bytes; amend and cancel answer the order as it stands
// then.

import { setTimeout as sleep } from 'node:timers/promises'
import { type AccountId, asId, type MarketId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Clock } from '#kernel/time.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { Reply, Sequencer, Submission } from '#sequencer/port.ts'
import { fillNotional, fillRow } from '#views/fill-row.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { isFinished, type OrderRow } from '#views/order-row.ts'
import { placedOrder } from '#views/placed-order.ts'
import { PROJECTOR_BACKLOG_MAX } from '#views/projector.ts'
import { amendSubmission } from './amend-order.ts'
import { type FindOrderDeps, findLive, findOrder, type OrderName } from './find-order.ts'
import { mayTrade } from './may-trade.ts'
import type { Outcome } from './outcome.ts'
import { type PlaceSubmission, placeSubmission } from './place-order.ts'
import type { AmendItem, Arrival, BatchItem, CancelItem, OrderEntry, PlaceBody } from './port.ts'
import { ackText, outcomeAck, resultsText } from './result-text.ts'

export type OrderEntryDeps = FindOrderDeps & {
  readonly sequencer: Pick<Sequencer, 'submit' | 'submitAll'>
  readonly views: LiveViews
  readonly clock: Clock
  /** Events that the projector is behind. */
  readonly projectorLag: () => number
  /** Ids for callers who give none; unique over restarts. */
  readonly newId: () => string
}

const FULL_PAUSE_MS = 20

type Later<T> = T | Promise<T>

/** What one command of a message is before the sequencer has it. */
type Step =
  | {
      readonly submission: Submission
      readonly answer: (reply: Reply) => Later<Outcome>
      /** The order it is about; 0 for the one that it opens. */
      readonly id: number
    }
  | { readonly submission: null; readonly answer: () => Later<Outcome> }

type Caller = { readonly principal: Principal; readonly session: number }

export function createOrderEntry(deps: OrderEntryDeps): OrderEntry {
  return {
    runOne: async (principal, item, arrival) => {
      const { steps, replies } = enter(deps, principal, [item], arrival)
      const [outcome] = await allOf(outcomesOf(steps, await replies))
      return outcome ?? refuse('unknown')
    },
    run: async (principal, items, arrival) => {
      const { steps, replies } = enter(deps, principal, items, arrival)
      if (arrival?.answers === 'ack') return acksOf(steps, await replies)
      const outcomes = await allOf(outcomesOf(steps, await replies))
      return resultsText(deps.views.listing, outcomes)
    },
    disconnected: async (account, session) => {
      const command = { kind: 'cancelSession', account: asId<AccountId>(account), session } as const
      let { seq, code } = await deps.sequencer.submit(command)
      // Full: nothing happened, and nobody else will ask for it.
      while (seq === 0 && code === 'capacity.exhausted') {
        await sleep(FULL_PAUSE_MS, undefined, { ref: false })
        ;({ seq, code } = await deps.sequencer.submit(command))
      }
    },
  }
}

/** Nothing is awaited before the sequencer has the commands. */
function enter(
  deps: OrderEntryDeps,
  principal: Principal,
  items: readonly BatchItem[],
  { session = 0, answers: _answers, ...limits }: Arrival = {},
) {
  const caller = { principal, session }
  const steps = items.map((item) => stepOf(deps, caller, item))
  const submissions: Submission[] = []
  for (const { submission } of steps) if (submission !== null) submissions.push(submission)
  return { steps, replies: deps.sequencer.submitAll(submissions, limits) }
}

function outcomesOf(steps: readonly Step[], replies: readonly Reply[]): Later<Outcome>[] {
  let next = 0
  return steps.map((step) => {
    if (step.submission === null) return step.answer()
    const reply = replies[next]
    next += 1
    return reply === undefined ? refuse('unknown') : step.answer(reply)
  })
}

/** A JSON array of acknowledgements: what was done needs no look at the order. */
async function acksOf(steps: readonly Step[], replies: readonly Reply[]): Promise<string> {
  let next = 0
  const acks = steps.map((step) => {
    if (step.submission === null) return ackOf(step.answer())
    const reply = replies[next]
    next += 1
    if (reply === undefined) return outcomeAck(refuse('unknown'))
    if (reply.code !== null) return ackOf(step.answer(reply))
    return step.id === 0 ? ackText(201, reply.seq) : ackText(200, step.id)
  })
  return `[${(await allOf(acks)).join(',')}]`
}

function ackOf(outcome: Later<Outcome>): Later<string> {
  return outcome instanceof Promise ? outcome.then(outcomeAck) : outcomeAck(outcome)
}

function allOf<T extends Outcome | string>(values: readonly Later<T>[]): Later<readonly T[]> {
  const isLater = values.some((value) => value instanceof Promise)
  return isLater ? Promise.all(values) : (values as readonly T[]) // None of them is.
}

function stepOf(deps: OrderEntryDeps, caller: Caller, item: BatchItem): Step {
  if (item.place !== undefined) return placeStep(deps, caller, item.place)
  if (item.amend !== undefined) return amendStep(deps, caller, item.amend)
  return item.cancel === undefined
    ? done(refuse('request.malformed'))
    : cancelStep(deps, caller, item.cancel)
}

function placeStep(deps: OrderEntryDeps, caller: Caller, body: PlaceBody): Step {
  const submission = submissionOf(deps, caller, body)
  if (!submission.ok) return done(submission)
  const answer = (reply: Reply) => placed(deps.views, reply)
  return { submission: submission.value, answer, id: 0 }
}

/** not_found, capacity.exhausted, auth.forbidden, market.unknown, and what placeSubmission says. */
function submissionOf(
  { views, access, clock, newId, projectorLag }: OrderEntryDeps,
  { principal, session }: Caller,
  body: PlaceBody,
): Result<PlaceSubmission> {
  const account = access.resolve(principal, body.account)
  if (!account.ok) return account
  if (projectorLag() > PROJECTOR_BACKLOG_MAX) return refuse('capacity.exhausted')
  if (!mayTrade(principal, body.market)) return refuse('auth.forbidden')
  const market = views.listing.marketBySymbol(body.market)
  if (market === undefined) return refuse('market.unknown')
  const origin = { session, key: principal.keyNumber ?? 0 }
  return placeSubmission(body, { market, account: account.value, origin, now: clock(), newId })
}

function placed({ listing, order }: LiveViews, { seq, code, events }: Reply): Outcome {
  if (code !== null) return refuse(code)
  // Nothing happened to it since it was accepted: the row is the one that its events make.
  const row = order(asId(seq))
  if (row !== undefined && row.eventNo === events[0]?.eventNo) {
    return accept({ status: 201, row, fills: [] })
  }
  const perTickLot = (market: MarketId) => listing.market(market).quotePerTickLot
  const result = placedOrder(events, perTickLot)
  if (result === undefined) return refuse('unknown')
  return accept({ status: 201, row: result.order, fills: result.fills })
}

function amendStep(deps: OrderEntryDeps, { principal }: Caller, item: AmendItem): Step {
  if (!isNamed(item)) return done(refuse('request.malformed', NAME_ONE))
  const row = findLive(deps, principal, item)
  if (row === undefined || isFinished(row)) return done(refuse('not_found'))
  const market = deps.views.listing.market(row.market)
  if (!mayTrade(principal, market.symbol)) return done(refuse('auth.forbidden'))
  const submission = amendSubmission(item, market, row)
  if (!submission.ok) return done(submission)
  const answer = (reply: Reply) => amended(deps.views, row, reply)
  return { submission: submission.value, answer, id: row.id }
}

/** An amended order may trade at once: its fills as taker are in the answer. */
function amended(views: LiveViews, before: OrderRow, { code, events }: Reply): Outcome {
  if (code !== null) return refuse(code)
  const { listing } = views
  const row = views.order(before.id) ?? before
  const { quotePerTickLot } = listing.market(row.market)
  const fills = events.flatMap((event) => {
    if (event.kind !== 'fill' || event.takerOrderId !== row.id) return []
    return [fillRow(event, row, 'taker', fillNotional(event, quotePerTickLot))]
  })
  return accept({ status: 200, row, fills })
}

function cancelStep(deps: OrderEntryDeps, { principal }: Caller, item: CancelItem): Step {
  if (!isNamed(item)) return done(refuse('request.malformed', NAME_ONE))
  const live = findLive(deps, principal, item)
  if (live === undefined || isFinished(live)) {
    // Somebody else's is looked for like one that is not there, so that time tells nothing.
    const find = () => live ?? findOrder(deps, principal, item)
    return { submission: null, answer: () => shown(deps, principal, find()) }
  }
  if (!mayTrade(principal, deps.views.listing.market(live.market).symbol)) {
    return done(refuse('auth.forbidden'))
  }
  const { account, id: orderId } = live
  return {
    submission: { kind: 'cancel', account, orderId },
    id: orderId,
    answer: ({ code }) => {
      // not_found: it was filled or cancelled before us, so there is a final state to tell.
      if (code !== null && code !== 'not_found') return refuse(code)
      return shown(deps, principal, findOrder(deps, principal, { id: orderId, account }))
    },
  }
}

function shown(
  deps: OrderEntryDeps,
  principal: Principal,
  found: Later<OrderRow | undefined>,
): Later<Outcome> {
  if (found instanceof Promise) return found.then((row) => shown(deps, principal, row))
  if (found === undefined) return refuse('not_found')
  const { listing } = deps.views
  if (!mayTrade(principal, listing.market(found.market).symbol)) return refuse('auth.forbidden')
  return accept({ status: 200, row: found })
}

const NAME_ONE = { why: 'either id or clientOrderId' }

function isNamed({ id, clientOrderId }: OrderName): boolean {
  return (id === undefined) !== (clientOrderId === undefined)
}

function done(outcome: Outcome): Step {
  return { submission: null, answer: () => outcome }
}

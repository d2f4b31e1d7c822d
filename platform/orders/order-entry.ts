// Order entry: place, amend and cancel for REST, batches and the stream alike.
//
// A message becomes steps without awaiting anything, its commands are sequenced as one group, and
// each step answers from the reply to its own, in rows. What a place answers is made of its events
// alone, so that a repetition is the same bytes; amend and cancel answer the order as it stands
// then.

import { setTimeout as sleep } from 'node:timers/promises'
import { type AccountId, asId, type MarketId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Clock, Micros } from '#kernel/time.ts'
import type { Principal } from '#platform/auth/port.ts'
import {
  eventsOf,
  type GroupReplies,
  type GroupReply,
  groupReply,
  type Sequencer,
  type Submission,
} from '#sequencer/port.ts'
import { fillNotional, fillRow } from '#views/fill-row.ts'
import type { OrderHead } from '#views/live/live-orders.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { isFinished, type OrderRow } from '#views/order-row.ts'
import { placedOrder } from '#views/placed-order.ts'
import { PROJECTOR_BACKLOG_MAX } from '#views/projector.ts'
import { amendSubmission } from './amend-order.ts'
import { type FindOrderDeps, findHead, findLive, findOrder, type OrderName } from './find-order.ts'
import { mayTrade } from './may-trade.ts'
import { type Origin, originOf } from './order-extra.ts'
import type { Outcome } from './outcome.ts'
import { type PlaceSubmission, placeSubmission } from './place-order.ts'
import type { AmendItem, Arrival, BatchItem, CancelItem, OrderEntry, PlaceBody } from './port.ts'
import { ackText, outcomeAck, putAck, resultsText, takeAcks } from './result-text.ts'

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

/** Who asks, from where and when: the same for all commands of a message. */
type Caller = {
  readonly principal: Principal
  readonly origin: Origin
  /** Counts as sentAt of orders that give none. */
  readonly now: Micros
}

/** A message on its way: of whom it is asked, and by whom. */
type Turn = { readonly deps: OrderEntryDeps; readonly caller: Caller }

/**
 * What one command of a message waits for. Its submission is not kept: a message is in memory for
 * as long as the disk takes, and nothing of it that is not needed shall be.
 */
type Step = {
  /** False when its answer stands already. */
  readonly isSubmitted: boolean
  /** The order that it changes, as it stood then; null for the one that it opens. */
  readonly row: Pick<OrderHead, 'id' | 'account'> | null
  /** One function for all places and cancels: one made for each would be garbage at its release. */
  readonly answer: (turn: Turn, reply: GroupReply, row: Step['row']) => Later<Outcome>
}

export function createOrderEntry(deps: OrderEntryDeps): OrderEntry {
  return {
    runOne: async (principal, item, arrival) => {
      const entered = enter(deps, principal, [item], arrival)
      const [outcome] = await outcomesOf(entered, await entered.replies)
      return outcome ?? refuse('unknown')
    },
    run: async (principal, items, arrival) => {
      const entered = enter(deps, principal, items, arrival)
      const replies = await entered.replies
      if (arrival?.answers === 'ack') return allDone(entered, replies) ?? acksOf(entered, replies)
      const outcomes = await outcomesOf(entered, replies)
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

type Entered = {
  readonly turn: Turn
  readonly steps: readonly Step[]
  /** One for each step that was submitted, in their order. */
  readonly replies: Promise<GroupReplies>
}

/** Nothing is awaited before the sequencer has the commands. */
function enter(
  deps: OrderEntryDeps,
  principal: Principal,
  items: readonly BatchItem[],
  arrival: Arrival = {},
): Entered {
  const origin = originOf(arrival.session ?? 0, principal.keyNumber ?? 0)
  const turn = { deps, caller: { principal, origin, now: deps.clock() } }
  const steps: Step[] = []
  const submissions: Submission[] = []
  for (const item of items) steps.push(stepOf(turn, item, submissions))
  return { turn, steps, replies: deps.sequencer.submitAll(submissions, arrival) }
}

const NOT_ASKED = groupReply({ seq: 0, code: null, duplicate: false, events: [] })

function outcomesOf({ turn, steps }: Entered, replies: GroupReplies) {
  let next = 0
  const outcomes: Later<Outcome>[] = []
  for (const step of steps) {
    const reply = step.isSubmitted ? replies.at(next) : NOT_ASKED
    if (step.isSubmitted) next += 1
    outcomes.push(step.answer(turn, reply, step.row))
  }
  return allOf(outcomes)
}

/** Acknowledgements when every command was done, as nearly always; undefined when one was not. */
function allDone({ steps }: Entered, replies: GroupReplies): string | undefined {
  if (steps.length === 0 || replies.count < steps.length) return undefined
  let end = 0
  for (let i = 0; i < steps.length; i += 1) {
    const row = steps[i]?.row
    if (row === undefined || replies.codeAt(i) !== null) return undefined
    end = row === null ? putAck(end, 201, replies.seqAt(i)) : putAck(end, 200, row.id)
  }
  return takeAcks(end)
}

/** A JSON array of acknowledgements: what was done needs no look at the order. */
async function acksOf({ turn, steps }: Entered, replies: GroupReplies): Promise<string> {
  let next = 0
  const acks: Later<string>[] = []
  for (const step of steps) {
    const reply = step.isSubmitted ? replies.at(next) : NOT_ASKED
    if (step.isSubmitted) next += 1
    acks.push(ackOf(turn, step, reply))
  }
  return `[${(await allOf(acks)).join(',')}]`
}

function ackOf(turn: Turn, { isSubmitted, row, answer }: Step, reply: GroupReply): Later<string> {
  if (isSubmitted && reply.code === null) {
    return row === null ? ackText(201, reply.seq) : ackText(200, row.id)
  }
  const outcome = answer(turn, reply, row)
  return outcome instanceof Promise ? outcome.then(outcomeAck) : outcomeAck(outcome)
}

function allOf<T extends Outcome | string>(values: readonly Later<T>[]): Later<readonly T[]> {
  for (const value of values) if (value instanceof Promise) return Promise.all(values)
  return values as readonly T[] // None of them is later.
}

/** The step of a command, whose submission goes to the others. */
function stepOf(turn: Turn, item: BatchItem, into: Submission[]): Step {
  if (item.place !== undefined) return placeStep(turn, item.place, into)
  if (item.amend !== undefined) return amendStep(turn, item.amend, into)
  return item.cancel === undefined
    ? done(refuse('request.malformed'))
    : cancelStep(turn, item.cancel, into)
}

const PLACE_STEP: Step = { isSubmitted: true, row: null, answer: placed }

function placeStep(turn: Turn, body: PlaceBody, into: Submission[]): Step {
  const submission = submissionOf(turn, body)
  if (!submission.ok) return done(submission)
  into.push(submission.value)
  return PLACE_STEP
}

/** not_found, capacity.exhausted, auth.forbidden, market.unknown, and what placeSubmission says. */
function submissionOf({ deps, caller }: Turn, body: PlaceBody): Result<PlaceSubmission> {
  const { views, access, newId, projectorLag } = deps
  const { principal, origin, now } = caller
  const account = access.resolve(principal, body.account)
  if (!account.ok) return account
  if (projectorLag() > PROJECTOR_BACKLOG_MAX) return refuse('capacity.exhausted')
  if (!mayTrade(principal, body.market)) return refuse('auth.forbidden')
  const market = views.listing.marketBySymbol(body.market)
  if (market === undefined) return refuse('market.unknown')
  return placeSubmission(body, { market, account: account.value, origin, now, newId })
}

function placed({ deps }: Turn, reply: GroupReply): Outcome {
  const { seq, code, firstEventNo } = reply
  if (code !== null) return refuse(code)
  const { listing, order } = deps.views
  // Nothing happened to it since it was accepted: the row is the one that its events make.
  const row = order(asId(seq))
  if (row !== undefined && row.eventNo === firstEventNo) {
    return accept({ status: 201, row, fills: [] })
  }
  const perTickLot = (market: MarketId) => listing.market(market).quotePerTickLot
  const result = placedOrder(eventsOf(reply), perTickLot)
  if (result === undefined) return refuse('unknown')
  return accept({ status: 201, row: result.order, fills: result.fills })
}

function amendStep(turn: Turn, item: AmendItem, into: Submission[]): Step {
  if (!isNamed(item)) return done(refuse('request.malformed', NAME_ONE))
  const { deps, caller } = turn
  const { principal } = caller
  const row = findLive(deps, principal, item)
  if (row === undefined || isFinished(row)) return done(refuse('not_found'))
  const market = deps.views.listing.market(row.market)
  if (!mayTrade(principal, market.symbol)) return done(refuse('auth.forbidden'))
  const submission = amendSubmission(item, market, row)
  if (!submission.ok) return done(submission)
  into.push(submission.value)
  return { isSubmitted: true, row, answer: (_, reply) => amended(turn, reply, row) }
}

/** An amended order may trade at once: its fills as taker are in the answer. */
function amended({ deps }: Turn, reply: GroupReply, before: OrderRow): Outcome {
  if (reply.code !== null) return refuse(reply.code)
  const { listing, order } = deps.views
  const row = order(before.id) ?? before
  const { quotePerTickLot } = listing.market(row.market)
  const fills = eventsOf(reply).flatMap((event) => {
    if (event.kind !== 'fill' || event.takerOrderId !== row.id) return []
    return [fillRow(event, row, 'taker', fillNotional(event, quotePerTickLot))]
  })
  return accept({ status: 200, row, fills })
}

function cancelStep(turn: Turn, item: CancelItem, into: Submission[]): Step {
  if (!isNamed(item)) return done(refuse('request.malformed', NAME_ONE))
  const { deps, caller } = turn
  const { principal } = caller
  const row = findHead(deps, principal, item)
  if (row === undefined || row.isFinished) {
    // Somebody else's is looked for like one that is not there, so that time tells nothing.
    const named = row === undefined ? item : { id: row.id, account: row.account }
    const find = () => findOrder(deps, principal, named)
    return { isSubmitted: false, row: null, answer: () => shown(turn, find()) }
  }
  if (!mayTrade(principal, deps.views.listing.market(row.market).symbol)) {
    return done(refuse('auth.forbidden'))
  }
  into.push({ kind: 'cancel', account: row.account, orderId: row.id })
  return { isSubmitted: true, row, answer: cancelled }
}

function cancelled(turn: Turn, { code }: GroupReply, row: Step['row']): Later<Outcome> {
  // not_found: it was filled or cancelled before us, so there is a final state to tell.
  if (row === null || (code !== null && code !== 'not_found')) return refuse(code ?? 'not_found')
  const { account, id } = row
  return shown(turn, findOrder(turn.deps, turn.caller.principal, { id, account }))
}

function shown(turn: Turn, found: Later<OrderRow | undefined>): Later<Outcome> {
  if (found instanceof Promise) return found.then((row) => shown(turn, row))
  if (found === undefined) return refuse('not_found')
  const { listing } = turn.deps.views
  const { symbol } = listing.market(found.market)
  if (!mayTrade(turn.caller.principal, symbol)) return refuse('auth.forbidden')
  return accept({ status: 200, row: found })
}

const NAME_ONE = { why: 'either id or clientOrderId' }

function isNamed({ id, clientOrderId }: OrderName): boolean {
  return (id === undefined) !== (clientOrderId === undefined)
}

function done(outcome: Outcome): Step {
  return { isSubmitted: false, row: null, answer: () => outcome }
}

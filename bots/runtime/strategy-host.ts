// Strategy host: runs a strategy's handlers over the runner's events.
//
// A function of the start message and the events: no clock, no chance, no input or output of its
// own. Each event is answered with the actions its handlers asked for, in their order, and with the
// record when it changed. A handler that throws ends the process: half an event is never answered.
// Bars are brought up to date first, then the event is told, then executors look and act.

import type { Fill } from '#connectors/venue.ts'
import { createUniform } from '../random.ts'
import type { Strategy } from '../strategy.ts'
import type { EventMessage, Handled, Start, StrategyEvent } from './channel.ts'
import { contextOf, type Hearing } from './context.ts'
import { type Desk, type Executors, say } from './desk.ts'
import { createExecutors } from './executors.ts'
import { emptyKept, readSaved, type SavedStrategy } from './kept.ts'
import { shownTerms } from './own-amends.ts'
import { cancelOrder, hear, recoverAll } from './own-orders.ts'
import { charge, positionOf, type Trade, trade } from './positions.ts'
import type { Turn } from './strategy-turn.ts'

export type StrategyHost = {
  /** The answer to the start message: what the set-up asked for. */
  readonly started: Handled
  handle(message: EventMessage): Handled
  /** Bars of history that are still missing before handlers of bars are called. */
  cold(): number
}

type Inside = { readonly desk: Desk; readonly executors: Executors; readonly hearing: Hearing }

/** An order refused before it left is handled within the event, at most so often in a row. */
const ROUNDS_MAX = 20
/** Executors and bars look at the clock so often. */
const HEARTBEAT_MS = 250

/** Begins a strategy; throws when its parameters or its saved state do not fit. */
export function createStrategyHost(strategy: Strategy, start: Start): StrategyHost {
  const saved = readSaved(start.saved)
  const desk = deskOf(start, saved)
  const executors = createExecutors(desk)
  const hearing: Hearing = {
    ...{ timers: [], pause: [], transfer: [], start: [], stop: [], plots: [] },
  }
  const inside: Inside = { desk, executors, hearing }
  const state = strategy.begin({
    params: start.params,
    saved,
    context: (own) => contextOf(own, { desk, executors, hearing }),
  })
  begin(inside)
  const record: SavedStrategy = { form: 1, version: strategy.version, state, kept: desk.kept }
  let before = saved === undefined ? '' : JSON.stringify(saved)

  function answer(no: number): Handled {
    const { actions } = desk.turn
    desk.turn.actions = []
    const text = JSON.stringify(record)
    const isSame = text === before
    before = text
    return { kind: 'handled', no, actions, ...(isSame ? {} : { state: record }) }
  }

  return {
    started: answer(start.no),
    handle({ no, at, event }) {
      desk.turn.now = at
      desk.turn.uniform = createUniform(start.seed + no)
      handle(inside, event)
      return answer(no)
    },
    cold: () => Math.max(0, ...lengths(desk).map((one) => (one.isWarm() ? 0 : one.needs()))),
  }
}

function deskOf(start: Start, saved: SavedStrategy | undefined): Desk {
  const turn: Turn = {
    ...{ now: start.at, actions: [], isPaused: false },
    uniform: createUniform(start.seed + start.no),
  }
  return {
    ...{ start, turn, kept: structuredClone(saved?.kept) ?? emptyKept(), views: new Map() },
    ...{ balances: new Map(), refused: [], recovering: new Set(), quotes: new Map() },
    ...{ isReady: false, quoteCount: 0 },
  }
}

/** After the set-up: history is asked for, and what became of the orders of the run before. */
function begin({ desk, hearing }: Inside): void {
  for (const view of desk.views.values()) {
    const { venue, symbol } = view.market
    view.feed.seal()
    for (const { lengthUs, needs } of view.feed.lengths()) {
      say(desk, { kind: 'history', venue, symbol, lengthUs, count: needs() })
    }
  }
  recoverAll(desk)
  hearing.timers.push(() => {})
  say(desk, { kind: 'timer', timer: hearing.timers.length - 1, everyMs: HEARTBEAT_MS })
}

function lengths({ views }: Desk) {
  return [...views.values()].flatMap(({ feed }) => feed.lengths())
}

function handle(inside: Inside, event: StrategyEvent): void {
  const { desk, executors } = inside
  for (const { feed } of desk.views.values()) feed.passTo(desk.turn.now)
  dispatch(inside, event)
  for (const { feed } of desk.views.values()) feed.passTo(desk.turn.now)
  tellBars(inside)
  settleRefused(inside)
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    executors.step()
    if (desk.refused.length === 0) return
    settleRefused(inside)
  }
}

function settleRefused(inside: Inside): void {
  const { refused, views } = inside.desk
  for (const { venue, order, isAmend } of refused.splice(0)) {
    if (isAmend === true) views.get(`${venue}:${order.symbol}`)?.order(order)
    else takeOrder(inside, { venue, order })
  }
}

function dispatch(inside: Inside, event: StrategyEvent): void {
  const { desk, hearing } = inside
  const { views, balances, turn } = desk
  switch (event.kind) {
    case 'update':
      views.get(`${event.venue}:${event.update.symbol}`)?.update(event.update)
      break
    case 'order':
      takeOrder(inside, event)
      break
    case 'fill':
      takeFill(inside, event.venue, event.fill)
      break
    case 'balances':
      for (const { asset, available, held } of event.balances) {
        const known = balances.get(event.venue) ?? new Map<string, number>()
        balances.set(event.venue, known.set(asset, Number(available) + Number(held)))
      }
      break
    case 'timer':
      hearing.timers[event.timer]?.()
      break
    case 'history':
      views.get(`${event.venue}:${event.symbol}`)?.feed.history(event.wantedUs, event.history)
      break
    case 'quote':
      desk.quotes.get(event.no)?.(event.quote)
      desk.quotes.delete(event.no)
      break
    case 'transfer':
      for (const handler of hearing.transfer) handler(event.result)
      break
    case 'ready':
      desk.isReady = true
      for (const { feed } of views.values()) feed.open()
      for (const handler of hearing.start) handler()
      break
    case 'stop':
      for (const handler of hearing.stop) handler()
      break
    default:
      turn.isPaused = event.kind === 'pause'
      if (turn.isPaused) for (const handler of hearing.pause) handler()
  }
}

/** Handlers of bars hear of them once everything is warm, and not while the strategy is paused. */
function tellBars({ desk, hearing }: Inside): void {
  const closed = [...desk.views.values()].flatMap(({ feed }) => feed.closed())
  if (closed.length === 0 || !desk.isReady) return
  if (!lengths(desk).every((one) => one.isWarm())) return
  for (const { chart, series } of hearing.plots) {
    const values = Object.entries(series).map(([name, { value }]) => [name, value])
    say(desk, { kind: 'plot', chart, at: desk.turn.now, values: Object.fromEntries(values) })
  }
  if (desk.turn.isPaused) return
  for (const { handle: bars, bar } of closed) for (const handler of bars.handlers) handler(bar)
}

type Word = Pick<Extract<StrategyEvent, { kind: 'order' }>, 'venue' | 'order' | 'amend'>

function takeOrder(inside: Inside, { venue, order, amend }: Word): void {
  const { desk, executors } = inside
  const view = desk.views.get(`${venue}:${order.symbol}`)
  const wasAsked = desk.recovering.has(order.clientOrderId)
  const heard = hear(desk, order, amend)
  if (heard?.isLeft === true) cancelOrder(desk, venue, order.clientOrderId)
  if (heard?.traded !== undefined) {
    executors.traded(heard.kept, heard.traded)
    move(inside, `${venue}:${order.symbol}`, { ...heard.traded, now: desk.turn.now })
  }
  if (heard?.ended !== undefined) executors.ended(heard.kept, heard.ended)
  if (heard?.isAmended === true) view?.amended(shownTerms(heard.kept))
  const isTold = heard?.isNews ?? (wasAsked || OF_VENUE.test(order.clientOrderId))
  if (isTold) view?.order({ ...order, ...(order.state === 'open' ? amend : {}) })
}

/** An order that the venue made itself (a bracket's exit) has the venue's number as its id. */
const OF_VENUE = /^[0-9]+$/

function takeFill(inside: Inside, venue: string, fill: Fill): void {
  const { desk } = inside
  const reference = `${venue}:${fill.symbol}`
  const view = desk.views.get(reference)
  if (view === undefined) return
  const { side, fee } = fill
  const { instrument } = view.market
  if (OF_VENUE.test(fill.clientOrderId)) {
    const [base, quote] = [Number(fill.base), Number(fill.quote)]
    move(inside, reference, { side, base, quote, now: desk.turn.now })
  }
  if (fee.asset === instrument.base && side === 'buy') {
    charge(positionOf(desk.kept, reference), instrument, Number(fee.amount))
  }
  view.fill(fill)
}

function move({ desk }: Inside, reference: string, fill: Trade): void {
  const view = desk.views.get(reference)
  if (view === undefined) return
  const position = positionOf(desk.kept, reference)
  for (const change of trade(position, view.market.instrument, fill)) {
    if (change.kind === 'opened') view.positionOpened()
    else view.positionClosed(change.closed)
  }
}

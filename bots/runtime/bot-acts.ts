// Bot acts: what the runner does when a strategy asks for it.
//
// An order goes through the gate first, and so does what one is amended to; refused there, it comes
// back to the strategy as an order event with the gate's code. While paused only orders that do not
// rest may leave, and what protects. What one answer asks for is judged whole, then its orders are
// in the record, and only then does any of it happen.

import type { OrderRequest } from '#connectors/venue.ts'
import { unreachable } from '#kernel/assert.ts'
import type { Transfer } from '../strategy.ts'
import { type ActLimits, createActLimits } from './act-limits.ts'
import type { BotRun } from './bot-run.ts'
import type { Action, StrategyEvent } from './channel.ts'
import { absent } from './order-asking.ts'
import { type AmendCode, amendedRequest, codeOfAmend, codeOfOrder } from './order-gate.ts'
import { stayOf } from './order-stay.ts'

export type BotAct = {
  /** Undefined when it is too much: the process is being ended. */
  prepare(actions: readonly Action[]): Prepared | undefined
  /** When every history that was asked for has been told. */
  loaded(): Promise<void>
  /** Ends subscriptions and timers of a strategy process that is gone. */
  end(): void
}

/** Orders among it are tracked already, so that the record has them before they leave. */
export type Prepared = { readonly hasOrders: boolean; perform(): void }

type Acting = {
  readonly run: BotRun
  readonly post: (event: StrategyEvent) => void
  readonly ends: (() => void)[]
  readonly transfers: Set<string>
  readonly loading: Set<Promise<void>>
  /** When each refusal was logged last, in microseconds. */
  readonly logged: Map<AmendCode | 'left out', number>
  /** Of the process that runs now. */
  limits: ActLimits
}

const LOG_EVERY_US = 1_000_000

export function createBotActs(run: BotRun, post: (event: StrategyEvent) => void): BotAct {
  const acting: Acting = {
    run,
    post,
    ends: [],
    transfers: new Set(),
    loading: new Set(),
    logged: new Map(),
    limits: createActLimits(() => run.now() / 1_000),
  }
  return {
    prepare: (actions) => prepare(acting, actions),
    async loaded() {
      await Promise.all(acting.loading)
    },
    end() {
      for (const end of acting.ends.splice(0)) end()
      acting.limits = createActLimits(() => run.now() / 1_000)
    },
  }
}

function prepare(acting: Acting, actions: readonly Action[]): Prepared | undefined {
  const { run, limits } = acting
  const allowed: Action[] = []
  for (const action of actions) {
    const verdict = limits.judge(action)
    if (verdict === 'allow') allowed.push(action)
    else if (verdict === 'drop') logSeldom(acting, 'left out', 'more than it may say is left out')
    else {
      run.log(`${run.settings.id}: ${verdict.excess}`)
      run.child?.kill()
      return undefined
    }
  }
  let hasOrders = false
  // What became of the orders of the run before is told before anything else.
  const isRecovery = ({ kind }: Action) => kind === 'recover'
  const ordered = [...allowed.filter(isRecovery), ...allowed.filter((one) => !isRecovery(one))]
  const steps = ordered.map((action) => {
    if (action.kind !== 'place' && action.kind !== 'amend') return () => perform(acting, action)
    const asking = action.kind === 'place' ? gated(acting, action) : gatedAmend(acting, action)
    if (asking.isTracked) hasOrders = true
    return asking.leave
  })
  return {
    hasOrders,
    perform() {
      for (const step of steps) step()
    },
  }
}

function perform(acting: Acting, action: Exclude<Action, { kind: 'place' | 'amend' }>): void {
  const { run, post, ends } = acting
  switch (action.kind) {
    case 'subscribe':
      subscribe(acting, action)
      break
    case 'cancel':
      run.tracker.cancel(action.venue, action.id)
      break
    case 'cancelAll':
      run.tracker.cancelAll(action.venue, action.symbol)
      break
    case 'recover':
      run.tracker.recover(action.venue, action.symbol, action.id)
      break
    case 'timer': {
      const { timer, everyMs } = action
      ends.push((run.every ?? everyReal)(everyMs, () => post({ kind: 'timer', timer })))
      break
    }
    case 'history': {
      const load = tellHistory(acting, action)
      acting.loading.add(load)
      void load.then(() => acting.loading.delete(load))
      break
    }
    case 'quote':
      void tellQuote(acting, action)
      break
    case 'plot':
      run.onPlot?.(action)
      break
    case 'note':
      run.log(`${run.settings.id}: note: ${action.text}`)
      break
    case 'transfer':
      void move(acting, action.transfer)
      break
    case 'halfDone':
      run.isHalfDone = action.is
      break
    case 'log':
      run.log(`${run.settings.id}: ${action.text}`)
      break
    case 'report':
      run.onReport(action.figures)
      break
    default:
      unreachable(action)
  }
}

function subscribe({ run, post, ends }: Acting, { venue, symbol }: Subscribe): void {
  const port = run.venues.find((one) => one.venue.name === venue)?.venue
  if (port === undefined) return
  const heard = run.heardAt.get(symbol) ?? new Map<string, number>()
  run.heardAt.set(symbol, heard)
  const end = port.subscribe(symbol, (update) => {
    if (update.kind === 'stale') heard.delete(venue)
    else heard.set(venue, run.now())
    post({ kind: 'update', venue, update })
  })
  ends.push(end)
}

type HistoryAction = Extract<Action, { kind: 'history' }>

/** A venue without history, or one that cannot be reached, leaves indicators cold for a while. */
async function tellHistory({ run, post }: Acting, action: HistoryAction): Promise<void> {
  const { venue, symbol, lengthUs: wantedUs, count } = action
  const port = run.venues.find((one) => one.venue.name === venue)?.venue
  const answer = await port?.history?.({ symbol, lengthUs: wantedUs, count })
  const none = { lengthUs: wantedUs, bars: [] }
  if (answer?.kind === 'unknown') {
    run.log(`${run.settings.id}: no history of ${venue}:${symbol}: ${answer.reason}`)
  }
  const history = answer?.kind === 'ok' ? answer.value : none
  post({ kind: 'history', venue, symbol, wantedUs, history })
}

async function tellQuote({ run, post }: Acting, action: Extract<Action, { kind: 'quote' }>) {
  const { no, venue, request } = action
  const port = run.venues.find((one) => one.venue.name === venue)?.venue
  const none = { kind: 'unavailable' as const, reason: 'no such venue' }
  post({ kind: 'quote', no, quote: (await port?.quote(request)) ?? none })
}

type Subscribe = Extract<Action, { kind: 'subscribe' }>

type Asking = { readonly isTracked: boolean; readonly leave: () => void }

function gated(acting: Acting, { venue, request, saved }: Place): Asking {
  const { run, post } = acting
  const code = codeOfOrder(run, request)
  if (code === undefined) {
    const entry = run.tracker.track(venue, { ...request, stays: stayOf(request, saved) })
    const { side, quantity, symbol, limitPrice = 'market' } = request
    run.lastAction = `${venue} ${side} ${quantity.amount} ${symbol} at ${limitPrice}`
    return { isTracked: true, leave: () => run.tracker.send(entry) }
  }
  logRefusal(acting, code, request)
  return {
    isTracked: false,
    leave: () => post({ kind: 'order', venue, order: absent(request, code) }),
  }
}

type Place = Extract<Action, { kind: 'place' }>

/** Of an order that is over its end is told, and nothing else. */
function gatedAmend(acting: Acting, { venue, id, amendment }: Amend): Asking {
  const { run } = acting
  const { tracker } = run
  const entry = tracker.openOf(venue, id)
  if (entry === undefined) return { isTracked: false, leave: () => {} }
  const code = codeOfAmend(run, entry, amendment)
  if (code === undefined) {
    tracker.trackAmend(entry, amendment)
    const { size = 'as it is', limitPrice = 'as it was' } = amendment
    run.lastAction = `${venue} amend ${id}: ${size} at ${limitPrice}`
    return { isTracked: true, leave: () => tracker.sendAmend(entry) }
  }
  logRefusal(acting, code, amendedRequest(entry, amendment))
  return { isTracked: true, leave: tracker.refuseAmend(entry, code) }
}

type Amend = Extract<Action, { kind: 'amend' }>

function everyReal(ms: number, tick: () => void): () => void {
  const handle = setInterval(tick, ms)
  return () => clearInterval(handle)
}

function logRefusal(acting: Acting, code: AmendCode, request: OrderRequest): void {
  const { side, quantity, symbol } = request
  logSeldom(acting, code, `${code}: ${side} ${quantity.amount} ${symbol}`)
}

function logSeldom({ run, logged }: Acting, about: AmendCode | 'left out', text: string): void {
  const last = logged.get(about)
  if (last !== undefined && run.now() - last < LOG_EVERY_US) return
  logged.set(about, run.now())
  run.log(`${run.settings.id}: ${text}`)
}

/** The same transfer asked for while it is under way is the one under way. */
async function move({ run, post, transfers }: Acting, transfer: Transfer): Promise<void> {
  const { id } = transfer
  if (transfers.has(id)) return
  transfers.add(id)
  const outcome = (await run.treasury?.move(transfer)) ?? NO_TREASURY
  transfers.delete(id)
  if (outcome.kind === 'done') for (const cost of outcome.costs) run.accounting.cost(cost)
  const code = outcome.kind === 'refused' ? { code: outcome.code } : {}
  post({ kind: 'transfer', result: { id, kind: outcome.kind, ...code } })
}

const NO_TREASURY = { kind: 'refused', code: 'transfer.unavailable' } as const

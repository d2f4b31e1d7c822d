// The runner of one bot: strategy process, risk gate, orders, state and accounts around it.
//
// One event at a time goes to the strategy, numbered without gaps; its answer is saved and then
// acted on. Every order passes the gate here, outside the strategy, and is in the record before it
// leaves. After a crash of the strategy, of all of us or of the platform, orders and fills are
// brought up to date at the venue before the first event is delivered.

import type { Balance } from '#connectors/venue.ts'
import { seedOf } from '../random.ts'
import { createAccounting } from './accounting.ts'
import { type BotAct, createBotActs } from './bot-acts.ts'
import { createBotFills } from './bot-fills.ts'
import type { BotRun, BotRunnerDeps } from './bot-run.ts'
import { figuresOf, isIdle, isPassing, isSettled } from './bot-standing.ts'
import type { AccountChange } from './bot-venue.ts'
import type { Handled, StrategyEvent, VenueInstruments } from './channel.ts'
import { startDeadMan } from './dead-man.ts'
import { createEventQueue } from './event-queue.ts'
import { NO_FILLS } from './fill-ledger.ts'
import type { BotFigures } from './messages.ts'
import { canRest } from './order-stay.ts'
import { createOrderTracker } from './order-tracker.ts'
import { createRiskGate } from './risk-gate.ts'
import { flattenAll, lookAtRisk } from './risk-halt.ts'
import { createRiskWatch } from './risk-watch.ts'

export type BotRunner = {
  /** Answers when the strategy handles events. */
  start(): Promise<void>
  /** Answers when no order of the bot rests any more. */
  pause(): Promise<void>
  resume(): void
  /** Pauses, waits for what is unknown or pending, saves, and ends the strategy. */
  stop(): Promise<void>
  figures(): BotFigures
  pid(): number | undefined
  /** Nothing is under way: every event was handled, every order answered, and all is on disk. */
  isIdle(): boolean
}

const CRASHES_MAX = 5
const CRASH_WINDOW_MS = 60_000
const RESTART_MS = 1_000
const SETTLE_MS = 5_000
const LOOK_MS = 50
const RISK_EVERY_MS = 100

export function createBotRunner(deps: BotRunnerDeps): BotRunner {
  const run = open(deps)
  const act = createBotActs(run, (event) => post(run, event))
  return {
    start: () => start(run, act),
    pause: () => pause(run),
    resume() {
      if (run.state !== 'paused') return
      run.watch.resume()
      run.state = 'running'
      run.lastAction = 'resumed'
      save(run)
      post(run, { kind: 'resume' })
    },
    stop: () => stop(run, act),
    pid: () => run.child?.pid,
    figures: () => figuresOf(run),
    isIdle: () => isIdle(run),
  }
}

function open(deps: BotRunnerDeps): BotRun {
  const { store, priceOf, now, log, venues, settings } = deps
  const { found } = store
  const accounting = createAccounting({ priceOf, saved: found })
  const fills = createBotFills({
    saved: found ?? { counted: NO_FILLS, handled: NO_FILLS },
    count: (fill) => accounting.fill(fill),
    tell: (venue, fill) => post(run, { kind: 'fill', venue, fill }),
  })
  const since = found?.since || now()
  const tracker = createOrderTracker({
    trading: (name) => venues.find(({ venue }) => venue.name === name)?.venue.trading,
    onOrder: (venue, order, outcome) =>
      post(run, { kind: 'order', venue, order, ...(outcome && { amend: outcome }) }),
    onFill(venue, fill, isInOrder) {
      fills.take(venue, fill, isInOrder)
      save(run)
    },
    lastFill: fills.last,
    ...{ log, since, saved: found?.orders ?? [] },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    nowMs: () => now() / 1_000,
  })
  const run: BotRun = {
    ...deps,
    ...{ accounting, fills, tracker, since },
    idPrefix:
      found?.idPrefix || `${shortId(settings.id)}-${Math.floor(now() / 1_000).toString(36)}-`,
    gate: createRiskGate(deps.limits, () => now() / 1_000),
    ...{ queue: createEventQueue(now), instruments: new Map(), ends: [], current: undefined },
    ...{ state: 'starting', child: undefined, isBusy: false, deadMan: undefined },
    ...{ crashes: [], crashCount: 0 },
    ...{ isStarting: false, isLoaded: false, isReady: false, heardAt: new Map(), flattened: 0 },
    watch: createRiskWatch({ limits: deps.limits, saved: found?.risk, now }),
    isHalfDone: false,
    ...{ no: found?.no ?? 0, strategyState: found?.state },
    lastAction: settings.state === 'paused' ? 'paused' : 'starting',
  }
  return run
}

/** Ids of orders have 36 characters at most. */
function shortId(id: string): string {
  return id.slice(0, 12)
}

async function start(run: BotRun, act: BotAct): Promise<void> {
  const venues: VenueInstruments[] = []
  for (const { venue } of run.venues) {
    const instruments = await venue.instruments()
    run.instruments.set(venue.name, instruments)
    venues.push({ venue: venue.name, instruments })
  }
  for (const { venue, watch } of run.venues) {
    const end = watch?.((change) => take(run, venue.name, change))
    if (end !== undefined) run.ends.push(end)
  }
  const tradings = run.venues.flatMap(({ venue: { trading } }) => trading ?? [])
  run.deadMan = await startDeadMan({ tradings, log: run.log })
  await begin(run, act, venues)
  const isHalted = run.watch.halted() !== undefined
  run.state = run.settings.state === 'paused' || isHalted ? 'paused' : 'running'
  if (run.state === 'paused') post(run, { kind: 'pause' })
  const look = setInterval(() => void guard(run), RISK_EVERY_MS)
  run.ends.push(() => clearInterval(look))
}

/** Halts the bot when it has lost more than it may. */
async function guard(run: BotRun): Promise<void> {
  const code = lookAtRisk(run)
  if (code === undefined) return
  save(run)
  run.store.flush()
  run.log(`${run.settings.id}: ${code}: halted until a person resumes it`)
  const cancelled = pause(run, 'all')
  run.lastAction = `halted: ${code}`
  run.onHalt?.(code)
  await cancelled
  if (run.limits.flatten && run.watch.halted() !== undefined) flattenAll(run)
}

/** Learns what became of everything that is out, then starts the strategy from the saved state. */
async function begin(run: BotRun, act: BotAct, venues: readonly VenueInstruments[]) {
  run.isHalfDone = run.isLoaded = run.isReady = false
  run.current = undefined
  const { tracker, settings } = run
  const own = new RegExp(`^${RegExp.escape(shortId(settings.id))}-[0-9a-z]+-[0-9a-z]+$`)
  const isOurs = (id: string) => own.test(id)
  for (const { venue, instruments } of venues) {
    // Only what another process has left can be in no record.
    const symbols = run.state === 'starting' ? instruments.map(({ symbol }) => symbol) : []
    await tracker.reconcile(venue, { symbols, isOurs })
  }
  // What was not handled is told again: orders are asked for by the strategy, fills are missed.
  run.queue.clear()
  run.fills.forget()
  for (const { venue } of venues) await tracker.missed(venue)
  await readBalances(run)
  const started = Promise.withResolvers<void>()
  run.isBusy = true
  run.isStarting = true
  const child = run.startChild({
    strategy: run.settings.strategy,
    onHandled(handled) {
      if (run.child === child) hear(run, act, handled)
      started.resolve()
    },
    onEnd(why) {
      if (run.child === child) restart(run, act, { venues, why })
      started.resolve()
    },
    log: (text) => run.log(`${run.settings.id}: ${text}`),
  })
  run.child = child
  const { id, strategy, params } = run.settings
  child.send({
    ...{ kind: 'start', strategy, params, saved: run.strategyState, venues },
    idPrefix: run.idPrefix,
    ...{ seed: seedOf(id), no: run.no, at: run.now() },
  })
  await started.promise
}

function restart(run: BotRun, act: BotAct, { venues, why }: Ended): void {
  run.child = undefined
  act.end()
  if (run.state === 'stopped') return
  run.log(`${run.settings.id}: the strategy ended: ${why}`)
  const nowMs = run.now() / 1_000
  run.crashCount += 1
  run.crashes = [...run.crashes.filter((at) => at > nowMs - CRASH_WINDOW_MS), nowMs]
  const isHopeless = run.crashes.length > CRASHES_MAX
  if (isHopeless) run.state = 'failed'
  const again = isHopeless
    ? cancelResting(run, 'unprotecting')
    : new Promise((resolve) => setTimeout(resolve, RESTART_MS)).then(() =>
        run.state === 'stopped' ? undefined : begin(run, act, venues),
      )
  void again.then(() => {
    if (run.state === 'paused') post(run, { kind: 'pause' })
  })
}

type Ended = { readonly venues: readonly VenueInstruments[]; readonly why: string }

/** The answer to the event that is out: saved first, then done. */
function hear(run: BotRun, act: BotAct, handled: Handled): void {
  if (handled.no !== run.no || !run.isBusy) {
    run.log(`${run.settings.id}: an answer to event ${handled.no}, not ${run.no}`)
    run.child?.kill()
    return
  }
  const asked = act.prepare(handled.actions)
  if (asked === undefined) return
  run.isBusy = false
  const isFirst = run.isStarting
  run.isStarting = false
  if (handled.state !== undefined) run.strategyState = handled.state
  settle(run)
  save(run)
  if (asked.hasOrders) run.store.flush()
  asked.perform()
  const { child } = run
  if (isFirst) void act.loaded().then(() => run.child === child && goOn(run))
  pump(run)
}

/** History is told: what waited for it may come, and then that all is there. */
function goOn(run: BotRun): void {
  run.isLoaded = true
  post(run, { kind: 'ready' })
}

/** The event that was out is in the record with what it changed. */
function settle(run: BotRun): void {
  const event = run.current
  run.current = undefined
  if (event?.kind === 'fill') run.fills.handled(event.venue, event.fill)
  else if (event?.kind === 'order') run.tracker.settled(event.order, event.amend)
  else if (event?.kind === 'ready') run.isReady = true
}

function post(run: BotRun, event: StrategyEvent): void {
  run.queue.push(event)
  pump(run)
}

function pump(run: BotRun): void {
  if (run.isBusy || run.child === undefined) return
  const queued = run.queue.next(!run.isLoaded)
  if (queued === undefined) return
  run.isBusy = true
  run.current = queued.event
  run.no += 1
  run.child.send({ kind: 'event', no: run.no, at: run.now(), ...queued })
}

function save(run: BotRun): void {
  run.store.put({
    no: run.no,
    state: run.strategyState,
    ...run.accounting.saved(),
    ...run.fills.saved(),
    ...{ orders: run.tracker.saved(), idPrefix: run.idPrefix, since: run.since },
    risk: run.watch.saved(),
  })
}

function take(run: BotRun, venue: string, change: AccountChange): void {
  if (change.kind === 'order') run.tracker.heardOrder(venue, change.order)
  else if (change.kind === 'fill') run.tracker.heardFill(venue, change.fill)
  else if (change.kind === 'balances') takeBalances(run, venue, change.balances)
  else if (change.kind === 'cost') run.accounting.cost({ ...change, kind: 'gas' })
  else if (run.child !== undefined) void run.tracker.missed(venue).then(() => readBalances(run))
}

function takeBalances(run: BotRun, venue: string, balances: readonly Balance[]): void {
  const { wallet = venue } = run.venues.find((one) => one.venue.name === venue) ?? {}
  run.accounting.balances(wallet, balances)
  post(run, { kind: 'balances', venue, balances })
}

async function readBalances(run: BotRun): Promise<void> {
  for (const { venue } of run.venues) {
    const answer = await venue.trading?.balances()
    if (answer?.kind === 'ok') takeBalances(run, venue.name, answer.value)
  }
}

/** Orders that protect a position stay, unless everything shall go. */
async function pause(run: BotRun, which: 'all' | 'unprotecting' = 'unprotecting') {
  if (run.state === 'failed' || run.state === 'stopped') return
  run.state = 'paused'
  run.lastAction = 'paused'
  post(run, { kind: 'pause' })
  await cancelResting(run, which)
}

/** Also orders that are on their way: they are cancelled when the venue knows them. */
async function cancelResting(run: BotRun, which: 'all' | 'unprotecting'): Promise<void> {
  const untilMs = run.now() / 1_000 + SETTLE_MS
  while (run.now() / 1_000 < untilMs) {
    const resting = run.tracker.open().filter(({ request }) => {
      return canRest(request) && (which === 'all' || request.stays !== 'always')
    })
    if (resting.length === 0) return
    for (const { venue, request } of resting) run.tracker.cancel(venue, request.clientOrderId)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

async function stop(run: BotRun, act: BotAct): Promise<void> {
  await pause(run)
  post(run, { kind: 'stop' })
  const untilMs = run.now() / 1_000 + SETTLE_MS
  const isPending = () => run.isHalfDone || run.tracker.open().some(isPassing) || !isSettled(run)
  while (run.child !== undefined && isPending() && run.now() / 1_000 < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  run.state = 'stopped'
  await run.deadMan?.stop()
  save(run)
  run.store.close()
  run.tracker.close()
  act.end()
  for (const end of run.ends) end()
  run.child?.kill()
}

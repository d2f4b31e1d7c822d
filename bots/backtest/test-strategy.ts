// testStrategy: a strategy over bars in a unit test, in milliseconds.
//
// Orders are matched by the real engine in a private simulated exchange. What a handler decides at
// the close of a bar leaves with the next bar's open and is filled there; nothing sees a price
// before its time. The bars an indicator needs to be warm are history: pass them as `history`, or
// the first of `bars` are used for it. A timer runs at most once a bar, at its close.

import {
  createSimulatedExchange,
  type SimulatedChange,
  type SimulatedExchange,
} from '#connectors/simulated/exchange.ts'
import type { Bar, Fill, Instrument, Order } from '#connectors/venue.ts'
import type { Chart } from '#kernel/plots.ts'
import { intervalUs } from '../bars/interval.ts'
import type { Action, Start, StrategyEvent } from '../runtime/channel.ts'
import { createStrategyHost, type StrategyHost } from '../runtime/strategy-host.ts'
import type { Strategy } from '../strategy.ts'

export type TestOptions = {
  /** Oldest first, of one length, without overlap. */
  readonly bars: readonly Bar[]
  /** Of the bars; the distance of the first two when nothing is said. */
  readonly interval?: string
  /** Bars before the first, for indicators; without them the first of `bars` are taken. */
  readonly history?: readonly Bar[]
  readonly params?: Readonly<Record<string, unknown>>
  /** 'internal:ETH-USDC' unless the strategy's first market parameter says another one. */
  readonly market?: string
  /** By asset; 100,000 of the quote asset when nothing is said. */
  readonly balances?: Readonly<Record<string, string>>
  readonly instrument?: Partial<Instrument>
  /** What a run before has saved: the `saved` of its result. */
  readonly saved?: object
}

export type TestResult = {
  readonly fills: readonly Fill[]
  /** As they ended, in the order in which they did. */
  readonly orders: readonly Order[]
  /** The strategy's own state at the end. */
  readonly state: Readonly<Record<string, unknown>>
  readonly saved: object | undefined
  readonly notes: readonly Note[]
  readonly logs: readonly string[]
  /** A point of a chart at every close of a bar that is no history. */
  readonly plots: readonly PlotPoint[]
  /** Bars that were history. */
  readonly warmBars: number
  readonly balances: Readonly<Record<string, number>>
  /** In the quote asset, at the last close. */
  readonly equity: number
}

/** Microseconds: of the event in which it was made. */
export type Note = { readonly at: number; readonly text: string }

export type PlotPoint = Pick<Chart, 'chart' | 'over'> & {
  /** Microseconds: when the bar began. */
  readonly at: number
  readonly values: Readonly<Record<string, number>>
}

type Test = {
  readonly host: StrategyHost
  readonly exchange: SimulatedExchange
  readonly venue: string
  readonly symbol: string
  readonly interval: string
  readonly lengthUs: number
  readonly timers: { readonly timer: number; readonly everyUs: number; dueAt: number }[]
  /** Asked for at a close: they leave with the next open. */
  readonly waiting: Action[]
  readonly found: {
    readonly fills: Fill[]
    readonly orders: Order[]
    readonly notes: Note[]
    readonly logs: string[]
    readonly plots: PlotPoint[]
  }
  no: number
  now: number
  saved: object | undefined
}

const QUOTE_START = '100000'
const MARKET = 'internal:ETH-USDC'
const REACTIONS_MAX = 1_000

/** Throws when parameters do not fit, or when there are too few bars to be warm. */
export function testStrategy(strategy: Strategy, options: TestOptions): TestResult {
  const test = open(strategy, options)
  const warmBars = warmUp(test, options)
  for (const bar of options.bars.slice(options.history === undefined ? warmBars : 0)) {
    playBar(test, bar)
  }
  const { found, saved, exchange, symbol } = test
  const balances = Object.fromEntries(
    [...exchange.balances()].map(([asset, { available, held }]) => {
      return [asset, Number(available) + Number(held)]
    }),
  )
  const [base = '', quote = ''] = symbol.split('-')
  const last = options.bars.at(-1)?.close ?? 0
  const equity = (balances[quote] ?? 0) + (balances[base] ?? 0) * last
  const { state = {} } = { ...saved } as { state?: TestResult['state'] } // The host's record.
  return { ...found, state, saved, warmBars, balances, equity }
}

function open(strategy: Strategy, options: TestOptions): Test {
  const { bars, params = {} } = options
  const [first, second] = bars
  if (first === undefined) throw new RangeError('testStrategy needs bars')
  const lengthUs =
    options.interval === undefined
      ? (second?.openAt ?? first.openAt + 60_000_000) - first.openAt
      : intervalUs(options.interval)
  const [venue = '', symbol = ''] = marketOf(strategy, options).split(':')
  const instrument = instrumentOf(symbol, options.instrument)
  const balances = options.balances ?? { [instrument.quote]: QUOTE_START }
  const startAt = (options.history?.[0] ?? first).openAt
  const exchange = createSimulatedExchange({ instruments: [instrument], balances, startAt })
  const start: Start = {
    ...{ kind: 'start', strategy: strategy.name, params, saved: options.saved, no: 0, seed: 1 },
    venues: [{ venue, instruments: [instrument] }],
    ...{ idPrefix: `t${startAt.toString(36)}-`, at: startAt },
  }
  const test: Test = {
    ...{ host: createStrategyHost(strategy, start), exchange, venue, symbol, lengthUs },
    interval: `${lengthUs / 1_000_000}s`,
    ...{ timers: [], waiting: [], no: 0, now: startAt, saved: options.saved },
    found: { fills: [], orders: [], notes: [], logs: [], plots: [] },
  }
  take(test, test.host.started)
  return test
}

function marketOf({ params: table }: Strategy, { market, params = {} }: TestOptions): string {
  if (market !== undefined) return market
  const [name, param] = Object.entries(table).find(([, { kind }]) => kind === 'market') ?? []
  const said = name === undefined ? undefined : (params[name] ?? param?.initial)
  return typeof said === 'string' ? said : MARKET
}

function instrumentOf(symbol: string, given: Partial<Instrument> = {}): Instrument {
  const [base = '', quote = ''] = symbol.split('-')
  return {
    ...{ symbol, base, quote, kind: 'order-book', tick: '0.01', lot: '0.0001' },
    ...{ takerFee: '0.0005', makerFee: '0.0002', minNotional: '1', ...given },
  }
}

/** Tells the history; answers how many of `bars` it took. */
function warmUp(test: Test, { bars, history }: TestOptions): number {
  const asked = test.waiting.flatMap((action) => (action.kind === 'history' ? [action] : []))
  const counts = asked.map(({ lengthUs, count }) => Math.ceil((count * lengthUs) / test.lengthUs))
  const needed = Math.max(0, ...counts)
  const past = history ?? bars.slice(0, needed)
  const last = past.at(-1)
  if (last !== undefined) test.now = last.openAt + test.lengthUs
  tellBalances(test)
  for (const { venue, symbol, lengthUs: wantedUs } of asked) {
    const told = { lengthUs: test.lengthUs, bars: past }
    send(test, { kind: 'history', venue, symbol, wantedUs, history: told })
  }
  if (last !== undefined) test.exchange.jumpTo(test.symbol, last.close)
  send(test, { kind: 'ready' })
  // What was plotted of the history is for people.
  test.found.plots.length = 0
  const isUsed = history !== undefined || needed === 0 || bars.length > needed
  if (!isUsed) throw new RangeError(`${needed} bars are history here, and there are ${bars.length}`)
  return needed
}

function tellBalances(test: Test): void {
  const balances = [...test.exchange.balances()].map(([asset, balance]) => ({ asset, ...balance }))
  send(test, { kind: 'balances', venue: test.venue, balances })
}

function playBar(test: Test, bar: Bar): void {
  const { exchange, symbol, lengthUs, venue, interval } = test
  pass(test, Math.max(test.now, bar.openAt))
  exchange.jumpTo(symbol, bar.open)
  settle(test)
  performWaiting(test)
  for (const price of pathOf(bar)) reachPrice(test, price)
  pass(test, bar.openAt + lengthUs)
  send(test, { kind: 'update', venue, update: { kind: 'bar', symbol, interval, bar } })
  for (const timer of test.timers) {
    if (test.now < timer.dueAt) continue
    timer.dueAt = test.now + timer.everyUs
    send(test, { kind: 'timer', timer: timer.timer })
  }
  for (const change of exchange.changes()) tell(test, change)
}

/** The nearer end first when the bar closes on the other side: as often right as a rule can be. */
function pathOf({ open: first, high, low, close }: Bar): number[] {
  return close >= first ? [low, high, close] : [high, low, close]
}

function pass(test: Test, now: number): void {
  test.now = now
  test.exchange.passTo(now)
}

/** What happens on the way is told at once, and what the strategy does about it is done at once. */
function reachPrice(test: Test, price: number): void {
  test.exchange.moveTo(test.symbol, price)
  settle(test)
}

function performWaiting(test: Test): void {
  for (let reactions = 0; reactions < REACTIONS_MAX; reactions += 1) {
    const action = test.waiting.shift()
    if (action === undefined) return
    perform(test, action)
    for (const change of test.exchange.changes()) tell(test, change)
  }
}

function settle(test: Test): void {
  const changes = test.exchange.changes()
  if (changes.length === 0) return
  for (const change of changes) tell(test, change)
  performWaiting(test)
}

function tell(test: Test, change: SimulatedChange): void {
  const { venue, found } = test
  if (change.kind === 'fill') {
    found.fills.push(change.fill)
    send(test, { kind: 'fill', venue, fill: change.fill })
  } else if (change.kind === 'order') {
    if (change.order.state !== 'open') found.orders.push(change.order)
    send(test, { kind: 'order', venue, order: change.order })
  } else {
    const { asset, available, held } = change
    send(test, { kind: 'balances', venue, balances: [{ asset, available, held }] })
  }
}

function send(test: Test, event: StrategyEvent): void {
  test.no += 1
  take(test, test.host.handle({ kind: 'event', no: test.no, at: test.now, event }))
}

function take(test: Test, handled: ReturnType<StrategyHost['handle']>): void {
  if (handled.state !== undefined) test.saved = handled.state
  const { found, timers } = test
  for (const action of handled.actions) {
    if (action.kind === 'note') found.notes.push({ at: test.now, text: action.text })
    else if (action.kind === 'log') found.logs.push(action.text)
    else if (action.kind === 'plot') found.plots.push(...pointsOf(action.plot))
    else if (action.kind === 'timer') {
      const everyUs = action.everyMs * 1_000
      timers.push({ timer: action.timer, everyUs, dueAt: test.now + everyUs })
    } else test.waiting.push(action)
  }
}

function pointsOf({ series, at, ...head }: Chart): PlotPoint[] {
  return at.map((time, index) => {
    const values = series.map(({ name, values: all }) => [name, all[index] ?? 0])
    return { ...head, at: time, values: Object.fromEntries(values) }
  })
}

function perform(test: Test, action: Action): void {
  const { exchange, symbol } = test
  if (action.kind === 'place') place(test, action)
  else if (action.kind === 'cancel') tellOrder(test, exchange.cancel(action.id))
  else if (action.kind === 'cancelAll') {
    for (const { clientOrderId } of exchange.open(symbol)) exchange.cancel(clientOrderId)
  } else if (action.kind === 'recover') {
    const none = { venueOrderId: undefined, filledBase: '0', filledQuote: '0', code: 'not_found' }
    const absent = { clientOrderId: action.id, symbol, side: 'buy' as const, ...none }
    tellOrder(test, exchange.order(action.id) ?? { ...absent, state: 'refused' })
  } else if (action.kind === 'quote') {
    const quote = { kind: 'unavailable', reason: 'bars have no book' } as const
    send(test, { kind: 'quote', no: action.no, quote })
  } else if (action.kind === 'transfer') {
    const result = {
      id: action.transfer.id,
      kind: 'refused',
      code: 'transfer.unavailable',
    } as const
    send(test, { kind: 'transfer', result })
  }
}

/** A cancel of what was final already answers its final state. */
function tellOrder(test: Test, order: Order | undefined): void {
  const { venue } = test
  const changes = test.exchange.changes()
  const isTold = changes.some((change) => {
    return change.kind === 'order' && change.order.clientOrderId === order?.clientOrderId
  })
  for (const change of changes) tell(test, change)
  if (order !== undefined && !isTold) send(test, { kind: 'order', venue, order })
}

function place(test: Test, { request }: Extract<Action, { kind: 'place' }>): void {
  const { exchange } = test
  const answer = exchange.place({ ...request, sentAt: test.now })
  if (answer.kind === 'accepted') {
    for (const fill of answer.fills) tell(test, { kind: 'fill', fill })
    tell(test, { kind: 'order', order: answer.order })
    return
  }
  const { clientOrderId, symbol, side } = request
  const nothing = { venueOrderId: undefined, filledBase: '0', filledQuote: '0' }
  const code = answer.kind === 'refused' ? answer.code : answer.reason
  const state = 'refused' as const
  tell(test, { kind: 'order', order: { clientOrderId, symbol, side, state, code, ...nothing } })
}

// Test world: the strategy of a test, its venues on the real engine, and what was found.
//
// A venue is a private simulated exchange with all markets of it that the test names; one that only
// tells prices has no orders. What a handler asks for waits until its market opens the next time.

import {
  createSimulatedExchange,
  type SimulatedChange,
  type SimulatedExchange,
} from '#connectors/simulated/exchange.ts'
import type { Bar, Fill, Instrument, Order } from '#connectors/venue.ts'
import { intervalUs } from '../bars/interval.ts'
import type { Action, StrategyEvent } from '../runtime/channel.ts'
import { createStrategyHost, type StrategyHost } from '../runtime/strategy-host.ts'
import type { Strategy } from '../strategy.ts'

export type Balances = Readonly<Record<string, string>>

export type TestMarket = {
  /** Oldest first, of one length, without overlap. */
  readonly bars: readonly Bar[]
  /** Of the bars; the distance of the first two when nothing is said. */
  readonly interval?: string
  /** Bars before the first, for indicators; without them the first of `bars` are taken. */
  readonly history?: readonly Bar[]
  /** With the kind 'reference' it tells its closes as prices, and nothing is traded there. */
  readonly instrument?: Partial<Instrument>
}

/** A market as it is played. */
export type Stage = TestMarket & {
  readonly venue: string
  readonly symbol: string
  readonly instrument: Instrument
  readonly interval: string
  readonly lengthUs: number
}

export type Plot = Extract<Action, { kind: 'plot' }>
export type OfVenue = { readonly venue: string }

export type World = {
  readonly host: StrategyHost
  readonly stages: readonly Stage[]
  /** By venue. */
  readonly exchanges: ReadonlyMap<string, SimulatedExchange>
  readonly timers: { readonly timer: number; readonly everyUs: number; dueAt: number }[]
  /** Asked for at a close: they leave with the next open. */
  readonly waiting: Action[]
  readonly found: {
    readonly fills: (Fill & OfVenue)[]
    readonly orders: (Order & OfVenue)[]
    readonly notes: string[]
    readonly logs: string[]
    readonly plots: Plot[]
  }
  no: number
  now: number
  saved: object | undefined
}

export type WorldOptions = {
  /** By 'venue:SYMBOL', the first of them first. */
  readonly markets: Readonly<Record<string, TestMarket>>
  readonly balances: (venue: string, quotes: readonly string[]) => Balances
  readonly params: Readonly<Record<string, unknown>>
  readonly saved: object | undefined
}

const MINUTE_US = 60_000_000

export function openWorld(strategy: Strategy, options: WorldOptions): World {
  const { params, saved } = options
  const stages = Object.entries(options.markets).map(([name, market]) => stageOf(name, market))
  const startAt = Math.min(...stages.map(({ bars, history }) => (history ?? bars)[0]?.openAt ?? 0))
  const venues = [...Map.groupBy(stages, ({ venue }) => venue)].map(([venue, some]) => {
    return { venue, instruments: some.map(({ instrument }) => instrument) }
  })
  const exchanges = new Map(
    venues.map(({ venue, instruments }) => {
      const balances = options.balances(venue, [...new Set(instruments.map(({ quote }) => quote))])
      return [venue, createSimulatedExchange({ instruments, balances, startAt })]
    }),
  )
  const world: World = {
    host: createStrategyHost(strategy, {
      ...{ kind: 'start', strategy: strategy.name, params, saved, no: 0, seed: 1, venues },
      ...{ idPrefix: `t${startAt.toString(36)}-`, at: startAt },
    }),
    ...{ stages, exchanges, timers: [], waiting: [], no: 0, now: startAt, saved },
    found: { fills: [], orders: [], notes: [], logs: [], plots: [] },
  }
  take(world, world.host.started)
  return world
}

function stageOf(name: string, market: TestMarket): Stage {
  const [venue = '', symbol = ''] = name.split(':')
  const [first, second] = market.bars
  if (first === undefined) throw new RangeError(`testStrategy needs bars of ${name}`)
  const lengthUs =
    market.interval === undefined
      ? (second?.openAt ?? first.openAt + MINUTE_US) - first.openAt
      : intervalUs(market.interval)
  const instrument = instrumentOf(symbol, market.instrument)
  const interval = `${lengthUs / 1_000_000}s`
  return { ...market, venue, symbol, instrument, lengthUs, interval }
}

function instrumentOf(symbol: string, given: Partial<Instrument> = {}): Instrument {
  const [base = '', quote = ''] = symbol.split('-')
  return {
    ...{ symbol, base, quote, kind: 'order-book', tick: '0.01', lot: '0.0001' },
    ...{ takerFee: '0.0005', makerFee: '0.0002', minNotional: '1', ...given },
  }
}

/** Throws for a venue that the test does not have: none is made for a strategy. */
export function exchangeOf({ exchanges }: World, venue: string): SimulatedExchange {
  const exchange = exchanges.get(venue)
  if (exchange === undefined) throw new RangeError(`testStrategy has no venue ${venue}`)
  return exchange
}

export function send(world: World, event: StrategyEvent): void {
  world.no += 1
  take(world, world.host.handle({ kind: 'event', no: world.no, at: world.now, event }))
}

function take(world: World, handled: ReturnType<StrategyHost['handle']>): void {
  if (handled.state !== undefined) world.saved = handled.state
  const { found, timers } = world
  for (const action of handled.actions) {
    if (action.kind === 'note') found.notes.push(action.text)
    else if (action.kind === 'log') found.logs.push(action.text)
    else if (action.kind === 'plot') found.plots.push(action)
    else if (action.kind === 'timer') {
      const everyUs = action.everyMs * 1_000
      timers.push({ timer: action.timer, everyUs, dueAt: world.now + everyUs })
    } else world.waiting.push(action)
  }
}

/** What happened at the venues; true when anything did. */
export function tellChanges(world: World): boolean {
  let hasAny = false
  for (const [venue, exchange] of world.exchanges) {
    for (const change of exchange.changes()) {
      hasAny = true
      tell(world, venue, change)
    }
  }
  return hasAny
}

export function tell(world: World, venue: string, change: SimulatedChange): void {
  const { found } = world
  if (change.kind === 'fill') {
    found.fills.push({ ...change.fill, venue })
    send(world, { kind: 'fill', venue, fill: change.fill })
  } else if (change.kind === 'order') {
    if (change.order.state !== 'open') found.orders.push({ ...change.order, venue })
    send(world, { kind: 'order', venue, order: change.order })
  } else {
    const { asset, available, held } = change
    send(world, { kind: 'balances', venue, balances: [{ asset, available, held }] })
  }
}

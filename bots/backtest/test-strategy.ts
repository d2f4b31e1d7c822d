// testStrategy: a strategy over bars in a unit test, in milliseconds.
//
// Orders are matched by the real engine in private simulated exchanges. What a handler decides at
// the close of a bar leaves with its market's next open and is filled there; nothing sees a price
// before its time. The bars an indicator needs to be warm are history: pass them as `history`, or
// the first of `bars` are used for it. Of several markets those that close together are walked one
// after the other, and then told one after the other. A timer runs at most once a bar.

import type { Bar, Instrument } from '#connectors/venue.ts'
import type { Strategy } from '../strategy.ts'
import { performWaiting } from './test-acts.ts'
import {
  type Balances,
  exchangeOf,
  openWorld,
  type Plot,
  type Stage,
  send,
  type TestMarket,
  tellChanges,
  type World,
} from './test-world.ts'

export type TestOptions = TestMarket & {
  readonly params?: Readonly<Record<string, unknown>>
  /** 'internal:ETH-USDC' unless the strategy's first market parameter says another one. */
  readonly market?: string
  /** Markets beside it, by 'venue:SYMBOL': of the same venue or of others, of any interval. */
  readonly also?: Readonly<Record<string, TestMarket>>
  /** By asset; 100,000 of each quote asset when nothing is said. The same at every venue. */
  readonly balances?: Balances
  /** By venue, where a venue begins with others. */
  readonly balancesAt?: Readonly<Record<string, Balances>>
  /** What a run before has saved: the `saved` of its result. */
  readonly saved?: object
}

export type TestResult = Omit<World['found'], 'plots'> & {
  readonly plots: readonly Plot[]
  /** The strategy's own state at the end. */
  readonly state: Readonly<Record<string, unknown>>
  readonly saved: object | undefined
  /** Bars of the first market that were history. */
  readonly warmBars: number
  /** Of all venues together, and of each. */
  readonly balances: Readonly<Record<string, number>>
  readonly balancesAt: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** In the quote asset of the first market, at the last closes. */
  readonly equity: number
}

const QUOTE_START = '100000'
const MARKET = 'internal:ETH-USDC'

/** Throws when parameters do not fit, or when there are too few bars to be warm. */
export function testStrategy(strategy: Strategy, options: TestOptions): TestResult {
  const { balances, balancesAt = {}, also = {}, params = {}, saved } = options
  const world = openWorld(strategy, {
    markets: { [marketOf(strategy, options)]: options, ...also },
    balances: (venue, quotes) =>
      balancesAt[venue] ?? balances ?? Object.fromEntries(quotes.map((of) => [of, QUOTE_START])),
    ...{ params, saved },
  })
  const played = warmUp(world)
  for (const moment of momentsOf(played)) play(world, moment)
  return resultOf(world, played)
}

function marketOf({ params: table }: Strategy, { market, params = {} }: TestOptions): string {
  if (market !== undefined) return market
  const [name, param] = Object.entries(table).find(([, { kind }]) => kind === 'market') ?? []
  const said = name === undefined ? undefined : (params[name] ?? param?.initial)
  return typeof said === 'string' ? said : MARKET
}

type Played = {
  readonly stage: Stage
  /** Bars of the test that were history. */
  readonly warmBars: number
  readonly bars: readonly Bar[]
}

/** Tells the history; answers what is left to be played once every market is warm. */
function warmUp(world: World): readonly Played[] {
  const asked = world.waiting.flatMap((action) => (action.kind === 'history' ? [action] : []))
  const pasts = world.stages.map((stage) => {
    const { venue, symbol, bars, history, lengthUs } = stage
    const mine = asked.filter((one) => one.venue === venue && one.symbol === symbol)
    const needed = Math.max(
      0,
      ...mine.map((one) => Math.ceil((one.count * one.lengthUs) / lengthUs)),
    )
    if (history === undefined && needed > 0 && bars.length <= needed) {
      throw new RangeError(`${needed} bars are history here, and there are ${bars.length}`)
    }
    const past = history ?? bars.slice(0, needed)
    const last = past.at(-1)
    return { stage, needed, past, endsAt: last === undefined ? 0 : last.openAt + lengthUs }
  })
  const startAt = Math.max(...pasts.map(({ endsAt }) => endsAt))
  world.now = Math.max(world.now, startAt)
  tellBalances(world)
  const played = pasts.map(
    ({ stage, needed, past }): Played & { readonly past: readonly Bar[] } => {
      const { bars, history, lengthUs } = stage
      const isOver = ({ openAt }: Bar) => openAt + lengthUs <= startAt
      const more = bars.slice(history === undefined ? needed : 0).filter(isOver)
      const before = (history === undefined ? needed : 0) + more.length
      const warmBars = history === undefined ? before : needed
      return { stage, warmBars, past: [...past, ...more], bars: bars.slice(before) }
    },
  )
  for (const { venue, symbol, lengthUs: wantedUs } of asked) {
    const mine = played.find(({ stage }) => stage.venue === venue && stage.symbol === symbol)
    if (mine === undefined) continue
    const history = { lengthUs: mine.stage.lengthUs, bars: mine.past }
    send(world, { kind: 'history', venue, symbol, wantedUs, history })
  }
  for (const { stage, past } of played) {
    const last = past.at(-1)
    if (last !== undefined) exchangeOf(world, stage.venue).jumpTo(stage.symbol, last.close)
  }
  send(world, { kind: 'ready' })
  return played
}

function tellBalances(world: World): void {
  for (const [venue, exchange] of world.exchanges) {
    const balances = [...exchange.balances()].map(([asset, balance]) => ({ asset, ...balance }))
    send(world, { kind: 'balances', venue, balances })
  }
}

type OfBar = { readonly stage: Stage; readonly bar: Bar }
type Moment = { readonly at: number; readonly ends: OfBar[]; readonly opens: OfBar[] }

function momentsOf(played: readonly Played[]): Moment[] {
  const moments = new Map<number, Moment>()
  const momentAt = (at: number): Moment => {
    const moment = moments.get(at) ?? { at, ends: [], opens: [] }
    moments.set(at, moment)
    return moment
  }
  for (const { stage, bars } of played) {
    for (const bar of bars) {
      momentAt(bar.openAt).opens.push({ stage, bar })
      momentAt(bar.openAt + stage.lengthUs).ends.push({ stage, bar })
    }
  }
  return [...moments.values()].sort((a, b) => a.at - b.at)
}

function play(world: World, { at, ends, opens }: Moment): void {
  for (const { stage, bar } of ends) {
    for (const price of pathOf(bar)) reachPrice(world, stage, price)
  }
  world.now = Math.max(world.now, at)
  for (const exchange of world.exchanges.values()) exchange.passTo(world.now)
  if (ends.length > 0) close(world, ends)
  for (const { stage, bar } of opens) {
    exchangeOf(world, stage.venue).jumpTo(stage.symbol, bar.open)
    settle(world, stage)
  }
  const opened = opens.map(({ stage }) => stage)
  if (opened.length > 0) performWaiting(world, opened)
}

/** The nearer end first when the bar closes on the other side: as often right as a rule can be. */
function pathOf({ open: first, high, low, close: last }: Bar): number[] {
  return last >= first ? [low, high, last] : [high, low, last]
}

/** What happens on the way is told at once, and what the strategy does about it is done at once. */
function reachPrice(world: World, stage: Stage, price: number): void {
  exchangeOf(world, stage.venue).moveTo(stage.symbol, price)
  settle(world, stage)
}

function settle(world: World, stage: Stage): void {
  if (tellChanges(world)) performWaiting(world, [stage])
}

function close(world: World, ends: readonly OfBar[]): void {
  for (const { stage, bar } of ends) {
    const { venue, symbol, interval } = stage
    send(world, { kind: 'update', venue, update: { kind: 'bar', symbol, interval, bar } })
    if (stage.instrument.kind !== 'reference') continue
    const price = { kind: 'price', symbol, price: String(bar.close), at: world.now } as const
    send(world, { kind: 'update', venue, update: price })
  }
  for (const timer of world.timers) {
    if (world.now < timer.dueAt) continue
    timer.dueAt = world.now + timer.everyUs
    send(world, { kind: 'timer', timer: timer.timer })
  }
  tellChanges(world)
}

function resultOf(world: World, played: readonly Played[]): TestResult {
  const { found, saved, exchanges, stages } = world
  const balancesAt = Object.fromEntries(
    [...exchanges].map(([venue, exchange]) => {
      const coins = [...exchange.balances()].map(([asset, { available, held }]) => {
        return [asset, Number(available) + Number(held)] as const
      })
      return [venue, Object.fromEntries(coins)]
    }),
  )
  const balances: Record<string, number> = {}
  for (const coins of Object.values(balancesAt)) {
    for (const [asset, amount] of Object.entries(coins)) {
      balances[asset] = (balances[asset] ?? 0) + amount
    }
  }
  const equity = Object.entries(balances).reduce((sum, [asset, amount]) => {
    return sum + amount * worthOf(stages, asset)
  }, 0)
  const { state = {} } = { ...saved } as { state?: TestResult['state'] } // The host's record.
  const warmBars = played[0]?.warmBars ?? 0
  return { ...found, state, saved, warmBars, balances, balancesAt, equity }
}

/** In the quote asset of the first market; 0 when no market of the test says. */
function worthOf(stages: readonly Stage[], asset: string): number {
  const { quote }: Partial<Instrument> = stages[0]?.instrument ?? {}
  if (asset === quote) return 1
  const market = stages.find(({ instrument }) => {
    return instrument.base === asset && instrument.quote === quote
  })
  return market?.bars.at(-1)?.close ?? 0
}

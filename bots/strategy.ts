// The API a strategy author sees: a definition, and the context its handlers live in.
//
// Handlers are synchronous and run one at a time; whatever takes time is an executor that looks
// after itself. Time and chance come from the context, so the same events give the same actions.
// `ctx.state` is plain data and is saved together with the number of the last event handled.

import type { Bar as VenueBar, Fill as VenueFill, Order as VenueOrder } from '#connectors/venue.ts'
import type * as bars from './bars/bars.ts'
import type { ArbitrageLegs } from './executors/arbitrage.ts'
import type * as series from './indicators/series.ts'
import type * as market from './market.ts'
import { type ParamsOf, type ParamTable, p as parameters, readParams } from './params.ts'
import * as quotes from './quotes.ts'
import type { Size } from './sizes.ts'

/** Kinds of parameters: p.market('internal:ETH-USDC'), p.int(2, 200, 12) ... */
export const p = parameters

/** Keeps resting orders at these prices and sizes, and no others. */
export const keepQuotes = quotes.keepQuotes

export type Bar = VenueBar
export type Bars = bars.Bars
export type Book = market.Book
export type ExecutorHandle = market.ExecutorHandle
export type Fill = VenueFill
export type Market = market.Market
export type NewOrder = market.NewOrder
export type Order = VenueOrder
export type OrderChange = market.OrderChange
export type Position = market.Position
export type WantedQuote = quotes.WantedQuote
export type Series = series.Series

export type Transfer = {
  readonly id: string
  /** Microseconds, of the first request. */
  readonly sentAt: number
  /** 'withdraw': from the platform to the bot's address on chain; 'deposit': back. */
  readonly way: 'withdraw' | 'deposit'
  readonly asset: string
  readonly amount: string
}

export type TransferResult = {
  readonly id: string
  readonly kind: 'done' | 'refused' | 'unknown'
  readonly code?: string
}

export type RunningExecutor = {
  readonly id: string
  readonly kind: string
  /** Its own, else its id. */
  readonly tag: string
  readonly filledBase: number
  readonly filledQuote: number
}

export type EndedExecutor = RunningExecutor & {
  /** 'done', 'dust', 'cancelled', 'stop', 'take-profit', 'time' ... or a code of the venue. */
  readonly outcome: string
}

export type Context<S extends object> = {
  readonly state: S
  /** Microseconds, the time of the event being handled. */
  now(): number
  /** In [0, 1); repeatable. */
  random(): number
  log(text: string): void
  /** 'internal:ETH-USDC'; events of it arrive from then on. */
  market(reference: string): Market
  every(ms: number, handler: () => void): void

  /** So much money, in quote coins. */
  quote(amount: number): Size
  /** A share of everything the bot has at the venue, at current prices. */
  equity(share: { readonly percent: number }): Size
  /** What loses so much per cent of equity when the price moves by `stop` quote coins. */
  risk(of: { readonly percent: number; readonly stop: number }): Size

  /** Both legs of one size; undefined when there is no edge now. */
  arbitrage(legs: ArbitrageLegs): ExecutorHandle | undefined
  executors(): readonly RunningExecutor[]
  onExecutorEnded(handler: (ended: EndedExecutor) => void): void

  /** History is there, orders of the run before are known: the strategy may act. */
  onStart(handler: () => void): void
  /** The bot is being stopped: for last words, not for new orders. */
  onStop(handler: () => void): void
  /** True between pause and resume: nothing new may begin. */
  isPaused(): boolean
  onPause(handler: () => void): void
  /** While something is half done, a stop waits a few seconds for it. */
  halfDone(is: boolean): void

  /** A chart of these series, a point at every close. */
  plot(chart: string, series: Readonly<Record<string, Series>>): void
  /** Something for people, with its time, in page and report. */
  note(text: string): void
  /** Figures for people and measurements; never decides anything. */
  report(figures: Readonly<Record<string, unknown>>): void

  /** Asked again with the same id it is the same transfer. */
  transfer(transfer: Transfer): void
  onTransfer(handler: (result: TransferResult) => void): void
  /** A unique id for a transfer. */
  newId(): string
}

export type Beginning = {
  readonly params: Readonly<Record<string, unknown>>
  /** The strategy's own state as saved, with its version; undefined at the first start. */
  readonly saved: { readonly version: number; readonly state: object } | undefined
  readonly context: <S extends object>(state: S) => Context<S>
}

export type Strategy = {
  readonly name: string
  readonly params: ParamTable
  /** Of the state. */
  readonly version: number
  /** Runs the set-up; answers the state object that handlers change. */
  begin(beginning: Beginning): object
}

export type Definition<P extends ParamTable, S extends object> = {
  readonly name: string
  readonly params: P
  /** The state at the first start: plain data. */
  readonly state: S
  /** Of the state's form, 1 when nothing is said: raise it when a saved state no longer fits. */
  readonly version?: number
  /** Makes a state of this version out of an older one; without it an older one is refused. */
  readonly migrate?: (old: object, version: number) => S
  readonly setup: (ctx: Context<S>, params: ParamsOf<P>) => void
}

/** A strategy; fields that a saved state lacks take their first value. */
export function defineStrategy<P extends ParamTable, S extends object>(
  definition: Definition<P, S>,
): Strategy {
  const { name, params, setup, version = 1 } = definition
  return {
    ...{ name, params, version },
    begin({ params: given, saved, context }) {
      const own = saved === undefined ? undefined : ofThisVersion(definition, saved)
      const state: S = Object.assign(structuredClone(definition.state), own)
      setup(context(state), readParams(params, given))
      return state
    },
  }
}

type Saved = NonNullable<Beginning['saved']>

/** Throws for a state that this strategy cannot read: it is never thrown away. */
function ofThisVersion<P extends ParamTable, S extends object>(
  { name, version = 1, migrate }: Definition<P, S>,
  saved: Saved,
): object {
  if (saved.version === version) return saved.state
  if (saved.version > version) {
    throw new Error(`${name} has a state of version ${saved.version}, newer than ${version}`)
  }
  if (migrate === undefined) {
    throw new Error(`${name} has a state of version ${saved.version} and no migrate to ${version}`)
  }
  return migrate(saved.state, saved.version)
}

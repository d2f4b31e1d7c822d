// Bot run: what the runner of one bot is given, and what it keeps while the bot runs.
//
// What must survive the runner is in the store; of the rest, everything is found again at the
// venues or is told anew.

import type { Instrument } from '#connectors/venue.ts'
import type { Chart } from '#kernel/plots.ts'
import type { Accounting } from './accounting.ts'
import type { BotFills } from './bot-fills.ts'
import type { BotVenue, Treasury } from './bot-venue.ts'
import type { StrategyEvent } from './channel.ts'
import type { DeadMan } from './dead-man.ts'
import type { EventQueue } from './event-queue.ts'
import type { BotSettings, BotState } from './messages.ts'
import type { OrderTracker } from './order-tracker.ts'
import type { RiskGate, RiskLimits } from './risk-gate.ts'
import type { HaltCode, LossLimits, RiskWatch } from './risk-watch.ts'
import type { StateStore } from './state-store.ts'
import type { StartStrategyChild, StrategyChild } from './strategy-child.ts'

export type BotRunnerDeps = {
  readonly settings: Pick<BotSettings, 'id' | 'strategy' | 'params' | 'state' | 'paper'>
  readonly venues: readonly BotVenue[]
  readonly treasury: Treasury | undefined
  readonly store: StateStore
  readonly limits: RiskLimits & LossLimits
  /** In USDC; undefined while nobody knows. */
  readonly priceOf: (asset: string) => number | undefined
  readonly startChild: StartStrategyChild
  readonly onReport: (figures: Readonly<Record<string, unknown>>) => void
  readonly onPlot?: (plot: Chart) => void
  readonly onNote?: (text: string) => void
  readonly log: (text: string) => void
  /** Microseconds. */
  readonly now: () => number
  /** Of timers of the strategy; answers how to end it. By the system's clock unless given. */
  readonly every?: (ms: number, tick: () => void) => () => void
  /** Told once for each halt. */
  readonly onHalt?: (code: HaltCode) => void
}

export type BotRun = BotRunnerDeps & {
  readonly accounting: Accounting
  readonly tracker: OrderTracker
  readonly fills: BotFills
  readonly gate: RiskGate
  readonly watch: RiskWatch
  /** When a venue last told something of a market, in microseconds, by symbol and venue. */
  readonly heardAt: Map<string, Map<string, number>>
  readonly queue: EventQueue
  readonly instruments: Map<string, readonly Instrument[]>
  readonly ends: (() => void)[]
  /** Begins every id of this bot, over all its starts. */
  readonly idPrefix: string
  /** Microseconds of its first start. */
  readonly since: number
  deadMan: DeadMan | undefined
  state: BotState
  child: StrategyChild | undefined
  /** Of the last event sent, and whether its answer is still to come. */
  no: number
  isBusy: boolean
  /** The event that is out. */
  current: StrategyEvent | undefined
  /** Every history that was asked for is told; until then everything else is held. */
  isLoaded: boolean
  /** The answer to come is that of the set-up. */
  isStarting: boolean
  /** Everything that the set-up asked for was told. */
  isReady: boolean
  /** By the strategy's own word. */
  isHalfDone: boolean
  strategyState: object | undefined
  lastAction: string
  /** When the strategy crashed lately, and how often in all. */
  crashes: number[]
  crashCount: number
  /** Orders that closed positions of a bot that was halted. */
  flattened: number
}

// Context: what a strategy's handlers are given, over the desk and its executors.
//
// Everything it offers becomes an action of the event that is being handled; nothing here acts by
// itself, waits, or knows a clock of its own.

import { equity, quote, risk } from '../sizes.ts'
import type { Context, TransferResult } from '../strategy.ts'
import type { Charts } from './charts.ts'
import { type Desk, type Executors, nextId, say } from './desk.ts'
import { createMarketView } from './market-view.ts'

export type Hearing = {
  readonly timers: (() => void)[]
  readonly pause: (() => void)[]
  readonly start: (() => void)[]
  readonly stop: (() => void)[]
  readonly transfer: ((result: TransferResult) => void)[]
  readonly charts: Charts
}

export type ContextDeps = {
  readonly desk: Desk
  readonly executors: Executors
  readonly hearing: Hearing
}

const TEXT_MAX = 1_000

export function contextOf<S extends object>(state: S, deps: ContextDeps): Context<S> {
  const { desk, executors, hearing } = deps
  const { turn } = desk
  return {
    state,
    now: () => turn.now,
    random: () => turn.uniform(),
    log: (text) => say(desk, { kind: 'log', text: cut(text) }),
    market: (reference) => marketOf(deps, reference),
    every(ms, handler) {
      hearing.timers.push(handler)
      say(desk, { kind: 'timer', timer: hearing.timers.length - 1, everyMs: ms })
    },
    ...{ quote, equity, risk },
    arbitrage: (legs) => executors.arbitrage(legs),
    executors: () => executors.running(),
    onExecutorEnded: (handler) => executors.onEnded(handler),
    onStart: (handler) => void hearing.start.push(handler),
    onStop: (handler) => void hearing.stop.push(handler),
    isPaused: () => turn.isPaused,
    onPause: (handler) => void hearing.pause.push(handler),
    halfDone: (is) => say(desk, { kind: 'halfDone', is }),
    plot: (chart, series, options) => hearing.charts.add(chart, series, options),
    note: (text) => say(desk, { kind: 'note', text: cut(text) }),
    report: (figures) => say(desk, { kind: 'report', figures }),
    transfer: (transfer) => say(desk, { kind: 'transfer', transfer }),
    onTransfer: (handler) => void hearing.transfer.push(handler),
    newId: () => nextId(desk),
  }
}

function marketOf({ desk, executors }: ContextDeps, reference: string) {
  const known = desk.views.get(reference)
  if (known !== undefined) return known.market
  const made = createMarketView(desk, executors, reference)
  desk.views.set(reference, made)
  say(desk, { kind: 'subscribe', venue: made.market.venue, symbol: made.market.symbol })
  return made.market
}

function cut(text: string): string {
  return text.slice(0, TEXT_MAX) || '-'
}

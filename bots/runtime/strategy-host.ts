// Strategy host: runs a strategy's handlers over the runner's events.
//
// A function of the start message and the events: no clock, no chance, no input or output of its
// own. Each event is answered with the actions its handlers asked for, in their order, and with the
// state when it changed. A handler that throws ends the process: half an event is never answered.

import { createUniform } from '../random.ts'
import type { Context, Strategy, TransferResult } from '../strategy.ts'
import type { Action, EventMessage, Handled, Start, StrategyEvent } from './channel.ts'
import { createMarketView, type MarketView } from './market-view.ts'
import { nextId, type Turn } from './strategy-turn.ts'

export type StrategyHost = {
  /** The answer to the start message: what the set-up asked for. */
  readonly started: Handled
  handle(message: EventMessage): Handled
}

type Handlers = {
  readonly timers: (() => void)[]
  readonly pause: (() => void)[]
  readonly transfer: ((result: TransferResult) => void)[]
}

/** Begins a strategy; throws when its parameters do not fit. */
export function createStrategyHost(strategy: Strategy, start: Start): StrategyHost {
  const turn: Turn = {
    ...{ now: start.at, actions: [], ids: 0, isPaused: false },
    uniform: createUniform(start.seed + start.no),
  }
  const views = new Map<string, MarketView>()
  const balances = new Map<string, Map<string, number>>()
  const handlers: Handlers = { timers: [], pause: [], transfer: [] }
  const context = <S extends object>(state: S): Context<S> =>
    contextOf({ state, start, turn, views, balances, handlers })
  const state = strategy.begin({ params: start.params, saved: start.saved, context })
  let before = start.saved === undefined ? '' : JSON.stringify(start.saved)

  function answer(no: number): Handled {
    const { actions } = turn
    turn.actions = []
    const text = JSON.stringify(state)
    const isSame = text === before
    before = text
    return { kind: 'handled', no, actions, ...(isSame ? {} : { state }) }
  }

  return {
    started: answer(start.no),
    handle({ no, at, event }) {
      turn.now = at
      turn.uniform = createUniform(start.seed + no)
      dispatch(event, { turn, views, balances, handlers })
      return answer(no)
    },
  }
}

type Inside = {
  readonly turn: Turn
  readonly views: Map<string, MarketView>
  readonly balances: Map<string, Map<string, number>>
  readonly handlers: Handlers
}

function dispatch(event: StrategyEvent, inside: Inside): void {
  const { turn, views, balances, handlers } = inside
  switch (event.kind) {
    case 'update':
      views.get(`${event.venue}:${event.update.symbol}`)?.update(event.update)
      break
    case 'order':
      views.get(`${event.venue}:${event.order.symbol}`)?.order(event.order)
      break
    case 'fill':
      views.get(`${event.venue}:${event.fill.symbol}`)?.fill(event.fill)
      break
    case 'balances':
      for (const { asset, available, held } of event.balances) {
        const known = balances.get(event.venue) ?? new Map<string, number>()
        balances.set(event.venue, known.set(asset, Number(available) + Number(held)))
      }
      break
    case 'timer':
      handlers.timers[event.timer]?.()
      break
    case 'transfer':
      for (const handler of handlers.transfer) handler(event.result)
      break
    default:
      turn.isPaused = event.kind === 'pause'
      if (turn.isPaused) for (const handler of handlers.pause) handler()
  }
}

function contextOf<S extends object>(
  deps: Inside & { readonly state: S; readonly start: Start },
): Context<S> {
  const { state, start, turn, views, balances, handlers } = deps
  const say = (action: Action) => void turn.actions.push(action)
  return {
    state,
    now: () => turn.now,
    random: () => turn.uniform(),
    log: (text) => say({ kind: 'log', text: text.slice(0, 1_000) || '-' }),
    market(reference) {
      const known = views.get(reference)
      if (known !== undefined) return known.market
      const made = createMarketView({ reference, start, turn, balances })
      views.set(reference, made)
      say({ kind: 'subscribe', venue: made.market.venue, symbol: made.market.symbol })
      return made.market
    },
    every(ms, handler) {
      handlers.timers.push(handler)
      say({ kind: 'timer', timer: handlers.timers.length - 1, everyMs: ms })
    },
    isPaused: () => turn.isPaused,
    halfDone: (is) => say({ kind: 'halfDone', is }),
    onPause: (handler) => void handlers.pause.push(handler),
    transfer: (transfer) => say({ kind: 'transfer', transfer }),
    onTransfer: (handler) => void handlers.transfer.push(handler),
    newId: () => nextId(start, turn),
    report: (figures) => say({ kind: 'report', figures }),
  }
}

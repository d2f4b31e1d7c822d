// A bench for strategies: events in, actions out, through the same messages as in a process.
//
// No network, no clock, no process: everything goes through JSON as it would through the channel.

import assert from 'node:assert/strict'
import type { Action, Handled, Start, StrategyEvent } from '#bots/runtime/channel.ts'
import { readHandled } from '#bots/runtime/channel.ts'
import { createStrategyHost } from '#bots/runtime/strategy-host.ts'
import type { Strategy } from '#bots/strategy.ts'
import type { Instrument, MarketUpdate, Order, OrderRequest } from '#connectors/venue.ts'

export type Place = Extract<Action, { kind: 'place' }>

export type Bench = {
  /** What the set-up asked for. */
  readonly started: readonly Action[]
  send(event: StrategyEvent): readonly Action[]
  update(venue: string, update: MarketUpdate): readonly Action[]
  /** The venue's word on an order the strategy placed. */
  settle(place: Place, word: Partial<Order>): readonly Action[]
  /** The strategy's own, as it would be saved. */
  state(): unknown
  /** The whole record that a runner would give to the next run. */
  saved(): object
  /** Moves the time of the next events. */
  passMs(ms: number): void
}

export type BenchOptions = {
  readonly params: Readonly<Record<string, unknown>>
  readonly saved?: object
  readonly run?: string
}

const FEES = { takerFee: '0.0005', makerFee: '0.0002' }
export const BOOK: readonly Instrument[] = [
  {
    ...{ symbol: 'BTC-USDC', base: 'BTC', quote: 'USDC', kind: 'order-book', ...FEES },
    ...{ tick: '0.1', lot: '0.00001' },
  },
  {
    ...{ symbol: 'ETH-USDC', base: 'ETH', quote: 'USDC', kind: 'order-book', ...FEES },
    ...{ tick: '0.01', lot: '0.0001' },
  },
]
const TICK = '0.000000000000000001'
const POOLS = BOOK.map((one): Instrument => {
  const decimals = one.base === 'BTC' ? 8 : 18
  return { ...one, kind: 'pool', tick: TICK, lot: `0.${'0'.repeat(decimals - 1)}1` }
})
const V3 = POOLS.map((one): Instrument => {
  return { ...one, symbol: `${one.symbol}-500` }
})
const ALL_POOLS = POOLS.map((one): Instrument => ({ ...one, takerFee: '0', makerFee: '0' }))
const REFERENCE = BOOK.map((one): Instrument => ({ ...one, kind: 'reference' }))

export function createBench(strategy: Strategy, options: BenchOptions): Bench {
  const { params, saved, run = 'run' } = options
  const start: Start = {
    ...{ kind: 'start', strategy: strategy.name, params, saved },
    venues: [
      { venue: 'internal', instruments: BOOK },
      { venue: 'uniswap-v2', instruments: POOLS },
      { venue: 'uniswap-v3', instruments: V3 },
      { venue: 'uniswap', instruments: ALL_POOLS },
      { venue: 'reference', instruments: REFERENCE },
    ],
    ...{ idPrefix: `${run}-`, seed: 1, no: 0, at: 1_000_000 },
  }
  const host = createStrategyHost(strategy, start)
  let state: unknown = saved
  let [no, at] = [0, 1_000_000]

  /** Through JSON and the runner's own check. */
  function taken(handled: Handled): readonly Action[] {
    const answer = readHandled(JSON.parse(JSON.stringify(handled)))
    assert.ok(answer !== undefined, `the runner would refuse ${JSON.stringify(handled)}`)
    if (answer.state !== undefined) state = structuredClone(answer.state)
    return answer.actions
  }

  function send(event: StrategyEvent): readonly Action[] {
    no += 1
    at += 1_000
    return taken(host.handle({ kind: 'event', no, at, event: JSON.parse(JSON.stringify(event)) }))
  }

  return {
    started: taken(host.started),
    send,
    update: (venue, update) => send({ kind: 'update', venue, update }),
    settle: ({ venue, request }, word) =>
      send({ kind: 'order', venue, order: { ...orderOf(request), ...word } }),
    state: () => Object(state).state,
    saved: () => Object(state),
    passMs(ms) {
      at += ms * 1_000
    },
  }
}

export function orderOf({ clientOrderId, symbol, side }: OrderRequest): Order {
  const nothing = { venueOrderId: '1', filledBase: '0', filledQuote: '0' }
  return { clientOrderId, symbol, side, state: 'open', ...nothing }
}

export function placed(actions: readonly Action[]): Place[] {
  return actions.filter((action) => action.kind === 'place')
}

/** The figures of the only report among the actions. */
export function reported(actions: readonly Action[]): Readonly<Record<string, unknown>> {
  const reports = actions.filter((action) => action.kind === 'report')
  assert.equal(reports.length, 1, 'one report')
  return reports[0]?.figures ?? {}
}

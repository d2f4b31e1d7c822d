// Charts of a strategy: what may be declared, what is told at a close, and the past at a start.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHandled } from '#bots/runtime/channel.ts'
import { createStrategyHost } from '#bots/runtime/strategy-host.ts'
import { type Bars, type Context, defineStrategy } from '#bots/strategy.ts'
import type { Bar } from '#connectors/venue.ts'
import { CHARTS_MAX, type Chart, isChart, SERIES_MAX } from '#kernel/plots.ts'
import { START } from './start-message.ts'

const MINUTE_US = 60_000_000
const BEGIN = 1_000 * MINUTE_US
const MARKET = { venue: 'internal', symbol: 'BTC-USDC' }
const REFERENCE = 'internal:BTC-USDC'

type SetUp = (ctx: Context<object>, bars: Bars) => void

function hostOf(setUp: SetUp) {
  const strategy = defineStrategy({
    ...{ name: 'plots', params: {}, state: {} },
    setup: (ctx) => setUp(ctx, ctx.market(REFERENCE).bars('1m')),
  })
  const host = createStrategyHost(strategy, { ...START, params: {}, at: BEGIN })
  const state = { no: START.no, at: BEGIN }
  /** What is plotted when the event is told. */
  return (event: Parameters<typeof host.handle>[0]['event'], at = state.at): readonly Chart[] => {
    state.no += 1
    state.at = at
    const { actions } = host.handle({ kind: 'event', no: state.no, at, event })
    return actions.flatMap((action) => (action.kind === 'plot' ? [action.plot] : []))
  }
}

function barsOf(count: number, price = (at: number) => 100 + at): Bar[] {
  return Array.from({ length: count }, (_, index) => {
    const close = price(index)
    const flat = { open: close, high: close, low: close, close, volume: 1 }
    return { ...flat, openAt: BEGIN + index * MINUTE_US }
  })
}

const historyOf = (bars: readonly Bar[], wantedUs = MINUTE_US) => {
  const history = { lengthUs: MINUTE_US, bars }
  return { kind: 'history' as const, ...MARKET, wantedUs, history }
}

const barEvent = (bar: Bar) => {
  const update = { kind: 'bar' as const, symbol: MARKET.symbol, interval: '1m', bar }
  return { kind: 'update' as const, venue: MARKET.venue, update }
}

test('a start tells the past as a whole, and each close one point with the time of its bar', () => {
  const tell = hostOf((ctx, bars) => {
    ctx.plot('mean', { two: bars.sma(2), close: bars.close }, { over: ctx.market(REFERENCE) })
  })
  const bars = barsOf(6)
  assert.deepEqual(tell(historyOf(bars.slice(0, 5))), [], 'nothing before everything is there')
  const end = BEGIN + 5 * MINUTE_US
  const [past = assert.fail()] = tell({ kind: 'ready' }, end)
  assert.ok(isChart(past))
  assert.deepEqual([past.chart, past.over], ['mean', REFERENCE])
  assert.deepEqual(
    past.at,
    bars.slice(1, 5).map((bar) => bar.openAt),
  )
  assert.deepEqual(past.series, [
    { name: 'two', values: [100.5, 101.5, 102.5, 103.5] },
    { name: 'close', values: [101, 102, 103, 104] },
  ])
  assert.deepEqual(tell({ kind: 'timer', timer: 0 }), [], 'nothing between the closes')
  const [last = assert.fail()] = bars.slice(-1)
  const [point = assert.fail()] = tell(barEvent(last), end + MINUTE_US)
  assert.deepEqual([point.at, point.series[0]?.values], [[last.openAt], [104.5]])
})

test('where there is no history the past begins when everything is warm', () => {
  const tell = hostOf((ctx, bars) => ctx.plot('mean', { two: bars.sma(2) }))
  assert.deepEqual(tell({ kind: 'ready' }), [])
  const told = barsOf(4).map((bar) => tell(barEvent(bar), bar.openAt + MINUTE_US))
  const points = told.map(([one]) => one?.at.length ?? 0)
  assert.deepEqual(points.slice(0, 2), [0, 0])
  assert.ok(points.some((count) => count > 0))
  assert.equal(told.flat()[0]?.over, null)
})

test('series of several lengths have one point for each close of one of them', () => {
  const tell = hostOf((ctx, bars) => {
    const long = ctx.market(REFERENCE).bars('2m')
    ctx.plot('both', { short: bars.close, long: long.close })
  })
  const bars = barsOf(8)
  tell(historyOf(bars.slice(0, 4)))
  tell(historyOf(bars.slice(0, 4), 2 * MINUTE_US))
  assert.deepEqual(tell({ kind: 'ready' }, BEGIN + 4 * MINUTE_US), [], 'no past of both')
  const told = bars.slice(4).flatMap((bar) => tell(barEvent(bar), bar.openAt + MINUTE_US))
  assert.deepEqual(
    told.map(({ at }) => at[0]),
    bars.slice(4).map((bar) => bar.openAt),
  )
  assert.deepEqual(
    told.at(-1)?.series.map(({ values }) => values[0]),
    [107, 107],
  )
})

test('8 charts and 16 series are set up, and what is one more is thrown', () => {
  const charts = (count: number) => () =>
    hostOf((ctx, { close }) => {
      for (let no = 0; no < count; no += 1) ctx.plot(`chart ${no}`, { close })
    })
  for (const count of [CHARTS_MAX - 1, CHARTS_MAX]) assert.doesNotThrow(charts(count))
  assert.throws(charts(CHARTS_MAX + 1), /chart 8 is more than 8 charts/)
  const series = (count: number) => () =>
    hostOf((ctx, { close }) => {
      const names = Array.from({ length: count - 1 }, (_, no) => [`s${no}`, close])
      ctx.plot('one', { close })
      ctx.plot('rest', Object.fromEntries(names))
    })
  for (const count of [SERIES_MAX - 1, SERIES_MAX]) assert.doesNotThrow(series(count))
  assert.throws(series(SERIES_MAX + 1), /with rest there are more than 16 series/)
})

test('names that no place could show, no series and a name twice are thrown', () => {
  const plots = (set: SetUp) => () => hostOf(set)
  assert.throws(
    plots((ctx, { close }) => ctx.plot('<b>', { close })),
    /"<b>" is no name/,
  )
  assert.throws(
    plots((ctx, { close }) => ctx.plot('a', { '"': close })),
    /no name of a series/,
  )
  assert.throws(
    plots((ctx) => ctx.plot('a', {})),
    /a has no series/,
  )
  const twice = plots((ctx, { close }) => {
    ctx.plot('a', { close })
    ctx.plot('a', { close })
  })
  assert.throws(twice, /there is a chart a already/)
})

test('an answer with a chart that may not be kept is no answer', () => {
  const answer = (plot: unknown) =>
    readHandled({ kind: 'handled', no: 1, actions: [{ kind: 'plot', plot }] })
  const good = { chart: 'a', over: null, at: [1], series: [{ name: 'a', values: [1] }] }
  assert.ok(answer(good) !== undefined)
  const lines = [{ name: 'a', values: [Number.NaN] }]
  for (const bad of [null, 'a', [], { ...good, chart: '<script>' }, { ...good, series: lines }]) {
    assert.equal(answer(bad), undefined)
  }
})

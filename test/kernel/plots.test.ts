// Plots: what may be told, at each bound less one, at it and beyond it, and what is kept of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CHARTS_MAX,
  type Chart,
  isChart,
  isPlotName,
  POINTS_MAX,
  SERIES_MAX,
  withChart,
} from '#kernel/plots.ts'

function chart(more: Partial<Record<keyof Chart, unknown>> = {}): object {
  return { chart: 'trend', over: null, at: [1], series: [{ name: 'a', values: [1] }], ...more }
}

function told(name: string, at: readonly number[], values = at, series = ['a']): Chart {
  return { chart: name, over: null, at, series: series.map((one) => ({ name: one, values })) }
}

const count = (length: number) => Array.from({ length }, (_, index) => index)

test('a name has 1 to 32 letters, digits and plain signs', () => {
  for (const [length, is] of [
    [0, false],
    ...([1, 31, 32].map((one) => [one, true]) as [number, boolean][]),
    [33, false],
  ] as const) {
    assert.equal(isPlotName('é'.repeat(length)), is, `${length} characters`)
  }
  for (const good of ['EMA 12', 'Δ-hedge', '+DI/(14)', 'upper_2.5%']) assert.ok(isPlotName(good))
  for (const bad of ['<b>', 'a\nb', '\u202eabc', '$x', '"', "'", 'a;b', '\u0000', '😀', 7, null]) {
    assert.equal(isPlotName(bad), false, String(bad))
  }
})

test('a chart has 1 to 500 points and 1 to 16 series', () => {
  const points = (length: number) =>
    isChart(chart({ at: count(length), series: [{ name: 'a', values: count(length) }] }))
  const sizes = [0, 1, POINTS_MAX - 1, POINTS_MAX, POINTS_MAX + 1]
  assert.deepEqual(sizes.map(points), [false, true, true, true, false])
  const series = (length: number) =>
    isChart(chart({ series: count(length).map((no) => ({ name: `s${no}`, values: [no] })) }))
  const widths = [0, 1, SERIES_MAX - 1, SERIES_MAX, SERIES_MAX + 1]
  assert.deepEqual(widths.map(series), [false, true, true, true, false])
})

test('what is no chart is none: no number, no order in time, two series of one name', () => {
  const two = (a: object, b: object) => [
    { name: 'a', values: [1], ...a },
    { name: 'b', values: [1], ...b },
  ]
  for (const [what, more] of Object.entries({
    'NaN is no value': { series: [{ name: 'a', values: [Number.NaN] }] },
    'infinity is no value': { series: [{ name: 'a', values: [Number.POSITIVE_INFINITY] }] },
    'null is no value': { series: [{ name: 'a', values: [null] }] },
    'text is no value': { series: [{ name: 'a', values: ['1'] }] },
    'a value is missing': { at: [1, 2] },
    'times fall': { at: [2, 1], series: [{ name: 'a', values: [1, 2] }] },
    'a time is twice': { at: [1, 1], series: [{ name: 'a', values: [1, 2] }] },
    'a time is no whole number': { at: [1.5] },
    'a time is before 1970': { at: [-1] },
    'two series of one name': { series: two({}, { name: 'a' }) },
    'something hangs on it': { more: 'a' },
    'something hangs on a series': { series: [{ name: 'a', values: [1], more: 'a' }] },
    'a series is nothing': { series: [null] },
    'a name is no name': { chart: '<img>' },
    'a name of a series is none': { series: [{ name: '', values: [1] }] },
    'a market is none': { over: 'ETH' },
    'nothing said of a market': { over: undefined },
  })) {
    assert.equal(isChart(chart(more)), false, what)
  }
  assert.ok(isChart(chart({ series: two({}, {}), over: 'uniswap-v2:ETH-USDC' })))
})

test('of a chart the last 500 points are kept, and told again they are told once', () => {
  const all = count(POINTS_MAX + 1).reduce<readonly Chart[]>(
    (charts, at) => withChart(charts, told('a', [at])),
    [],
  )
  assert.deepEqual(all[0]?.at, count(POINTS_MAX + 1).slice(1))
  const again = withChart(all, told('a', [498, 499, 500], [7, 8, 9]))
  assert.equal(again[0]?.at.length, POINTS_MAX)
  assert.deepEqual(again[0]?.series[0]?.values.slice(-4), [497, 7, 8, 9])
})

test('a chart whose series or market change begins anew', () => {
  const before = [told('a', [1, 2])]
  assert.deepEqual(withChart(before, told('a', [3], [3], ['b']))[0]?.at, [3])
  assert.deepEqual(withChart(before, { ...told('a', [3]), over: 'internal:A-B' })[0]?.at, [3])
})

test('a bot keeps 8 charts and 16 series: what it began with first goes', () => {
  const names = (charts: readonly Chart[]) => charts.map((one) => one.chart)
  const of = (length: number) =>
    count(length).reduce<readonly Chart[]>((all, no) => withChart(all, told(`c${no}`, [1])), [])
  assert.equal(of(CHARTS_MAX - 1).length, CHARTS_MAX - 1)
  assert.equal(of(CHARTS_MAX)[0]?.chart, 'c0')
  assert.deepEqual([of(CHARTS_MAX + 1).length, of(CHARTS_MAX + 1)[0]?.chart], [CHARTS_MAX, 'c1'])
  const wide = (length: number) =>
    told(
      'wide',
      [1],
      [1],
      count(length).map((no) => `s${no}`),
    )
  const two = [told('a', [1]), told('b', [1])]
  assert.deepEqual(names(withChart(two, wide(SERIES_MAX - 2))), ['a', 'b', 'wide'])
  assert.deepEqual(names(withChart(two, wide(SERIES_MAX - 1))), ['b', 'wide'])
  assert.deepEqual(names(withChart(two, wide(SERIES_MAX))), ['wide'])
})

test('joining changes nothing that was handed out before', () => {
  const before = withChart([], told('a', [1]))
  withChart(before, told('a', [2]))
  assert.deepEqual(before, [told('a', [1])])
})

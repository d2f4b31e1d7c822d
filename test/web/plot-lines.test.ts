// Plot lines: looks that tell lines apart, whose prices they are, and a point a candle.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SERIES_MAX } from '#kernel/plots.ts'
import { linesOf, linesOver, plotText, pointsOf } from '../../platform/web/model/plot-lines.ts'

const MINUTE_US = 60_000_000

function chart(name: string, over: string | null, series: readonly string[], at = [1]) {
  return { chart: name, over, at, series: series.map((one) => ({ name: one, values: at })) }
}

test('as many lines as a bot may have are all different', () => {
  const names = Array.from({ length: SERIES_MAX }, (_, no) => `s${no}`)
  const lines = linesOf([chart('a', null, names.slice(0, 5)), chart('b', null, names.slice(5))])
  const looks = new Set(lines.flat().map(({ tone, dash }) => `${tone} ${dash}`))
  assert.equal(looks.size, SERIES_MAX)
})

test('over the candles of a market stand the charts that show its prices', () => {
  const charts = [
    chart('rsi', null, ['rsi']),
    chart('trend', 'internal:ETH-USDC', ['quick', 'calm']),
    chart('pool', 'uniswap-v2:ETH-USDC', ['mean']),
    chart('other', 'internal:BTC-USDC', ['mean']),
  ]
  const lines = linesOver(charts, 'ETH-USDC')
  assert.deepEqual(
    lines.map(({ chart: of, name, tone }) => [of, name, tone]),
    [
      ['trend', 'quick', 1],
      ['trend', 'calm', 2],
      ['pool', 'mean', 3],
    ],
  )
  assert.deepEqual([linesOver(charts, undefined), linesOver(charts, 'DOGE-USDC')], [[], []])
})

test('a candle has the last point that is in it, and where there is none there is no point', () => {
  const at = [0, 30, 60, 90, 240].map((seconds) => seconds * 1_000_000 + MINUTE_US)
  const [[line = assert.fail()] = assert.fail()] = linesOf([chart('a', null, ['a'], at)])
  const candles = new Set([60, 120, 180])
  assert.deepEqual(pointsOf(line, { width: 60, candles }), [
    [60, 90_000_000],
    [120, 150_000_000],
  ])
})

test('a value has the digits of its market, or six that count', () => {
  assert.deepEqual(
    [plotText(46_432.123, 1), plotText(70.123456789), plotText(-1_234_567.8), plotText(1e-9)],
    ['46,432.1', '70.1235', '-1,234,570', '1e-9'],
  )
  assert.deepEqual([plotText(undefined), plotText(0)], ['–', '0'])
})

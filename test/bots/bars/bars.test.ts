// Bars: indicators over them are up to date in order, and know how much history they need.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBars } from '#bots/bars/bars.ts'
import type { Bar } from '#connectors/venue.ts'

function barOf(close: number, at = 0): Bar {
  return { openAt: at * 60e6, open: close, high: close + 1, low: close - 1, close, volume: 2 }
}

test('a series of a series is brought up to date after it, on the same bar', () => {
  const { bars, take } = createBars('1m')
  const mean = bars.sma(2)
  const again = bars.sma(2, mean)
  for (const close of [1, 3, 5]) take(barOf(close))
  assert.equal(mean.value, 4)
  assert.equal(again.value, 3)
  assert.deepEqual([bars.close.value, bars.high.at(1), bars.at(2).close], [5, 4, 1])
})

test('everything that can be declared has values after its history', () => {
  const { bars, take, needs, isWarm } = createBars('1m')
  const channel = [bars.bollinger({ period: 20, deviations: 2 }), bars.donchian(20)]
  const keltner = bars.keltner({ period: 20, atr: 10, multiplier: 2 })
  const series = [
    ...[bars.sma(5), bars.ema(5), bars.wma(5), bars.rsi(5), bars.atr(5), bars.cci(5)],
    ...[bars.obv(), bars.vwap(5), bars.ema(5, bars.rsi(5)), bars.open, bars.low, bars.volume],
    ...Object.values(bars.macd({ fast: 3, slow: 6, signal: 3 })),
    ...Object.values(bars.stochastic({ period: 5, signal: 3 })),
    ...Object.values(bars.stochRsi({ rsi: 5, period: 5, k: 3, d: 3 })),
    ...Object.values(bars.adx(5)),
    ...[...channel, keltner].flatMap((one) => Object.values(one)),
  ]
  const count = needs()
  for (let at = 1; at < count; at += 1) take(barOf(100 + Math.sin(at), at))
  assert.equal(isWarm(), false)
  take(barOf(100, count))
  assert.equal(isWarm(), true)
  for (const one of series) assert.ok(Number.isFinite(one.value) && Number.isFinite(one.at(1)))
})

test('what an indicator of an indicator needs adds up', () => {
  const { bars, needs } = createBars('1m')
  const mean = bars.sma(10)
  assert.equal(needs(), 11, 'ten and the one before')
  bars.sma(10, mean)
  assert.equal(needs(), 20)
})

test('a series of other bars is refused', () => {
  const other = createBars('5m')
  assert.throws(() => createBars('1m').bars.sma(5, other.bars.close), /not one of the same bars/)
})

test('nothing can be declared once events come', () => {
  const { bars, seal } = createBars('1m')
  seal()
  assert.throws(() => bars.sma(5), /declared in setup/)
  assert.throws(() => bars.onClose(() => {}), /declared in setup/)
})

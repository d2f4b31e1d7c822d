// Golden values: TA-Lib over a real week of minutes (ta-lib.json), and Wilder's RSI as published.
//
// ta-lib.json holds what TA-Lib 0.8.1 says at every 720th minute. Its VWAP is
// SUM(typical x volume) / SUM(volume), its Keltner EMA + 2 ATR, its OBV less the first volume, with
// which TA-Lib begins.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { rsi } from '#bots/indicators/oscillators.ts'
import { type Numbers, realCandles, STUDIES } from './studies.ts'

type Golden = {
  readonly bars: readonly number[]
  readonly values: Readonly<Record<string, readonly number[]>>
}

const golden: Golden = JSON.parse(readFileSync(`${import.meta.dirname}/ta-lib.json`, 'utf8'))
const candles = realCandles()

/** Everything each study says, by bar. */
function saidBy(name: string): (Numbers | undefined)[] {
  const study = STUDIES[name]?.()
  return candles.map((candle) => study?.next(candle))
}

test('every indicator says what TA-Lib says, to a billionth', () => {
  const seen = new Set<string>()
  for (const study of Object.keys(STUDIES)) {
    const said = saidBy(study)
    for (const [name, expected] of Object.entries(golden.values)) {
      if (said.at(-1)?.[name] === undefined) continue
      seen.add(name)
      for (const [index, bar] of golden.bars.entries()) {
        const [ours, theirs] = [said[bar]?.[name] ?? Number.NaN, expected[index] ?? 0]
        const off = Math.abs(ours - theirs)
        assert.ok(off <= 1e-9 * Math.max(1, Math.abs(theirs)), `${name} ${bar}: ${ours} ${theirs}`)
      }
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(golden.values).sort())
})

// StockCharts' worked example of RSI: 14 days, closes and values as published.
const CLOSES = [
  ...[44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826],
  ...[45.8931, 46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439],
  ...[46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672],
  ...[43.4205, 42.6628, 43.1314],
]
const PUBLISHED = [
  ...[70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99],
  ...[41.46, 41.87, 45.46, 37.3, 33.08, 37.77],
]

test('RSI is the one of the published worked example', () => {
  const study = rsi(14)
  const said = CLOSES.map((close) => study.next(close)).filter((value) => value !== undefined)
  const rounded = said.map((value) => Math.round(value * 100) / 100)
  assert.deepEqual(rounded, PUBLISHED)
})

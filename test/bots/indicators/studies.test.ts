// What holds for every indicator: it settles when it says, it is never NaN, flat prices included.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CCI, RSI, SMA, StochasticRSI, VWAP } from 'technicalindicators'
import { ema, sma } from '#bots/indicators/averages.ts'
import { rsi, stochRsi } from '#bots/indicators/oscillators.ts'
import { bollinger, donchian } from '#bots/indicators/ranges.ts'
import { type Candle, PERIOD_MAX } from '#bots/indicators/study.ts'
import { createUniform } from '#bots/random.ts'
import { flatCandle, type Named, STUDIES } from './studies.ts'

/** A market that wanders by half a per cent a bar. */
function wander(count: number, seed = 1): Candle[] {
  const uniform = createUniform(seed)
  let close = 100
  return Array.from({ length: count }, () => {
    const open = close
    close *= 1 + (uniform() - 0.5) / 100
    const [top, bottom] = [Math.max(open, close), Math.min(open, close)]
    const high = top * (1 + uniform() / 500)
    return { open, high, low: bottom * (1 - uniform() / 500), close, volume: uniform() * 10 }
  })
}

function lastOf(study: Named, candles: readonly Candle[]) {
  return candles.map((candle) => study.next(candle)).at(-1)
}

for (const [name, create] of Object.entries(STUDIES)) {
  test(`${name} settles: after what it needs it is that of ten times the history`, () => {
    const { needs } = create()
    const history = wander(needs * 10, 7)
    const long = lastOf(create(), history)
    const short = lastOf(create(), history.slice(-needs))
    assert.ok(long !== undefined && short !== undefined, `${name} is warm after ${needs}`)
    if (name === 'obv') return // It counts from where it begins; only its changes mean something.
    for (const [field, value] of Object.entries(long)) {
      const off = Math.abs(value - (short[field] ?? 0))
      assert.ok(off <= 1e-9 * Math.max(1, Math.abs(value)), `${field}: ${off} after ${needs}`)
    }
  })

  test(`${name} is finite on any finite prices, also flat ones and ones without volume`, () => {
    const price = fc.oneof(fc.constant(5), fc.double({ min: 1e-6, max: 1e9, noNaN: true }))
    const bar = fc.tuple(price, price, fc.constantFrom(0, 1, 1e6))
    fc.assert(
      fc.property(fc.array(bar, { minLength: 60, maxLength: 120 }), (bars) => {
        const study = create()
        for (const [open, close, volume] of bars) {
          const [high, low] = [Math.max(open, close), Math.min(open, close)]
          const now = study.next({ open, high, low, close, volume })
          for (const value of Object.values(now ?? {})) assert.ok(Number.isFinite(value))
        }
      }),
      { numRuns: 50 },
    )
  })

  test(`${name} does not move when nothing moves`, () => {
    const study = create()
    const candles = Array.from({ length: study.needs + 50 }, () => flatCandle(5))
    const middle = /rsi|stoch/i.test(name) ? 50 : 5
    const expected = /macd|atr|adx|cci|obv/.test(name) ? 0 : middle
    const now = lastOf(study, candles) ?? {}
    const values = Object.values(now).map((value) => Math.round(value * 1e9) / 1e9)
    assert.deepEqual(new Set(values), new Set([expected]))
  })
}

test('an average over a window is the one summed anew, after any numbers', () => {
  const value = fc.double({ min: 0.01, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.array(value, { minLength: 80 }),
      (size, all) => {
        const [mean, bands, extremes] = [
          sma(size),
          bollinger({ period: size, deviations: 1 }),
          donchian(size),
        ]
        for (const [index, close] of all.entries()) {
          const window = all.slice(Math.max(0, index + 1 - size), index + 1)
          const [now, band] = [mean.next(close), bands.next(close)]
          const extreme = extremes.next(flatCandle(close))
          if (window.length < size) continue
          const exact = window.reduce((sum, one) => sum + one, 0) / size
          const spread = Math.sqrt(window.reduce((sum, one) => sum + (one - exact) ** 2, 0) / size)
          const near = 1e-9 * 1e6
          assert.ok(Math.abs((now ?? 0) - exact) <= near)
          assert.ok(Math.abs((band?.upper ?? 0) - exact - spread) <= 1e-5 * 1e6)
          assert.deepEqual(extreme?.upper, Math.max(...window))
          assert.deepEqual(extreme?.lower, Math.min(...window))
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('a huge price that has left the window leaves nothing behind', () => {
  const study = sma(5)
  for (const close of [1, 1, 1e15, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) study.next(close)
  assert.equal(study.next(1), 1)
  const band = bollinger({ period: 5, deviations: 2 })
  for (const close of [1, 1, 1e15, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) band.next(close)
  assert.deepEqual(band.next(1), { upper: 1, middle: 1, lower: 1 })
})

test('an exponential average that begins at 0 goes on from there', () => {
  const study = ema(3)
  assert.deepEqual(
    [0, 0, 0, 1, 1].map((value) => study.next(value)),
    [undefined, undefined, 0, 0.5, 0.75],
  )
})

test('an EMA of 26 is warm after 356 bars, one of 200 after 2,733', () => {
  assert.equal(ema(26).needs, 356)
  assert.equal(ema(200).needs, 2_733)
})

test('periods that are not whole, or out of bounds, are refused', () => {
  for (const period of [0, -1, 1.5, Number.NaN, PERIOD_MAX + 1]) {
    assert.throws(() => sma(period), RangeError)
    assert.throws(() => rsi(period), RangeError)
  }
  assert.equal(sma(1).next(3), 3)
  sma(PERIOD_MAX)
})

test('the defects of technicalindicators that made us write our own are still there', () => {
  const closes = wander(200).map(({ close }) => close)
  const ours = rsi(14)
  const exact = closes.map((close) => ours.next(close)).at(-1) ?? 0
  const rounded = RSI.calculate({ period: 14, values: closes }).at(-1) ?? 0
  assert.ok(rounded !== exact && Math.abs(rounded - exact) <= 0.005, 'RSI has two decimals')
  const periods = { rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 1, dPeriod: 1 }
  const theirs = new StochasticRSI({ ...periods, values: [] })
  const mine = stochRsi({ rsi: 14, period: 14, k: 1, d: 1 })
  const gentle = Array.from({ length: 200 }, (_, at) => 100 + Math.sin(at / 40) * 0.01 + at / 1e4)
  const off = gentle.map((close) => {
    // The declared input is that of the whole series; a step takes one number.
    const said = theirs.nextValue(close as unknown as Parameters<typeof theirs.nextValue>[0])
    return Math.abs((said?.stochRSI ?? 0) - (mine.next(close)?.k ?? 0))
  })
  assert.ok(Math.max(...off.slice(60)) > 5, `StochRSI is up to ${Math.max(...off.slice(60))} off`)
  const flat = { high: [5, 5, 5, 5], low: [5, 5, 5, 5], close: [5, 5, 5, 5] }
  assert.ok(Number.isNaN(CCI.calculate({ ...flat, period: 3 }).at(-1)), 'CCI is NaN when flat')
  const average = new SMA({ period: 2, values: [] })
  const poisoned = [1, Number.NaN, 1, 1, 1, 1].map((value) => average.nextValue(value)).at(-1)
  assert.ok(Number.isNaN(poisoned), 'one NaN poisons an SMA')
  assert.ok(Number.isNaN(VWAP.calculate({ ...flat, volume: [0, 0, 0, 0] }).at(-1)))
})

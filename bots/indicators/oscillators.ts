// Oscillators: RSI, stochastic, StochRSI, CCI and MACD, all in an exact form of our own.
//
// technicalindicators rounds RSI to two decimals, which puts StochRSI up to a tenth off, divides by
// zero in CCI on flat prices, calls a flat stochastic 0 (oversold), and loses a signal line of MACD
// that is 0. Here a market that does not move is in the middle: 50, and 0 for CCI and MACD.

import { ema, sma, wilder } from './averages.ts'
import { type Candle, checkPeriod, type Study, type Values } from './study.ts'
import { createHighest, createLowest, createWindow } from './window.ts'

const MIDDLE = 50

/** Wilder's relative strength index, 0 to 100. */
export function rsi(period: number): Study<number, number> {
  checkPeriod(period)
  const [gains, losses] = [wilder(period), wilder(period)]
  let before: number | undefined
  return {
    needs: gains.needs + 1,
    next(value) {
      const change = before === undefined ? undefined : value - before
      before = value
      if (change === undefined) return undefined
      const gain = gains.next(Math.max(0, change))
      const loss = losses.next(Math.max(0, -change))
      if (gain === undefined || loss === undefined) return undefined
      return gain + loss === 0 ? MIDDLE : (100 * gain) / (gain + loss)
    },
  }
}

export type StochasticPeriods = {
  readonly period: number
  /** Of the average that %D is. */
  readonly signal: number
}

/** Lane's stochastic, fast: %K of the last `period` bars, %D its simple average. */
export function stochastic({
  period,
  signal,
}: StochasticPeriods): Study<Pick<Candle, 'high' | 'low' | 'close'>, Values<'k' | 'd'>> {
  checkPeriod(period)
  const [highest, lowest, average] = [createHighest(period), createLowest(period), sma(signal)]
  let count = 0
  return {
    needs: period + signal - 1,
    next({ high, low, close }) {
      const [top, bottom] = [highest.push(high), lowest.push(low)]
      count += 1
      if (count < period) return undefined
      const k = top === bottom ? MIDDLE : (100 * (close - bottom)) / (top - bottom)
      const d = average.next(k)
      return d === undefined ? undefined : { k, d }
    },
  }
}

export type StochRsiPeriods = {
  readonly rsi: number
  readonly period: number
  readonly k: number
  readonly d: number
}

/** Where RSI stands in its own range of the last `period` bars, smoothed twice. */
export function stochRsi(periods: StochRsiPeriods): Study<number, Values<'k' | 'd'>> {
  const [index, signal] = [rsi(periods.rsi), sma(periods.d)]
  const position = stochastic({ period: periods.period, signal: periods.k })
  return {
    needs: index.needs + position.needs + signal.needs - 2,
    next(value) {
      const at = index.next(value)
      const now = at === undefined ? undefined : position.next({ high: at, low: at, close: at })
      const d = now === undefined ? undefined : signal.next(now.d)
      return now === undefined || d === undefined ? undefined : { k: now.d, d }
    },
  }
}

const LAMBERT = 0.015

/** Lambert's commodity channel index of the typical price. */
export function cci(period: number): Study<Candle, number> {
  checkPeriod(period)
  const window = createWindow(period)
  return {
    needs: period,
    next({ high, low, close }) {
      const typical = (high + low + close) / 3
      if (!window.push(typical)) return undefined
      const mean = window.mean()
      let off = 0
      for (let index = 0; index < period; index += 1) off += Math.abs(window.at(index) - mean)
      const deviation = off / period
      // What is left of a flat window by rounding is no movement.
      return deviation <= Math.abs(mean) * Number.EPSILON
        ? 0
        : (typical - mean) / (LAMBERT * deviation)
    },
  }
}

export type MacdPeriods = { readonly fast: number; readonly slow: number; readonly signal: number }

/** Appel's: the fast exponential average less the slow one, and the average of that. */
export function macd(periods: MacdPeriods): Study<number, Values<'macd' | 'signal' | 'histogram'>> {
  const [fast, slow] = [ema(periods.fast), ema(periods.slow)]
  const average = ema(periods.signal)
  return {
    needs: Math.max(fast.needs, slow.needs) + average.needs,
    next(value) {
      const [quick, calm] = [fast.next(value), slow.next(value)]
      if (quick === undefined || calm === undefined) return undefined
      const signal = average.next(quick - calm)
      if (signal === undefined) return undefined
      return { macd: quick - calm, signal, histogram: quick - calm - signal }
    },
  }
}

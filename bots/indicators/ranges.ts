// Ranges: how far prices move (ATR, ADX) and the channels drawn around them.
//
// ATR is that of technicalindicators. Its ADX divides by zero when nothing moves, and its Bollinger
// bands walk the whole window at every bar, so both have a form of our own. Keltner's channel is
// the package's EMA and ATR; Donchian's it does not have.

import { ATR } from 'technicalindicators'
import { ema, wilder } from './averages.ts'
import { type Candle, checkPeriod, type Study, settledWilder, type Values } from './study.ts'
import { createHighest, createLowest, createWindow } from './window.ts'

export type Channel = Values<'upper' | 'middle' | 'lower'>

/** Wilder's average true range; the first bar has none. */
export function atr(period: number): Study<Candle, number> {
  checkPeriod(period)
  const range = new ATR({ period, high: [], low: [], close: [] })
  return { needs: settledWilder(period) + 1, next: (candle) => range.nextValue(candle) }
}

/** Wilder's directional movement: how strong a trend is, and both directions, 0 to 100. */
export function adx(period: number): Study<Candle, Values<'adx' | 'plus' | 'minus'>> {
  checkPeriod(period)
  const [ranges, ups, downs] = [wilder(period), wilder(period), wilder(period)]
  const strength = wilder(period)
  let before: Candle | undefined
  return {
    needs: 1 + 2 * settledWilder(period),
    next(candle) {
      const last = before
      before = candle
      if (last === undefined) return undefined
      const [up, down] = [candle.high - last.high, last.low - candle.low]
      const range = ranges.next(trueRange(candle, last.close))
      const rise = ups.next(up > down && up > 0 ? up : 0)
      const fall = downs.next(down > up && down > 0 ? down : 0)
      if (range === undefined || rise === undefined || fall === undefined) return undefined
      const trend = strength.next(shareOf(Math.abs(rise - fall), rise + fall))
      if (trend === undefined) return undefined
      return { adx: trend, plus: shareOf(rise, range), minus: shareOf(fall, range) }
    },
  }
}

function trueRange({ high, low }: Candle, close: number): number {
  return Math.max(high - low, Math.abs(high - close), Math.abs(low - close))
}

/** In per cent; nothing of nothing is 0. */
function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}

export type BandWidth = { readonly period: number; readonly deviations: number }

/** Bollinger's: the mean and so many standard deviations of the population around it. */
export function bollinger({ period, deviations }: BandWidth): Study<number, Channel> {
  checkPeriod(period)
  const window = createWindow(period)
  return {
    needs: period,
    next: (value) =>
      window.push(value) ? around(window.mean(), deviations * window.deviation()) : undefined,
  }
}

export type KeltnerWidth = {
  readonly period: number
  readonly atr: number
  readonly multiplier: number
}

/** Keltner's channel as Raschke drew it: an EMA of closes and so many ATR around it. */
export function keltner(width: KeltnerWidth): Study<Candle, Channel> {
  const [middle, range] = [ema(width.period), atr(width.atr)]
  return {
    needs: Math.max(middle.needs, range.needs),
    next(candle) {
      const [average, reach] = [middle.next(candle.close), range.next(candle)]
      return average === undefined || reach === undefined
        ? undefined
        : around(average, width.multiplier * reach)
    },
  }
}

/** Donchian's: the highest high and the lowest low of the last bars, this one included. */
export function donchian(period: number): Study<Candle, Channel> {
  checkPeriod(period)
  const [highest, lowest] = [createHighest(period), createLowest(period)]
  let count = 0
  return {
    needs: period,
    next({ high, low }) {
      const [upper, lower] = [highest.push(high), lowest.push(low)]
      count += 1
      return count < period ? undefined : { upper, middle: (upper + lower) / 2, lower }
    },
  }
}

function around(middle: number, reach: number): Channel {
  return { upper: middle + reach, middle, lower: middle - reach }
}

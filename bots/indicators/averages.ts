// Averages: simple, exponential, weighted, and Wilder's, one value in and one value out.
//
// WMA is that of technicalindicators, which is right for finite input. Its SMA keeps a running sum
// that drifts, and its EMA waits for ever when it begins at 0 and resumes a generator for every
// value, so both have an exact form here.

import { WMA } from 'technicalindicators'
import { checkPeriod, type Study, settledEma, settledWilder } from './study.ts'
import { createWindow } from './window.ts'

export function sma(period: number): Study<number, number> {
  checkPeriod(period)
  const window = createWindow(period)
  return {
    needs: period,
    next: (value) => (window.push(value) ? window.mean() : undefined),
  }
}

/** Begins with the mean of the first `period`. */
export function ema(period: number): Study<number, number> {
  checkPeriod(period)
  return { needs: settledEma(period), next: exponential(period, 2 / (period + 1)) }
}

export function wma(period: number): Study<number, number> {
  checkPeriod(period)
  const average = new WMA({ period, values: [] })
  return { needs: period, next: (value) => average.nextValue(value) }
}

/** Wilder's: an exponential average that forgets 1 in `period`. */
export function wilder(period: number): Study<number, number> {
  checkPeriod(period)
  return { needs: settledWilder(period), next: exponential(period, 1 / period) }
}

function exponential(period: number, share: number): (value: number) => number | undefined {
  let [count, average] = [0, 0]
  return (value) => {
    count += 1
    if (count <= period) {
      average += value / period
      return count === period ? average : undefined
    }
    average += (value - average) * share
    return average
  }
}

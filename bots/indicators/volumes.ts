// Volumes: what trades weigh (OBV, VWAP).
//
// OBV is that of technicalindicators; it counts from where history begins, so only its changes mean
// something. The package's VWAP never begins anew and is 0 / 0 before the first volume, so VWAP has
// a form of our own: over the last `period` bars, the plain mean where nothing was traded.

import { OBV } from 'technicalindicators'
import { type Candle, checkPeriod, type Study } from './study.ts'
import { createSum } from './window.ts'

/** Granville's: volume added when the close rises, taken away when it falls; 0 at first. */
export function obv(): Study<Candle, number> {
  const sum = new OBV({ close: [], volume: [] })
  return { needs: 2, next: ({ close, volume }) => sum.nextValue({ close, volume }) ?? 0 }
}

/** The average typical price of the last `period` bars, by volume. */
export function vwap(period: number): Study<Candle, number> {
  checkPeriod(period)
  const [money, volumes] = [createSum(period), createSum(period)]
  const typicals = new Float64Array(period)
  let count = 0
  return {
    needs: period,
    next({ high, low, close, volume }) {
      const typical = (high + low + close) / 3
      const paid = money.push(typical * volume)
      const traded = volumes.push(volume)
      typicals[count % period] = typical
      count += 1
      if (count < period) return undefined
      return traded > 0 ? paid / traded : meanOf(typicals)
    },
  }
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

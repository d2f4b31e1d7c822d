// Volumes: what trades weigh (OBV, VWAP).
//
// OBV is that of technicalindicators; it counts from where history begins, so only its changes mean
// something. The package's VWAP never begins anew and is 0 / 0 before the first volume, so VWAP has
// a form of our own: over the last `period` bars, the plain mean where nothing was traded.

import { OBV } from 'technicalindicators'
import { type Candle, checkPeriod, type Study } from './study.ts'
import { createWindow } from './window.ts'

/** Granville's: volume added when the close rises, taken away when it falls; 0 at first. */
export function obv(): Study<Candle, number> {
  const sum = new OBV({ close: [], volume: [] })
  return { needs: 2, next: ({ close, volume }) => sum.nextValue({ close, volume }) ?? 0 }
}

/** The average typical price of the last `period` bars, by volume. */
export function vwap(period: number): Study<Candle, number> {
  checkPeriod(period)
  const [typicals, volumes] = [createWindow(period), createWindow(period)]
  return {
    needs: period,
    next({ high, low, close, volume }) {
      typicals.push((high + low + close) / 3)
      if (!volumes.push(volume)) return undefined
      let [money, traded] = [0, 0]
      // Summed anew: what a running sum keeps of a great volume would outweigh small ones.
      for (let index = 0; index < period; index += 1) {
        money += typicals.at(index) * volumes.at(index)
        traded += volumes.at(index)
      }
      return traded > 0 ? money / traded : typicals.mean()
    },
  }
}

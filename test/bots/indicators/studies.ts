// Every indicator under one name, as a step from a candle to numbers, for tests that try them all.

import { ema, sma, wma } from '#bots/indicators/averages.ts'
import { cci, macd, rsi, stochastic, stochRsi } from '#bots/indicators/oscillators.ts'
import { adx, atr, bollinger, donchian, keltner } from '#bots/indicators/ranges.ts'
import type { Candle, Study } from '#bots/indicators/study.ts'
import { obv, vwap } from '#bots/indicators/volumes.ts'
import { readBars } from '#connectors/reference/csv.ts'

export type Numbers = Readonly<Record<string, number>>
export type Named = {
  readonly needs: number
  next(candle: Candle): Numbers | undefined
}

export const STUDIES: Readonly<Record<string, () => Named>> = {
  sma: () => ofClose('sma', sma(20)),
  ema: () => ofClose('ema', ema(26)),
  wma: () => ofClose('wma', wma(20)),
  rsi: () => ofClose('rsi', rsi(14)),
  macd: () => {
    const study = macd({ fast: 12, slow: 26, signal: 9 })
    return named(study, ({ close }) => {
      const now = study.next(close)
      return now && { macd: now.macd, macdSignal: now.signal, macdHistogram: now.histogram }
    })
  },
  stochastic: () => {
    const study = stochastic({ period: 14, signal: 3 })
    return named(study, (candle) => {
      const now = study.next(candle)
      return now && { stochasticK: now.k, stochasticD: now.d }
    })
  },
  stochRsi: () => {
    const study = stochRsi({ rsi: 14, period: 14, k: 1, d: 3 })
    return named(study, ({ close }) => {
      const now = study.next(close)
      return now && { stochRsiK: now.k, stochRsiD: now.d }
    })
  },
  bollinger: () => {
    const study = bollinger({ period: 20, deviations: 2 })
    return named(study, ({ close }) => {
      const now = study.next(close)
      return now && { bollingerUpper: now.upper, bollingerLower: now.lower }
    })
  },
  atr: () => ofCandle('atr', atr(14)),
  adx: () => {
    const study = adx(14)
    return named(study, (candle) => study.next(candle))
  },
  cci: () => ofCandle('cci', cci(20)),
  obv: () => ofCandle('obv', obv()),
  vwap: () => ofCandle('vwap', vwap(20)),
  keltner: () => {
    const study = keltner({ period: 20, atr: 10, multiplier: 2 })
    return named(study, (candle) => {
      const now = study.next(candle)
      return now && { keltnerUpper: now.upper, keltnerLower: now.lower }
    })
  },
  donchian: () => {
    const study = donchian(20)
    return named(study, (candle) => {
      const now = study.next(candle)
      return now && { donchianUpper: now.upper, donchianLower: now.lower }
    })
  },
}

/** A week of minutes of a real market. */
export function realCandles(): readonly Candle[] {
  return readBars('scripts/data/btc-usd-1m-2022-01-03.csv.gz')
}

export function flatCandle(price: number, volume = 0): Candle {
  return { open: price, high: price, low: price, close: price, volume }
}

function named({ needs }: { readonly needs: number }, next: Named['next']): Named {
  return { needs, next }
}

function ofClose(name: string, study: Study<number, number>): Named {
  return named(study, ({ close }) => toNumbers(name, study.next(close)))
}

function ofCandle(name: string, study: Study<Candle, number>): Named {
  return named(study, (candle) => toNumbers(name, study.next(candle)))
}

function toNumbers(name: string, value: number | undefined): Numbers | undefined {
  return value === undefined ? undefined : { [name]: value }
}

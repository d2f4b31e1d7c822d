// Bench of indicators: our wrappers beside plain technicalindicators, both streaming one series.
//
// One step is one bar. Every row is one indicator over the same week of minutes, ours and the
// package's in turn; the line itself is the median over all that both have. Speed alone is no
// reason for a form of our own: see the table in docs/strategies.md.

import * as plain from 'technicalindicators'
import { ema, sma, wma } from '#bots/indicators/averages.ts'
import { cci, macd, rsi, stochastic, stochRsi } from '#bots/indicators/oscillators.ts'
import { adx, atr, bollinger, keltner } from '#bots/indicators/ranges.ts'
import type { Candle, Study } from '#bots/indicators/study.ts'
import { obv, vwap } from '#bots/indicators/volumes.ts'
import { readBars } from '#connectors/reference/csv.ts'
import { median, race, round } from './measure.ts'
import type { Bench } from './result.ts'

type Streaming = { nextValue(input: never): unknown }
type Contest = {
  readonly ours: () => Step
  readonly peer: () => Step
  /** What the two do not have in common. */
  readonly differs?: string
}
type Step = (candle: Candle) => unknown

const PEER = 'technicalindicators'
const SERIES = 'scripts/data/btc-usd-1m-2022-01-03.csv.gz'
const BARS = { high: [], low: [], close: [], volume: [] }
const RUNS = 7
const CHUNKS = 40

const CONTESTS: Readonly<Record<string, Contest>> = {
  sma: closes(
    () => sma(20),
    () => new plain.SMA({ period: 20, values: [] }),
  ),
  ema: closes(
    () => ema(26),
    () => new plain.EMA({ period: 26, values: [] }),
  ),
  wma: closes(
    () => wma(20),
    () => new plain.WMA({ period: 20, values: [] }),
  ),
  macd: closes(
    () => macd({ fast: 12, slow: 26, signal: 9 }),
    () =>
      new plain.MACD({
        ...{ fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, values: [] },
        ...{ SimpleMAOscillator: false, SimpleMASignal: false },
      }),
  ),
  rsi: closes(
    () => rsi(14),
    () => new plain.RSI({ period: 14, values: [] }),
  ),
  stochastic: candles(
    () => stochastic({ period: 14, signal: 3 }),
    () => new plain.Stochastic({ ...BARS, period: 14, signalPeriod: 3 }),
  ),
  'stochastic RSI': closes(
    () => stochRsi({ rsi: 14, period: 14, k: 3, d: 3 }),
    () => {
      const periods = { rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3 }
      return new plain.StochasticRSI({ ...periods, values: [] })
    },
  ),
  bollinger: closes(
    () => bollinger({ period: 20, deviations: 2 }),
    () => new plain.BollingerBands({ period: 20, stdDev: 2, values: [] }),
  ),
  atr: candles(
    () => atr(14),
    () => new plain.ATR({ ...BARS, period: 14 }),
  ),
  adx: candles(
    () => adx(14),
    () => new plain.ADX({ ...BARS, period: 14 }),
  ),
  cci: candles(
    () => cci(20),
    () => new plain.CCI({ ...BARS, period: 20 }),
  ),
  obv: candles(obv, () => new plain.OBV({ close: [], volume: [] })),
  vwap: {
    ...candles(
      () => vwap(20),
      () => new plain.VWAP({ ...BARS }),
    ),
    differs: 'ours is of the last 20 bars, the sum of the package never ends',
  },
  keltner: candles(
    () => keltner({ period: 20, atr: 10, multiplier: 2 }),
    () => {
      const width = { maPeriod: 20, atrPeriod: 10, multiplier: 2, useSMA: false }
      return new plain.KeltnerChannels({ ...BARS, ...width })
    },
  ),
}

export const bench: Bench = async () => {
  const series = readBars(SERIES)
  const rows = Object.entries(CONTESTS).map(([name, contest]) => rowOf(name, contest, series))
  const ours = round(median(rows.map((row) => row.ours)), 3)
  const peer = round(median(rows.map((row) => row.peers[PEER] ?? 0)), 3)
  return {
    ...{ bench: 'indicators', unit: 'million bars/s', ours, peers: { [PEER]: peer } },
    ratios: { [PEER]: round(median(rows.map((row) => row.ratios[PEER] ?? 0)), 2) },
    extra: { bars: series.length, series: SERIES },
    ...{ runs: RUNS, rows },
  }
}

function rowOf(name: string, { ours, peer, differs }: Contest, series: readonly Candle[]) {
  const speeds: [number[], number[]] = [[], []]
  for (let run = 0; run < RUNS; run += 1) {
    const [quick, slow] = race(over(ours(), series), over(peer(), series), {
      ...{ from: 0, to: series.length, chunks: CHUNKS },
    })
    speeds[0].push(quick)
    speeds[1].push(slow)
  }
  const [mine, theirs] = [median(speeds[0]), median(speeds[1])]
  const ratios = speeds[0].map((speed, run) => speed / (speeds[1][run] ?? 1))
  return {
    ...{ name, bench: 'indicators', unit: 'million bars/s', ours: round(mine, 3) },
    ...{ peers: { [PEER]: round(theirs, 3) }, ratios: { [PEER]: round(median(ratios), 2) } },
    ...{ extra: differs === undefined ? {} : { differs }, runs: RUNS },
  }
}

function over(step: Step, series: readonly Candle[]) {
  return (from: number, to: number) => {
    for (let at = from; at < to; at += 1) {
      const candle = series[at]
      if (candle !== undefined) step(candle)
    }
  }
}

function closes(study: () => Study<number, unknown>, peer: () => Streaming): Contest {
  return {
    ours() {
      const ours = study()
      return ({ close }) => ours.next(close)
    },
    peer() {
      const theirs = peer()
      // The package declares what a whole series takes; one step takes a number.
      return ({ close }) => theirs.nextValue(close as never)
    },
  }
}

function candles(study: () => Study<Candle, unknown>, peer: () => Streaming): Contest {
  return {
    ours() {
      const ours = study()
      return (candle) => ours.next(candle)
    },
    peer() {
      const theirs = peer()
      // The same: one step takes one candle.
      return (candle) => theirs.nextValue(candle as never)
    },
  }
}

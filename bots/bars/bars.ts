// Bars: one market's bars of one length as a strategy reads them, with the indicators over them.
//
// Everything is declared in the set-up, so that it is known how much history each indicator needs:
// it is loaded before the first event. Indicators are brought up to date in the order in which they
// were made, each once a bar, before any handler runs.

import type { Bar } from '#connectors/venue.ts'
import { assert } from '#kernel/assert.ts'
import { ema, sma, wma } from '../indicators/averages.ts'
import {
  cci,
  type MacdPeriods,
  macd,
  rsi,
  type StochasticPeriods,
  type StochRsiPeriods,
  stochastic,
  stochRsi,
} from '../indicators/oscillators.ts'
import {
  adx,
  atr,
  type BandWidth,
  bollinger,
  donchian,
  type KeltnerWidth,
  keltner,
} from '../indicators/ranges.ts'
import { createLine, KEPT, type Line, type Series } from '../indicators/series.ts'
import type { Study, Values } from '../indicators/study.ts'
import { obv, vwap } from '../indicators/volumes.ts'
import { intervalUs } from './interval.ts'

type Lines<Key extends string> = Readonly<Record<Key, Series>>
type ChannelLines = Lines<'upper' | 'middle' | 'lower'>

/** Indicators take closes unless another series of the same bars is given. */
export type Bars = {
  readonly interval: string
  readonly open: Series
  readonly high: Series
  readonly low: Series
  readonly close: Series
  readonly volume: Series
  /** The bar `age` bars ago, 0 the one that closed last. */
  at(age: number): Bar
  sma(period: number, of?: Series): Series
  ema(period: number, of?: Series): Series
  wma(period: number, of?: Series): Series
  rsi(period: number, of?: Series): Series
  macd(periods: MacdPeriods, of?: Series): Lines<'macd' | 'signal' | 'histogram'>
  stochRsi(periods: StochRsiPeriods, of?: Series): Lines<'k' | 'd'>
  bollinger(width: BandWidth, of?: Series): ChannelLines
  stochastic(periods: StochasticPeriods): Lines<'k' | 'd'>
  atr(period: number): Series
  adx(period: number): Lines<'adx' | 'plus' | 'minus'>
  cci(period: number): Series
  obv(): Series
  vwap(period: number): Series
  keltner(width: KeltnerWidth): ChannelLines
  donchian(period: number): ChannelLines
  /** Called at each close once every series of the strategy is warm. */
  onClose(handler: (bar: Bar) => void): void
}

export type BarsHandle = {
  readonly bars: Bars
  readonly lengthUs: number
  /** Bars of history that make everything warm. */
  needs(): number
  isWarm(): boolean
  /** A bar that has closed: brings every series up to date. */
  take(bar: Bar): void
  readonly handlers: readonly ((bar: Bar) => void)[]
  /** Whether the series is one over these bars. */
  owns(series: Series): boolean
  /** From now on nothing new can be declared. */
  seal(): void
}

type Making = {
  readonly lines: Line[]
  /** The line behind each series that was handed out. */
  readonly lineOf: Map<Series, Line>
  readonly steps: ((bar: Bar) => void)[]
  readonly handlers: ((bar: Bar) => void)[]
  /** Bars so far. */
  seen: number
  isSealed: boolean
}

/** One more than settles: a crossing looks at the value before, too. */
const BEFORE = 1

export function createBars(interval: string): BarsHandle {
  const making: Making = {
    ...{ lines: [], lineOf: new Map(), steps: [], handlers: [], seen: 0, isSealed: false },
  }
  const ring: Bar[] = []
  const base = baseSeries(making)
  const bars: Bars = {
    ...{ interval, ...base },
    at(age) {
      const bar = ring.at(-1 - age)
      assert(age >= 0 && bar !== undefined, `${interval}: there is no bar ${age} bars ago`)
      return bar
    },
    ...overSeries(making, base.close),
    ...overBars(making),
    onClose(handler) {
      declare(making)
      making.handlers.push(handler)
    },
  }
  return {
    ...{ bars, lengthUs: intervalUs(interval), handlers: making.handlers },
    owns: (series) => making.lineOf.has(series),
    needs: () => Math.max(...making.lines.map((line) => line.needs)),
    isWarm: () => making.lines.every(({ series }) => series.isWarm()),
    take(bar) {
      ring.push(bar)
      if (ring.length > KEPT) ring.shift()
      making.seen += 1
      for (const step of making.steps) step(bar)
    },
    seal() {
      making.isSealed = true
    },
  }
}

function baseSeries(making: Making) {
  const of = (field: 'open' | 'high' | 'low' | 'close' | 'volume') => {
    const line = addLine(making, field, 1 + BEFORE)
    making.steps.push((bar) => line.push(bar[field]))
    return line.series
  }
  const [open, high, low] = [of('open'), of('high'), of('low')]
  return { open, high, low, close: of('close'), volume: of('volume') }
}

function overSeries(making: Making, close: Series) {
  const single = (name: string, study: Study<number, number>, of: Series = close) =>
    lineOver(making, of, { name, study })
  return {
    sma: (period: number, of?: Series) => single(`sma ${period}`, sma(period), of),
    // What is not a price can be 0, where the package's EMA would wait for ever.
    ema: (period: number, of?: Series) => single(`ema ${period}`, ema(period), of),
    wma: (period: number, of?: Series) => single(`wma ${period}`, wma(period), of),
    rsi: (period: number, of?: Series) => single(`rsi ${period}`, rsi(period), of),
    macd: (periods: MacdPeriods, of: Series = close) =>
      linesOver(making, of, {
        ...{ name: 'macd', study: macd(periods), keys: ['macd', 'signal', 'histogram'] as const },
      }),
    stochRsi: (periods: StochRsiPeriods, of: Series = close) =>
      linesOver(making, of, {
        ...{ name: 'stochRsi', study: stochRsi(periods), keys: ['k', 'd'] as const },
      }),
    bollinger: (width: BandWidth, of: Series = close) =>
      linesOver(making, of, { name: 'bollinger', study: bollinger(width), keys: CHANNEL }),
  }
}

const CHANNEL = ['upper', 'middle', 'lower'] as const

function overBars(making: Making) {
  const single = (name: string, study: Study<Bar, number>) => {
    const { k } = linesOfBars(making, { name, study: asValues(study), keys: ['k'] as const })
    return k
  }
  return {
    stochastic: (periods: StochasticPeriods) =>
      linesOfBars(making, {
        ...{ name: 'stochastic', study: stochastic(periods), keys: ['k', 'd'] as const },
      }),
    atr: (period: number) => single(`atr ${period}`, atr(period)),
    adx: (period: number) =>
      linesOfBars(making, {
        ...{ name: `adx ${period}`, study: adx(period), keys: ['adx', 'plus', 'minus'] as const },
      }),
    cci: (period: number) => single(`cci ${period}`, cci(period)),
    obv: () => single('obv', obv()),
    vwap: (period: number) => single(`vwap ${period}`, vwap(period)),
    keltner: (width: KeltnerWidth) =>
      linesOfBars(making, { name: 'keltner', study: keltner(width), keys: CHANNEL }),
    donchian: (period: number) =>
      linesOfBars(making, { name: `donchian ${period}`, study: donchian(period), keys: CHANNEL }),
  }
}

type Named<In, Key extends string> = {
  readonly name: string
  readonly study: Study<In, Values<Key>>
  readonly keys: readonly Key[]
}

function asValues<In>({ needs, next }: Study<In, number>): Study<In, Values<'k'>> {
  return {
    needs,
    next(input) {
      const k = next(input)
      return k === undefined ? undefined : { k }
    },
  }
}

type NamedLine = { readonly name: string; readonly study: Study<number, number> }

function lineOver(making: Making, of: Series, { name, study }: NamedLine): Series {
  const { k } = linesOver(making, of, { name, study: asValues(study), keys: ['k'] as const })
  return k
}

/** Over a series: what it needs comes on top of what the series needs. */
function linesOver<Key extends string>(
  making: Making,
  of: Series,
  { name, study, keys }: Named<number, Key>,
): Lines<Key> {
  const source = making.lineOf.get(of)
  assert(source !== undefined, `${name}: the series is not one of the same bars`)
  const needs = source.needs + study.needs - 1
  const lines = addLines(making, name, { needs, keys })
  making.steps.push(() => {
    const value = source.last()
    if (value !== undefined) pushAll(lines, study.next(value))
  })
  return seriesOf(lines)
}

function linesOfBars<Key extends string>(
  making: Making,
  { name, study, keys }: Named<Bar, Key>,
): Lines<Key> {
  const lines = addLines(making, name, { needs: study.needs + BEFORE, keys })
  making.steps.push((bar) => pushAll(lines, study.next(bar)))
  return seriesOf(lines)
}

type Shape<Key extends string> = { readonly needs: number; readonly keys: readonly Key[] }

function addLines<Key extends string>(making: Making, name: string, { needs, keys }: Shape<Key>) {
  const entries = keys.map((key) => [key, addLine(making, `${name} ${key}`, needs)] as const)
  return new Map<Key, Line>(entries)
}

function pushAll<Key extends string>(lines: Map<Key, Line>, values: Values<Key> | undefined) {
  if (values !== undefined) for (const [key, line] of lines) line.push(values[key])
}

function seriesOf<Key extends string>(lines: Map<Key, Line>): Lines<Key> {
  const entries = [...lines].map(([key, { series }]) => [key, series])
  return Object.fromEntries(entries) as Lines<Key> // fromEntries forgets the names of the keys.
}

function addLine(making: Making, name: string, needs: number): Line {
  declare(making)
  const line = createLine({ name, needs, seen: () => making.seen })
  making.lines.push(line)
  making.lineOf.set(line.series, line)
  return line
}

function declare({ isSealed }: Making): void {
  assert(!isSealed, 'indicators and handlers of bars are declared in setup, not later')
}

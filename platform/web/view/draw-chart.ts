// Draws the chart: an object of lightweight-charts that follows the models' signals.
//
// Whole histories are set only when they were read; after that each change is one update, at most
// once a frame. Colours come from the design tokens and change with the theme.

import { effect } from '@preact/signals'
import {
  type CandlestickData,
  CandlestickSeries,
  CrosshairMode,
  createChart,
  createSeriesMarkers,
  type HistogramData,
  HistogramSeries,
  LineSeries,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import type { App } from '../create-app.ts'
import type { Fill } from '../model/account-state.ts'
import type { Candle } from '../model/candle-series.ts'
import { decimalsOf, fixed, plain } from '../model/numbers.ts'
import { type ChartColours, chartColours, onSchemeChange } from './chart-colours.ts'
import { createPlots } from './draw-plots.ts'

const MARKED_SIZES = {
  '1s': 1,
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '4h': 14_400,
} as const
const DAY_S = 86_400
const MARK_DIGITS = 5
const OLDER_AT = 20

type Parts = ReturnType<typeof partsOf>

/** Draws into the element until the returned function is called. */
export function drawChart(app: App, element: HTMLElement): () => void {
  const parts = partsOf(element)
  const stops = [
    followTheme(app, parts),
    followPrecision(app, parts),
    followHistory(app, parts),
    followLatest(app, parts),
    followPool(app, parts),
    followFills(app, parts),
    parts.plots.follow(app, widthOf),
  ]
  parts.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    if (range !== null && range.from < OLDER_AT) app.candles.loadOlder()
  })
  return () => {
    for (const stop of stops) stop()
    parts.chart.remove()
  }
}

function partsOf(element: HTMLElement) {
  const chart = createChart(element, {
    autoSize: true,
    localization: { locale: 'en-GB' },
    crosshair: { mode: CrosshairMode.Normal },
    timeScale: { timeVisible: true, secondsVisible: true, rightOffset: 6 },
    rightPriceScale: { scaleMargins: { top: 0.08, bottom: 0.22 } },
  })
  const pool = chart.addSeries(LineSeries, {
    lineWidth: 1,
    priceLineVisible: false,
    crosshairMarkerVisible: false,
    lastValueVisible: true,
  })
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    priceLineVisible: false,
    lastValueVisible: false,
  })
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.85, bottom: 0 } })
  const candles = chart.addSeries(CandlestickSeries, { borderVisible: false })
  const marks = createSeriesMarkers<Time>(candles, [])
  const plots = createPlots(chart, candles)
  /** What the stream told after the history was read, by opening time. */
  const later = new Map<number, Candle>()
  return { chart, pool, volume, candles, marks, plots, later, colours: { now: chartColours() } }
}

function followTheme({ preferences, candles }: App, parts: Parts): () => void {
  const paint = (): void => {
    const colours = chartColours()
    parts.colours.now = colours
    parts.chart.applyOptions({
      layout: {
        background: { color: 'transparent' },
        textColor: colours.muted,
        fontFamily: colours.font,
        fontSize: 11,
      },
      grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
      rightPriceScale: { borderColor: colours.line },
      timeScale: { borderColor: colours.line },
    })
    const { up, down } = colours
    parts.candles.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
    })
    parts.pool.applyOptions({ color: colours.pool })
    parts.plots.paint(colours.plots)
    const items = candles.items.peek()
    if (items !== null) setAll(parts, items)
  }
  const forget = onSchemeChange(paint)
  const stop = effect(() => {
    preferences.theme.value
    preferences.palette.value
    // The document takes the theme over in the same turn; it is read in the next frame.
    requestAnimationFrame(paint)
  })
  return () => {
    stop()
    forget()
  }
}

function followPrecision({ listing, candles }: App, parts: Parts): () => void {
  return effect(() => {
    const tickSize = listing.market.value?.tickSize ?? '0.01'
    const minMove = Number(tickSize)
    const digits = decimalsOf(tickSize)
    const formatter = (price: number): string => fixed(price, digits)
    const priceFormat = { type: 'custom', minMove, formatter } as const
    parts.candles.applyOptions({ priceFormat })
    parts.pool.applyOptions({ priceFormat })
    parts.chart.timeScale().applyOptions({ secondsVisible: candles.interval.value === '1s' })
  })
}

function followHistory({ candles }: App, parts: Parts): () => void {
  const before = { count: 0, key: '' }
  return effect(() => {
    const items = candles.items.value
    const shown = candles.shown.peek()
    const key = `${shown?.market} ${shown?.interval}`
    const range = parts.chart.timeScale().getVisibleLogicalRange()
    if (key !== before.key) parts.later.clear()
    setAll(parts, items ?? [])
    const added = (items?.length ?? 0) - before.count
    if (key !== before.key) showEnd(parts, items?.length ?? 0)
    else if (range !== null && added > 0 && before.count > 0) {
      const { from, to } = range
      parts.chart.timeScale().setVisibleLogicalRange({ from: from + added, to: to + added })
    }
    before.count = items?.length ?? 0
    before.key = items === null ? '' : key
  })
}

function showEnd({ chart }: Parts, count: number): void {
  const shown = 120
  if (count > 0) chart.timeScale().setVisibleLogicalRange({ from: count - shown, to: count + 6 })
}

function followLatest({ candles, frames }: App, parts: Parts): () => void {
  return effect(() => {
    const latest = candles.latest.value
    if (latest === null || candles.items.value === null) return
    frames.soon('candle', () => {
      const last = parts.candles.data().at(-1)
      const [bar, volume] = [barOf(latest, parts), volumeOf(latest, parts)]
      if (last !== undefined && Number(last.time) > Number(bar.time)) return
      parts.later.set(latest.openAt, latest)
      parts.candles.update(bar)
      parts.volume.update(volume)
    })
  })
}

function followPool({ data, candles }: App, parts: Parts): () => void {
  return effect(() => {
    const width = widthOf(candles.interval.value)
    // One point a candle, or the line would stretch the time axis.
    const points = new Map(
      data.poolPoints.value.map(({ time, value }) => [time - (time % width), value]),
    )
    parts.pool.setData([...points].map(([time, value]) => ({ time: timeOf(time), value })))
  })
}

/** Own fills are arrows, those of the bot that is looked at are dots. */
function followFills({ portfolio, botView, listing, candles }: App, parts: Parts): () => void {
  return effect(() => {
    const width = widthOf(candles.interval.value)
    const market = listing.current.value
    const first = Number(candles.items.value?.[0]?.openAt ?? 0)
    const marked = (fills: ReadonlyMap<string, Fill>, isBot: boolean) => {
      const shown = [...fills.values()].filter((fill) => fill.market === market && fill.at >= first)
      return marksOf(shown, width, { colours: parts.colours.now, isBot })
    }
    const own = marked(portfolio.fills.value, false)
    const bots = marked(botView.account.fills.value, true)
    parts.marks.setMarkers([...own, ...bots].sort((a, b) => Number(a.time) - Number(b.time)))
  })
}

type Look = { readonly colours: ChartColours; readonly isBot: boolean }

/** One mark a candle and side, with the sum of what was traded in it. */
function marksOf(fills: readonly Fill[], width: number, look: Look) {
  const { up, down } = look.colours
  const marks = new Map<string, { time: number; isBuy: boolean; size: number }>()
  for (const { at, side, size } of fills) {
    const seconds = Math.floor(at / 1_000_000)
    const time = seconds - (seconds % width)
    const mark = marks.get(`${time} ${side}`) ?? { time, isBuy: side === 'buy', size: 0 }
    mark.size += Number(size)
    marks.set(`${time} ${side}`, mark)
  }
  return [...marks.values()].map(
    ({ time, isBuy, size }) =>
      ({
        time: timeOf(time),
        position: isBuy ? 'belowBar' : 'aboveBar',
        shape: look.isBot ? 'circle' : isBuy ? 'arrowUp' : 'arrowDown',
        color: isBuy ? up : down,
        text: plain(size.toFixed(MARK_DIGITS)),
      }) satisfies SeriesMarker<Time>,
  )
}

function setAll(parts: Parts, items: readonly Candle[]): void {
  const last = items.at(-1)?.openAt ?? 0
  const all = [...items, ...[...parts.later.values()].filter(({ openAt }) => openAt > last)]
  parts.candles.setData(all.map((candle) => barOf(candle, parts)))
  parts.volume.setData(all.map((candle) => volumeOf(candle, parts)))
}

function barOf(candle: Candle, { colours }: Parts): CandlestickData<Time> {
  const { open, high, low, close } = candle
  const time = timeOf(candle.openAt / 1_000_000)
  const prices = { open: Number(open), high: Number(high), low: Number(low), close: Number(close) }
  if (candle.backfilled !== true) return { time, ...prices }
  const color = prices.close >= prices.open ? colours.now.paleUp : colours.now.paleDown
  return { time, ...prices, color, wickColor: color }
}

function volumeOf({ openAt, open, close, volume }: Candle, { colours }: Parts) {
  const color = Number(close) >= Number(open) ? colours.now.paleUp : colours.now.paleDown
  const time = timeOf(openAt / 1_000_000)
  return { time, value: Number(volume), color } satisfies HistogramData<Time>
}

function widthOf(interval: string): number {
  return Object.entries(MARKED_SIZES).find(([name]) => name === interval)?.[1] ?? DAY_S
}

function timeOf(seconds: number): UTCTimestamp {
  return seconds as UTCTimestamp // A brand of the library without a run-time form.
}

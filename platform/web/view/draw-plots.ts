// Draws what the chosen bot plots over the candles of the market whose prices it shows.
//
// A line never moves the scale of prices: what lies far from them is not in sight. Whole series are
// set, because a point may take the place of another; they are short.

import { effect } from '@preact/signals'
import {
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type SeriesType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import type { App } from '../create-app.ts'
import { linesOver, type PlotLine, pointsOf } from '../model/plot-lines.ts'

type Line = { readonly series: ISeriesApi<'Line'>; readonly tone: number }

export type Plots = {
  follow(app: App, widthOf: (interval: string) => number): () => void
  paint(colours: readonly string[]): void
}

const DASHES = [LineStyle.Solid, LineStyle.Dashed, LineStyle.Dotted, LineStyle.SparseDotted]

export function createPlots(chart: IChartApi, candles: ISeriesApi<SeriesType>): Plots {
  const lines = new Map<string, Line>()
  const state: { colours: readonly string[] } = { colours: [] }
  const colourOf = (tone: number) => state.colours[tone] ?? ''

  function lineOf(key: string, { tone, dash }: PlotLine): Line {
    const known = lines.get(key)
    if (known !== undefined) return known
    const series = chart.addSeries(LineSeries, {
      ...{ lineWidth: 1, priceLineVisible: false, lastValueVisible: false },
      ...{ crosshairMarkerVisible: false, autoscaleInfoProvider: () => null },
      ...{ color: colourOf(tone), lineStyle: DASHES[dash] ?? LineStyle.Solid },
    })
    lines.set(key, { series, tone })
    return { series, tone }
  }

  return {
    follow: ({ botView, candles: shown, listing }, widthOf) =>
      effect(() => {
        const isThere = shown.items.value !== null
        const wanted = isThere ? linesOver(botView.plots.value ?? [], listing.current.value) : []
        const keys = new Map(wanted.map((line) => [keyOf(line), line]))
        for (const [key, { series }] of lines) {
          if (keys.has(key)) continue
          chart.removeSeries(series)
          lines.delete(key)
        }
        if (keys.size === 0) return
        const width = widthOf(shown.interval.value)
        const times = new Set(candles.data().map(({ time }) => Number(time)))
        for (const [key, line] of keys) {
          const points = pointsOf(line, { width, candles: times })
          const data = points.map(([time, value]) => ({ time: timeOf(time), value }))
          lineOf(key, line).series.setData(data)
        }
      }),
    paint(colours) {
      state.colours = colours
      for (const { series, tone } of lines.values()) {
        series.applyOptions({ color: colourOf(tone) })
      }
    },
  }
}

function keyOf({ chart, name, tone, dash }: PlotLine): string {
  return [chart, name, tone, dash].join('\n')
}

function timeOf(seconds: number): Time {
  return seconds as UTCTimestamp // A brand of the library without a run-time form.
}

// Bot plots: what the strategy of a bot draws and notes for people.
//
// Every chart stands here in a scale of its own, with the last value of each series; those that
// show prices are also over the candles of their market. For a screen reader a chart is a sentence.

import type { BotPlot } from '#client/shapes.ts'
import { useApp } from '../app-context.ts'
import { clockText, decimalsOf } from '../model/numbers.ts'
import { linesOf, marketOf, type PlotLine, plotText } from '../model/plot-lines.ts'

const [WIDTH, HEIGHT, MARGIN] = [600, 90, 4]

export function BotPlots() {
  const { plots, notes } = useApp().botView
  const charts = plots.value
  if (charts === null || notes.value === null) {
    return <div class="skeleton rows" role="status" aria-label="Loading" />
  }
  if (charts.length + notes.value.length === 0) {
    return <p class="empty">Nothing plotted or noted yet: points come when bars close.</p>
  }
  const lines = linesOf(charts)
  return (
    <div class="plots">
      {charts.map((chart, index) => (
        <Plot key={chart.chart} chart={chart} lines={lines[index] ?? []} />
      ))}
      <Notes />
    </div>
  )
}

type PlotProps = { readonly chart: BotPlot; readonly lines: readonly PlotLine[] }

function Plot({ chart: { chart, over, at, series }, lines }: PlotProps) {
  const { listing } = useApp()
  const market = marketOf({ chart, over, at, series })
  const digits = digitsOf(listing.markets.value, market)
  const all = lines.flatMap(({ values }) => values)
  const range = { low: Math.min(...all), high: Math.max(...all) }
  const ends = lines.map(({ name, values }) => `${name} ${plotText(values.at(-1), digits)}`)
  return (
    <figure class="plot" aria-label={`Chart ${chart}`}>
      <figcaption>
        <b>{chart}</b>
        <span class="muted">{market === null ? '' : `over ${market}`}</span>
        <PlotLegend lines={lines} digits={digits} />
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${chart}: ${ends.join(', ')}`}
      >
        {lines.map((line) => (
          <path
            key={line.name}
            class={`plot-line tone-${line.tone} dash-${line.dash}`}
            d={pathOf(line, range)}
          />
        ))}
      </svg>
      <p class="plot-scale muted">
        <span>{clockText(at[0] ?? 0)}</span>
        <span>
          {plotText(range.low, digits)} to {plotText(range.high, digits)}
        </span>
        <span>{clockText(at.at(-1) ?? 0)}</span>
      </p>
    </figure>
  )
}

type LegendProps = { readonly lines: readonly PlotLine[]; readonly digits?: number | undefined }

/** Names in the tone of their lines, with the last values. */
export function PlotLegend({ lines, digits }: LegendProps) {
  return (
    <>
      {lines.map(({ chart, name, tone, values }) => (
        <span key={`${chart} ${name}`} class={`plot-name tone-${tone}`}>
          — {name} {plotText(values.at(-1), digits)}
        </span>
      ))}
    </>
  )
}

function Notes() {
  const notes = useApp().botView.notes.value ?? []
  if (notes.length === 0) return null
  return (
    <ol class="notes" aria-label="Notes, the newest first">
      {notes.toReversed().map(({ number, at, text }) => (
        <li key={number}>
          <span class="muted">{clockText(at)}</span> {text}
        </li>
      ))}
    </ol>
  )
}

type Listed = readonly { readonly symbol: string; readonly tickSize: string }[]

function digitsOf(markets: Listed | null, symbol: string | null): number | undefined {
  const market = markets?.find((one) => one.symbol === symbol)
  return market === undefined ? undefined : decimalsOf(market.tickSize)
}

type Range = { readonly low: number; readonly high: number }

function pathOf({ at, values }: PlotLine, { low, high }: Range): string {
  const [begin = 0, end = 0] = [at[0], at.at(-1)]
  const scale = (HEIGHT - 2 * MARGIN) / (high - low || 1)
  const places = at.map((time, index) => {
    const x = end === begin ? WIDTH : ((time - begin) / (end - begin)) * WIDTH
    const value = values[index] ?? 0
    const y = high === low ? HEIGHT / 2 : HEIGHT - MARGIN - (value - low) * scale
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return `M${places.join('L')}`
}

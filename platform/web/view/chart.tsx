// Chart: candles with volume, own fills as marks and the pool's price as a thin line.
//
// The drawing is an object of its own that follows signals; this component gives it an element and
// the interval bar. Candles from before the exchange opened are pale.

import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { INTERVALS, type Interval } from '../model/candle-series.ts'
import { decimalsOf, fixed } from '../model/numbers.ts'
import { linesOver } from '../model/plot-lines.ts'
import { PlotLegend } from './bot-plots.tsx'
import { drawChart } from './draw-chart.ts'

export function Chart() {
  const app = useApp()
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (element.current !== null) return drawChart(app, element.current)
  }, [app])
  const { candles, data, listing } = app
  const items = candles.items.value
  const isEmpty = items !== null && items.length === 0 && candles.latest.value === null
  const pool = data.pools.value[0]?.price
  const digits = decimalsOf(listing.market.value?.tickSize ?? '')
  const lines = linesOver(app.botView.plots.value ?? [], listing.current.value)
  return (
    <section class="panel chart" aria-label={`Chart of ${listing.current.value ?? ''}`}>
      <div class="panel-head">
        <fieldset class="intervals">
          <legend class="hidden-label">Interval</legend>
          {INTERVALS.map((interval) => (
            <IntervalButton key={interval} interval={interval} />
          ))}
        </fieldset>
        <span class="legend">
          {pool != null && <span class="pool-name">— pool {fixed(Number(pool), digits)}</span>}
          <PlotLegend lines={lines} digits={digits} />
          <BotLegend />
          {items?.some(({ backfilled }) => backfilled) && (
            <span class="muted">pale: backfilled</span>
          )}
        </span>
      </div>
      <div class={`chart-area ${items === null ? 'skeleton' : ''}`}>
        <div class="chart-canvas" ref={element} />
        {isEmpty && <p class="empty over">No trades yet. The first one draws the first candle.</p>}
      </div>
    </section>
  )
}

/** Whose the dots are. */
function BotLegend() {
  const { bots, botView, listing } = useApp()
  const bot = bots.chosen.value
  const market = listing.current.value
  const isMarked = [...botView.account.fills.value.values()].some((fill) => fill.market === market)
  if (bot === null || !isMarked) return null
  return <span class="bot-dots">● fills of {bot.id}</span>
}

function IntervalButton({ interval }: { readonly interval: Interval }) {
  const { candles } = useApp()
  return (
    <button
      type="button"
      class="tab small"
      aria-pressed={candles.interval.value === interval}
      onClick={() => candles.choose(interval)}
    >
      {interval}
    </button>
  )
}

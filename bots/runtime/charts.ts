// Charts: what a strategy plots, told at the closes of the bars that its series are of.
//
// The set-up declares them, and what does not fit is thrown there, before anything starts. Once
// everything is warm, what the series were before is told as a whole, so that a chart has a past
// right after a start; values from before they had settled are near enough for a picture.

import { assert } from '#kernel/assert.ts'
import {
  CHARTS_MAX,
  type Chart,
  type Drawn,
  isPlotName,
  POINTS_MAX,
  SERIES_MAX,
} from '#kernel/plots.ts'
import type { BarsHandle } from '../bars/bars.ts'
import type { Context, PlotSeries } from '../strategy.ts'
import type { Closed } from './bar-feed.ts'
import { type Desk, say } from './desk.ts'

export type Charts = {
  readonly add: Context<object>['plot']
  /** The past, and everything after it at closes. */
  tell(closed: readonly Closed[]): void
  /** Nothing is to be told before the next close. */
  isBegun(): boolean
}

type Declared = {
  readonly head: Pick<Chart, 'chart' | 'over'>
  readonly series: PlotSeries
  /** When the bar began that was told last. */
  lastAt: number
}

export function createCharts(desk: Desk): Charts {
  const all: Declared[] = []
  const state = { isBegun: false }
  return {
    add(chart, series, { over } = {}) {
      const reference = over === undefined ? null : `${over.venue}:${over.symbol}`
      const declared = { head: { chart, over: reference }, series, lastAt: 0 }
      check(declared, all)
      all.push(declared)
    },
    tell(closed) {
      for (const one of all) {
        const bars = barsOf(desk, one)
        const plot = state.isBegun ? pointOf(one, bars, closed) : pastOf(one, bars)
        if (plot === undefined) continue
        one.lastAt = plot.at.at(-1) ?? one.lastAt
        say(desk, { kind: 'plot', plot })
      }
      state.isBegun = true
    },
    isBegun: () => state.isBegun || all.length === 0,
  }
}

function check({ head: { chart }, series }: Declared, before: readonly Declared[]): void {
  const names = Object.keys(series)
  assert(
    isPlotName(chart),
    `plot: "${chart}" is no name: 1 to 32 letters, digits and . _ % + - ( ) /`,
  )
  const wrong = names.find((name) => !isPlotName(name))
  assert(wrong === undefined, `plot: "${wrong}" of ${chart} is no name of a series`)
  assert(names.length > 0, `plot: ${chart} has no series`)
  assert(
    !before.some(({ head }) => head.chart === chart),
    `plot: there is a chart ${chart} already`,
  )
  assert(before.length < CHARTS_MAX, `plot: ${chart} is more than ${CHARTS_MAX} charts`)
  const others = before.reduce((sum, one) => sum + Object.keys(one.series).length, 0)
  const isMany = others + names.length > SERIES_MAX
  assert(!isMany, `plot: with ${chart} there are more than ${SERIES_MAX} series`)
}

/** The bars that its series are of. */
function barsOf({ views }: Desk, { series }: Declared): readonly BarsHandle[] {
  const lengths = [...views.values()].flatMap(({ feed }) => feed.lengths())
  return lengths.filter((one) => Object.values(series).some((single) => one.owns(single)))
}

function pointOf(one: Declared, bars: readonly BarsHandle[], closed: readonly Closed[]) {
  const own = closed.filter(({ handle }) => bars.includes(handle))
  if (own.length === 0) return undefined
  // Of several lengths the shortest began last, and nothing is told of before.
  const at = Math.max(one.lastAt, ...own.map(({ bar }) => bar.openAt))
  return chartOf(one, [at], ({ value }) => [value])
}

/** Of charts over one length of bars: what several have in common was at no time of one of them. */
function pastOf(one: Declared, bars: readonly BarsHandle[]): Chart | undefined {
  const [handle, ...others] = bars
  const length = Math.min(POINTS_MAX, ...Object.values(one.series).map((single) => single.length))
  if (handle === undefined || others.length > 0 || length === 0) return undefined
  const ages = Array.from({ length }, (_, index) => length - 1 - index)
  const at = ages.map((age) => handle.bars.at(age).openAt)
  return chartOf(one, at, (single) => ages.map((age) => single.at(age)))
}

function chartOf(
  { head, series }: Declared,
  at: readonly number[],
  valuesOf: (series: PlotSeries[string]) => readonly number[],
): Chart {
  const drawn = Object.entries(series).map(([name, single]): Drawn => {
    return { name, values: valuesOf(single) }
  })
  return { ...head, at, series: drawn }
}

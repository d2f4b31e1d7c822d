// Plot lines: the series of a bot's charts as lines, each with a look of its own.
//
// A line has a tone and a dash by its place among all series of the bot, so that it looks the same
// in the chart of prices, in the bot's own charts and in every legend.

import type { BotPlot } from '#client/shapes.ts'
import { fixed, grouped } from './numbers.ts'

export type PlotLine = {
  readonly chart: string
  readonly name: string
  /** 0 to 3, each. */
  readonly tone: number
  readonly dash: number
  readonly at: readonly number[]
  readonly values: readonly number[]
}

export const TONES = 4
const DIGITS = 6

/** The lines of each chart, in the charts' order. */
export function linesOf(charts: readonly BotPlot[]): readonly (readonly PlotLine[])[] {
  let count = 0
  return charts.map(({ chart, at, series }) =>
    series.map(({ name, values }) => {
      const look = { tone: count % TONES, dash: Math.floor(count / TONES) % TONES }
      count += 1
      return { chart, name, ...look, at, values }
    }),
  )
}

/** Of the charts that show prices of this market, wherever it is traded. */
export function linesOver(
  charts: readonly BotPlot[],
  market: string | undefined,
): readonly PlotLine[] {
  return linesOf(charts)
    .filter((_, index) => marketOf(charts[index]) === market)
    .flat()
}

/** 'internal:ETH-USDC' -> 'ETH-USDC'; null where values are of a kind of their own. */
export function marketOf(chart: BotPlot | undefined): string | null {
  return chart?.over?.split(':')[1] ?? null
}

/** One point a candle, and none where there is no candle: it would stretch the axis. Seconds. */
export function pointsOf(
  { at, values }: PlotLine,
  { width, candles }: { readonly width: number; readonly candles: ReadonlySet<number> },
): readonly (readonly [time: number, value: number])[] {
  const points = new Map<number, number>()
  for (const [index, micros] of at.entries()) {
    const seconds = Math.floor(micros / 1_000_000)
    const time = seconds - (seconds % width)
    if (candles.has(time)) points.set(time, values[index] ?? 0)
  }
  return [...points]
}

/** Prices with the market's digits, anything else with six that count. */
export function plotText(value: number | undefined, digits?: number): string {
  if (value === undefined) return '–'
  if (digits !== undefined) return fixed(value, digits)
  return grouped(String(Number(value.toPrecision(DIGITS))))
}

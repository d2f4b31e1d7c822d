// Plot lines: the last values of a strategy's charts, a line each, for people at a terminal.

import type { Chart } from '#kernel/plots.ts'

const DIGITS = 8

/** 'trend: quick 2510.25, calm 2508.5 at 2026-11-28T12:00:00'; the time is when the bar began. */
export function plotLines(charts: readonly Chart[]): string[] {
  return charts.map(({ chart, at, series }) => {
    const values = series.map(({ name, values: all }) => `${name} ${valueText(all.at(-1))}`)
    const time = new Date((at.at(-1) ?? 0) / 1_000).toISOString().slice(0, 19)
    return `${chart}: ${values.join(', ')} at ${time}`
  })
}

function valueText(value = 0): string {
  return String(Number(value.toPrecision(DIGITS)))
}

// Series: a price that follows recorded bars, played to and fro.
//
// The position is a number of bars since the start; it grows for ever, is saved by the caller and
// folds back at both ends, so that the price never jumps. Within a bar the price walks from open
// over its extremes to close, the nearer extreme of the move last.

import type { Bar } from './bar.ts'
import { BAR_MS } from './bar.ts'

export type Series = {
  /** Price at a position in bars; any number >= 0. */
  priceAt(position: number): number
  /** Bars until the series turns round. */
  readonly length: number
}

/** At least one bar. */
export function createSeries(bars: readonly Bar[]): Series {
  const length = bars.length
  return {
    length,
    priceAt(position) {
      const folded = position % (2 * length)
      const forward = folded < length ? folded : 2 * length - folded
      const index = Math.min(Math.floor(forward), length - 1)
      const bar = bars[index]
      return bar === undefined ? Number.NaN : priceInside(bar, forward - index)
    },
  }
}

/** A bar's price at a share of its minute: open, low, high, close when it rose. */
function priceInside(bar: Bar, share: number): number {
  const rose = bar.close >= bar.open
  const path = [bar.open, rose ? bar.low : bar.high, rose ? bar.high : bar.low, bar.close]
  const at = Math.min(Math.max(share, 0), 1) * 3
  const leg = Math.min(Math.floor(at), 2)
  const from = path[leg] ?? bar.open
  const to = path[leg + 1] ?? bar.close
  return from + (to - from) * (at - leg)
}

/**
 * Bars for the time before a series began: the series tiled backwards from endMs, every tile scaled
 * so that it joins the next one and the last close is endPrice.
 */
export function tileBackwards(
  bars: readonly Bar[],
  options: { readonly endMs: number; readonly endPrice: number; readonly count: number },
): Bar[] {
  const tiled: Bar[] = []
  let joint = options.endPrice
  let openMs = options.endMs
  while (tiled.length < options.count) {
    const scale = joint / (bars.at(-1)?.close ?? joint)
    for (let i = bars.length - 1; i >= 0 && tiled.length < options.count; i--) {
      const bar = bars[i]
      if (bar === undefined) break
      openMs -= BAR_MS
      tiled.push(scaled(bar, { scale, openMs }))
      joint = bar.open * scale
    }
  }
  return tiled.reverse()
}

function scaled(bar: Bar, by: { readonly scale: number; readonly openMs: number }): Bar {
  return {
    openMs: by.openMs,
    open: bar.open * by.scale,
    high: bar.high * by.scale,
    low: bar.low * by.scale,
    close: bar.close * by.scale,
    volume: bar.volume,
  }
}

// Bars for tests of strategies: a price that goes up and down, a minute a bar.

import type { Bar } from '#connectors/venue.ts'

export const START_US = 1_700_000_040_000_000
export const MINUTE_US = 60_000_000

/** Bars through these closes, each opening at the close before. */
export function barsOf(closes: readonly number[], startAt = START_US): Bar[] {
  return closes.map((close, at) => {
    const open = closes[at - 1] ?? close
    const [high, low] = [Math.max(open, close), Math.min(open, close)]
    return { openAt: startAt + at * MINUTE_US, open, high, low, close, volume: 10 }
  })
}

/** Around 2,000, up and down by 5 % every hour and a half. */
export function waves(count: number): Bar[] {
  return barsOf(Array.from({ length: count }, (_, at) => 2_000 * (1 + 0.05 * Math.sin(at / 15))))
}

// Interval: the widths of candles that the API knows.
//
// 1s and 1m are folded from trades; wider ones are put together from minutes. All are aligned to
// the epoch, so a day begins at midnight UTC.

import { MINUTE_US, SECOND_US } from '#kernel/time.ts'

export const INTERVALS = {
  '1s': SECOND_US,
  '1m': MINUTE_US,
  '5m': 5 * MINUTE_US,
  '15m': 15 * MINUTE_US,
  '1h': 60 * MINUTE_US,
  '4h': 240 * MINUTE_US,
  '1d': 1440 * MINUTE_US,
} as const satisfies Record<string, number>

export type Interval = keyof typeof INTERVALS

export const INTERVAL_NAMES = Object.keys(INTERVALS) as Interval[] // Object.keys forgets them.

export const DAY_US = INTERVALS['1d']

/** When the candle that an instant falls into opens. */
export function openOf(at: number, widthUs: number): number {
  return at - (at % widthUs)
}

// Interval: the length of a bar, written '1s', '90s', '5m', '4h' or '1d'.
//
// Any whole number of seconds up to a week. Bars begin at multiples of their length since 1970 in
// UTC, so that everybody who builds the same bar cuts it at the same instant.

const FORM = /^([1-9][0-9]{0,5})([smhd])$/
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }
const SECONDS_MAX = 7 * 86_400
const SECOND_US = 1_000_000

/** In microseconds; throws for what is not an interval. */
export function intervalUs(text: string): number {
  const [, count = '', unit = ''] = FORM.exec(text) ?? []
  const seconds = Number(count) * (SECONDS[unit] ?? 0)
  if (seconds > 0 && seconds <= SECONDS_MAX) return seconds * SECOND_US
  throw new RangeError(`'${text}' is not an interval: 1s, 90s, 5m, 4h, 1d, at most 7d`)
}

/** The beginning of the bar that an instant lies in. */
export function openOf(at: number, lengthUs: number): number {
  return Math.floor(at / lengthUs) * lengthUs
}

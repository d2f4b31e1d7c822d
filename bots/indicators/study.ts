// Study: one indicator as a step from an input to values, and how long it takes to settle.
//
// A moving average with memory forgets its beginning by a factor a step. `settled` says after how
// many steps what is left of the beginning is below 1e-11 of it: that many bars of history make the
// same value as ten times as many, to 1e-9 of a price that moved less than a hundredfold.

/** A bar as indicators read it; all of it is finite. */
export type Candle = {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

export type Study<In, Out> = {
  /** Inputs after which its values do not depend on where it began. */
  readonly needs: number
  /** Undefined while it has seen too few. */
  next(input: In): Out | undefined
}

export type Values<Key extends string> = Readonly<Record<Key, number>>

const FORGOTTEN = 1e-11

/** Steps until the share `kept` of each step has worn the beginning off. */
export function settled(kept: number): number {
  return kept <= 0 ? 1 : Math.ceil(Math.log(FORGOTTEN) / Math.log(kept))
}

/** Of an exponential average, its first value included. */
export function settledEma(period: number): number {
  return period + settled(1 - 2 / (period + 1))
}

/** Of Wilder's average, its first value included. */
export function settledWilder(period: number): number {
  return period + settled(1 - 1 / period)
}

/** Periods are whole; anything else is a mistake of the strategy. */
export function checkPeriod(period: number, min = 1): void {
  if (Number.isSafeInteger(period) && period >= min && period <= PERIOD_MAX) return
  throw new RangeError(`a period is a whole number from ${min} to ${PERIOD_MAX}, not ${period}`)
}

export const PERIOD_MAX = 10_000

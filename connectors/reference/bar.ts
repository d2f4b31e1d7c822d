// Bar: one minute of a reference price, as floats.
//
// Reference prices steer quotes and charts; they never touch a balance, so floats are right here.

export type Bar = {
  /** Start of the minute in milliseconds since 1970, UTC. */
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** In base units; 0 when not known. */
  readonly volume: number
}

export const BAR_MS = 60_000

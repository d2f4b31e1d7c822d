// Time: integers in microseconds since 1970, UTC.
//
// The sequencer stamps it and it never goes back (INV-16). Nothing here reads a clock; who needs
// one is handed a Clock by main.ts.

export type Micros = number & { readonly __unit: 'us' }

/** A clock as a port: wall time in microseconds. */
export type Clock = () => Micros

export const SECOND_US = 1_000_000
export const MINUTE_US = 60 * SECOND_US
export const DAY_US = 24 * 60 * MINUTE_US

/** Marks an integer of microseconds. */
export function asMicros(value: number): Micros {
  return value as Micros // A brand has no run-time form.
}

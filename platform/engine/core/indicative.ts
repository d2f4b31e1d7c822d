// Indicative: what an auction would trade now, told while it collects.
//
// No market has any yet.

import { NEVER } from './clock.ts'

/** When the next price is to be computed. */
export function nextIndicative(): i64 {
  return NEVER
}

/** Computes the price of the first auction that is due. */
export function tellIndicative(): void {}

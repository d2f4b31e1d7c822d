// Delisting: orders of markets that are not traded any more are cancelled by ticks.
//
// No market has any yet.

import { NEVER } from './clock.ts'

/** When orders of delisted markets are to be cancelled: 0 or never. */
export function nextDelisted(): i64 {
  return NEVER
}

/** Cancels some orders of the lowest delisted market that has any. */
export function cancelDelisted(): void {}

// Auction: how a market that collected orders finds its price, and when phases end.
//
// No market has any yet.

import { NEVER } from './clock.ts'

/** When the next uncross goes on, or a halt or an auction ends. */
export function nextPhase(): i64 {
  return NEVER
}

/** Goes on with the first uncross, or ends the first phase that is over. */
export function endPhase(): void {}

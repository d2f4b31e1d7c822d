// Sessions: the boundaries of the day at which markets open and close.
//
// No market has any yet.

import { NEVER } from './clock.ts'

/** When the next boundary of a session is due. */
export function nextSession(): i64 {
  return NEVER
}

/** Changes the phase of the market whose boundary is the earliest. */
export function session(): void {}

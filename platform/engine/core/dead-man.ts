// Dead man: timers of keys, which cancel orders unless they are set again in time.
//
// No order has any yet.

import { NEVER } from './clock.ts'

/** When the next timer goes off. */
export function nextDeadMan(): i64 {
  return NEVER
}

/** Lets the first timer go off and cancels the orders of its key. */
export function fireDeadMan(): void {}

// Expiry: orders that end by themselves, GTD and DAY.
//
// No order has any yet.

import { NEVER } from './clock.ts'

/** When the next order expires. */
export function nextExpiry(): i64 {
  return NEVER
}

/** Cancels some orders whose time is over, the earliest first. */
export function expire(): void {}

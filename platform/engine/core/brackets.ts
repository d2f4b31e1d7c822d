// Brackets: entries and the exits that protect what they bought.
//
// No order has any yet.

import { NEVER } from './clock.ts'

/** When a bracket needs attention: 0 or never. */
export function nextBracket(): i64 {
  return NEVER
}

/** Handles the first bracket that needs attention. */
export function mindBracket(): void {}

// Firing: triggers that are due, a batch at a time.
//
// No order has any yet.

import { NEVER } from './clock.ts'

/** When triggers are due: 0 or never. */
export function nextTrigger(): i64 {
  return NEVER
}

/** Fires the first TRIGGERS_PER_COMMAND_MAX that are due. */
export function fireTriggers(): void {}

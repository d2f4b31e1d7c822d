// Duplicates: what a caller's id says about a command, before any other check.
//
// INV-09: a known id with the same body gets the same answer, with another body a mismatch. What
// the window has passed by cannot be told from a repetition and is refused. None of these refusals
// is remembered, so the first answer stays the answer.

import { SENT_AHEAD_US } from '../limits.ts'
import { clock } from './clock.ts'
import * as codes from './codes.ts'
import { Asking } from './commands.ts'
import { ask, forgetOld, hasSameBody, recall, windowStart } from './outcomes.ts'

/** The command is new: go on. */
export const NEW: i32 = 0
/** The command repeats another: the clock has its outcome. */
export const REPEATED: i32 = -1
/** Nothing is remembered of the id. */
const UNKNOWN: i32 = -2

/** NEW, REPEATED or a refusal's number. */
export function lookUp(account: i32, kindClass: u32, asking: Asking): i32 {
  const known = recallAnswer(account, kindClass, asking)
  return known === UNKNOWN ? refuseByTime(asking.sentAt) : known
}

/** The same, but for what lies outside the window as well: UNKNOWN becomes NEW. */
export function lookUpRemembered(account: i32, kindClass: u32, asking: Asking): i32 {
  const known = recallAnswer(account, kindClass, asking)
  return known === UNKNOWN ? NEW : known
}

/** NEW, or why a command that was sent at this time cannot be taken for new. */
export function refuseByTime(sentAt: i64): i32 {
  if (sentAt > clock.time + SENT_AHEAD_US) return codes.IDEMPOTENCY_IN_FUTURE
  return sentAt < windowStart(clock.time) ? codes.IDEMPOTENCY_TOO_OLD : NEW
}

function recallAnswer(account: i32, kindClass: u32, asking: Asking): i32 {
  forgetOld(clock.time)
  ask(account, kindClass, asking)
  const outcome = recall(asking)
  if (outcome === null) return UNKNOWN
  if (!hasSameBody(outcome, asking)) return codes.IDEMPOTENCY_MISMATCH
  clock.outcomeCode = outcome.code
  clock.outcomeSeq = outcome.seq
  clock.isDuplicate = 1
  return REPEATED
}

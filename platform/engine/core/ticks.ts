// Ticks: what falls due, in which order, and one of it at a time.
//
// The table of docs/rules/ticks.md, row by row: each has a function that says when it is due and
// one that does it. What is due for work that is there already is 0, the time of what never comes
// is NEVER.

import { endPhase, nextPhase } from './auction.ts'
import { nextBracket } from './brackets.ts'
import { clock } from './clock.ts'
import { fireDeadMan, nextDeadMan } from './dead-man.ts'
import { cancelDelisted, nextDelisted } from './delisting.ts'
import { expire } from './ends.ts'
import { mindBracket } from './exits.ts'
import { nextExpiry } from './expiry.ts'
import { fireTriggers, nextTrigger } from './firing.ts'
import { nextIndicative, tellIndicative } from './indicative.ts'
import { nextQueued, takeInFirst } from './queue.ts'
import { nextSession, session } from './sessions.ts'

/** Does the first thing that is due, once; nothing when none is. */
export function tick(): void {
  const now = clock.time
  if (nextExpiry() <= now) expire()
  else if (nextSession() <= now) session()
  else if (nextDeadMan() <= now) fireDeadMan()
  else if (nextPhase() <= now) endPhase()
  else if (nextDelisted() <= now) cancelDelisted()
  else if (nextBracket() <= now) mindBracket()
  else if (nextQueued() <= now) takeInFirst()
  else if (nextIndicative() <= now) tellIndicative()
  else if (nextTrigger() <= now) fireTriggers()
}

/** When the earliest is due of what comes before the next customer's command. */
export function nextUrgent(): i64 {
  const timed = min(min(nextExpiry(), nextSession()), min(nextDeadMan(), nextPhase()))
  return min(timed, min(min(nextDelisted(), nextBracket()), nextQueued()))
}

/** When the earliest of all is due. */
export function nextDue(): i64 {
  return min(nextUrgent(), min(nextIndicative(), nextTrigger()))
}

// Outcomes: what each caller's id was answered, so that asking again gets the same answer.
//
// First in, first out: a Map keeps its insertion order, so its first key is the oldest outcome.
// An id is known by account and class (orders are one class, all other requests the other).

import type { Command } from '#engine/command.ts'
import { ACCOUNTS_MAX, OUTCOME_WINDOW_US, OUTCOMES_MAX, SENT_AHEAD_US } from '#engine/limits.ts'
import type { RefusalCode } from '#kernel/refusals.ts'

export type Outcome = {
  readonly bodyHash: string
  readonly sentAt: number
  /** Of the command. */
  readonly time: number
  readonly seq: number
  readonly code: RefusalCode | null
}

export type Memory = { readonly outcomes: Map<string, Outcome>; lastEvictedSentAt: number }

/** The caller's side of a command that is remembered. */
export type Caller = {
  readonly key: string
  readonly bodyHash: string
  readonly sentAt: number
  /** Of a withdrawal: its id is unique for ever. */
  readonly withdrawal: boolean
}

export function createMemory(): Memory {
  return { outcomes: new Map(), lastEvictedSentAt: -1 }
}

/** Who asks by which id; null for commands that are not remembered. */
export function callerOf(command: Command): Caller | null {
  if (!('sentAt' in command)) return null
  const order = command.kind === 'place'
  const id = order ? command.clientOrderId : command.requestId
  if (id === '' || command.account >= ACCOUNTS_MAX) return null
  const key = `${command.account}/${order ? 0 : 1}/${id}`
  const withdrawal = command.kind === 'requestWithdrawal'
  return { key, bodyHash: command.bodyHash, sentAt: command.sentAt, withdrawal }
}

/** Outcomes leave from the front once no retry of them could be new enough. */
export function forgetOld(memory: Memory, time: number): void {
  for (const [key, outcome] of memory.outcomes) {
    if (outcome.time >= time - OUTCOME_WINDOW_US - SENT_AHEAD_US) return
    memory.outcomes.delete(key)
  }
}

/** Why an id that is not remembered cannot be used now; null when it can. */
export function refuseByTime(memory: Memory, sentAt: number, time: number): RefusalCode | null {
  if (sentAt > time + SENT_AHEAD_US) return 'idempotency.in_future'
  const windowStart = Math.max(time - OUTCOME_WINDOW_US, memory.lastEvictedSentAt + 1)
  return sentAt < windowStart ? 'idempotency.too_old' : null
}

/** Remembers an outcome; when the memory is full the oldest leaves and closes the window. */
export function remember(memory: Memory, key: string, outcome: Outcome): void {
  const oldest = memory.outcomes.entries().next().value
  if (memory.outcomes.size >= OUTCOMES_MAX && oldest !== undefined) {
    memory.outcomes.delete(oldest[0])
    memory.lastEvictedSentAt = Math.max(memory.lastEvictedSentAt, oldest[1].sentAt)
  }
  memory.outcomes.set(key, outcome)
}

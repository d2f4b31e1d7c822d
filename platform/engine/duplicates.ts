// Duplicates: what a caller's id says about a command, before any other check.
//
// INV-09: a known id with the same body gets the same answer, with another body a mismatch. What
// the window has passed by cannot be told from a repetition and is refused. None of these refusals
// is remembered, so the first answer stays the answer.

import { refusalNumber } from '#kernel/refusals.ts'
import * as records from './codec/commands.ts'
import { putLatin1 } from './codec/fields.ts'
import type { Words } from './codec/words.ts'
import * as words from './codec/words.ts'
import * as columns from './columns.ts'
import type { CallerStamp } from './command.ts'
import { withdrawalKey } from './commands/withdrawals.ts'
import * as limits from './limits.ts'
import * as memory from './outcomes.ts'
import type { Engine, UsedWithdrawalId } from './state.ts'
import * as states from './state.ts'

const { WORD } = records
const { CELL_WORDS, put64, wordAt } = words
const { intAt, numAt } = columns
const { SENT_AHEAD_US } = limits
const {
  ask,
  askedSentAt,
  CODE,
  ENTRY_INTS,
  ENTRY_NUMS,
  ENTRY_SEQ,
  forgetOld,
  hasSameBody,
  ORDER_CLASS,
  REQUEST_CLASS,
  recall,
  whoOf,
  windowStart,
} = memory
const { TIME } = states

const MISMATCH = refusalNumber('idempotency.mismatch')
const IN_FUTURE = refusalNumber('idempotency.in_future')
const TOO_OLD = refusalNumber('idempotency.too_old')

/** The command is new: go on. */
export const NEW = 0
/** The command repeats another: engine.outcome is set. */
export const REPEATED = -1

/** NEW, REPEATED or a refusal's number, for a place command with an id. */
export function lookUpOrder(engine: Engine, { i32 }: Words, at: number): number {
  const word = at * CELL_WORDS
  ask(engine.outcomes, whoOf(wordAt(i32, word + WORD.account), ORDER_CLASS), i32, word)
  const known = recallAnswer(engine)
  return known === NEW ? refuseByTime(engine) : known
}

export type Request = CallerStamp & {
  readonly kind: string
  readonly account: number
  readonly requestId: string
}

/** The same for a request with an id; accepted withdrawals are known for ever. */
export function lookUpRequest(engine: Engine, request: Request): number {
  const { bytes, i32 } = engine.asking
  i32.fill(0)
  bytes[4 * WORD.callerId] = request.requestId.length
  putLatin1(bytes, 4 * WORD.callerId + 1, request.requestId)
  putLatin1(bytes, 4 * WORD.bodyHash, request.bodyHash)
  put64(i32, WORD.sentAt, request.sentAt)
  ask(engine.outcomes, whoOf(request.account, REQUEST_CLASS), i32, 0)
  const known = recallAnswer(engine)
  if (known !== NEW) return known
  const used = request.kind === 'requestWithdrawal' ? usedId(engine, request) : undefined
  if (used === undefined) return refuseByTime(engine)
  if (used.bodyHash !== request.bodyHash) return MISMATCH
  return repeat(engine, 0, used.seq)
}

function usedId(engine: Engine, { account, requestId }: Request): UsedWithdrawalId | undefined {
  return engine.withdrawalIds.get(withdrawalKey(account, requestId))
}

function recallAnswer(engine: Engine): number {
  const { outcomes } = engine
  forgetOld(outcomes, numAt(engine.clock, TIME))
  const found = recall(outcomes)
  if (found === 0) return NEW
  if (!hasSameBody(outcomes, found - 1)) return MISMATCH
  const { rows } = outcomes
  const code = intAt(rows.i32, (found - 1) * ENTRY_INTS + CODE)
  return repeat(engine, code, numAt(rows.f64, (found - 1) * ENTRY_NUMS + ENTRY_SEQ))
}

function refuseByTime({ outcomes, clock }: Engine): number {
  const time = numAt(clock, TIME)
  const sentAt = askedSentAt(outcomes)
  if (sentAt > time + SENT_AHEAD_US) return IN_FUTURE
  return sentAt < windowStart(outcomes, time) ? TOO_OLD : NEW
}

function repeat({ outcome }: Engine, code: number, seq: number): number {
  outcome.code = code
  outcome.seq = seq
  outcome.duplicate = true
  return REPEATED
}

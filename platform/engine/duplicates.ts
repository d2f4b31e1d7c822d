// Duplicates: what a request's id says about it, before any other check.
//
// INV-09 is kept by the core, whose memory this asks; only the ids of accepted withdrawals, which
// are known for ever, are kept outside of it.

import { refusalNumber } from '#kernel/refusals.ts'
import { WORD } from './codec/commands.ts'
import { putLatin1 } from './codec/fields.ts'
import { put64 } from './codec/words.ts'
import type { CallerStamp } from './command.ts'
import { withdrawalKey } from './commands/withdrawals.ts'
import type { Core } from './instance.ts'
import { CLOCK_WORD } from './rows.ts'
import type { Engine } from './state.ts'

const MISMATCH = refusalNumber('idempotency.mismatch')

/** The command is new: go on. */
export const NEW = 0
/** The command repeats another: engine.outcome is set. */
export const REPEATED = -1

export type Request = CallerStamp & {
  readonly kind: string
  readonly account: number
  readonly requestId: string
}

/** NEW, REPEATED or a refusal's number, for a request with an id. */
export function lookUpRequest(engine: Engine, request: Request): number {
  const { core, withdrawalIds } = engine
  putAsking(core, { ...request, id: request.requestId })
  const known = core.calls.recallRequest(request.account)
  if (known !== NEW) return known
  const key = withdrawalKey(request.account, request.requestId)
  const used = request.kind === 'requestWithdrawal' ? withdrawalIds.get(key) : undefined
  if (used === undefined) return core.calls.refuseByTime()
  if (used.bodyHash !== request.bodyHash) return MISMATCH
  const { i32 } = core.view
  put64(i32, core.clockWord + CLOCK_WORD.outcomeSeq, used.seq)
  i32[core.clockWord + CLOCK_WORD.isDuplicate] = 1
  return REPEATED
}

/** Writes id, hash and sentAt where the core looks for them. */
export function putAsking(
  core: Core,
  row: { readonly id: string; readonly bodyHash: string; readonly sentAt: number },
): void {
  const { bytes, i32 } = core.asking.cells
  i32.fill(0)
  bytes[4 * WORD.callerId] = row.id.length
  putLatin1(bytes, 4 * WORD.callerId + 1, row.id)
  putLatin1(bytes, 4 * WORD.bodyHash, row.bodyHash)
  put64(i32, WORD.sentAt, row.sentAt)
}

// Withdrawals: requested (held), signed, then settled (paid) or failed (released).
//
// INV-13: a settled or failed withdrawal is gone, so it can neither be paid nor released again; and
// an accepted (account, requestId) is never accepted twice.

import { SAFE_MAX } from '#kernel/amount.ts'
import { asId, type OrderId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { CHAIN, FEES } from '../accounts.ts'
import type {
  FailWithdrawal,
  RequestWithdrawal,
  SettleWithdrawal,
  SignWithdrawal,
} from '../command.ts'
import { emitPayload } from '../emit.ts'
import { WITHDRAWAL_IDS_MAX, WITHDRAWALS_OPEN_MAX } from '../limits.ts'
import { available, move } from '../postings.ts'
import type { Engine, WithdrawalRow } from '../state.ts'
import { refuseAccount } from './account-states.ts'

export function requestWithdrawal(engine: Engine, command: RequestWithdrawal): RefusalCode | null {
  const { account, asset, amount, fee, address, requestId, bodyHash } = command
  const { withdrawals, withdrawalIds, clock } = engine
  const refused = refuseAccount(engine, account)
  if (refused !== null) return refused
  if (engine.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0) return 'request.malformed'
  if (amount + fee > SAFE_MAX) return 'order.too_large'
  if (withdrawals.size >= WITHDRAWALS_OPEN_MAX) return 'capacity.exhausted'
  if (withdrawalIds.size >= WITHDRAWAL_IDS_MAX) return 'capacity.exhausted'
  if (amount + fee > available(engine, account, asset)) return 'funds.insufficient'
  const { seq } = clock
  const shown = {
    withdrawalId: asId<OrderId>(seq),
    account,
    asset,
    amount,
    fee,
    address,
    requestId,
  }
  const requestedAt = asMicros(clock.time)
  withdrawals.set(seq, { ...shown, requestedAt, signed: null })
  if (requestId !== '') withdrawalIds.set(withdrawalKey(account, requestId), { seq, bodyHash })
  engine.core.calls.hold(account, asset, amount + fee)
  emitPayload(engine, { kind: 'withdrawalRequested', ...shown })
  return null
}

/** Under what an accepted withdrawal's id is known for ever. */
export function withdrawalKey(account: number, requestId: string): string {
  return `${account}/${requestId}`
}

export function signWithdrawal(engine: Engine, command: SignWithdrawal): RefusalCode | null {
  const { withdrawalId, instance, nonce, txHash, rawTransaction } = command
  const row = engine.withdrawals.get(withdrawalId)
  if (row === undefined) return 'not_found'
  const next = { instance, nonce, txHash, rawTransaction }
  if (row.signed !== null && isSame(row.signed, next)) return null
  if (row.signed?.instance === instance) return 'idempotency.mismatch'
  row.signed = next
  emitPayload(engine, { kind: 'withdrawalSigned', withdrawalId, account: row.account, ...next })
  return null
}

export function settleWithdrawal(engine: Engine, command: SettleWithdrawal): RefusalCode | null {
  const row = engine.withdrawals.get(command.withdrawalId)
  if (row === undefined) return 'not_found'
  const { withdrawalId, account, asset, amount, fee } = row
  release(engine, row)
  emitPayload(engine, { kind: 'withdrawalSettled', withdrawalId, account, txHash: command.txHash })
  const between = { from: account, asset, reference: withdrawalId }
  move(engine, { ...between, kind: 'withdrawal', to: CHAIN, amount })
  if (fee !== 0) move(engine, { ...between, kind: 'withdrawal_fee', to: FEES, amount: fee })
  return null
}

export function failWithdrawal(engine: Engine, command: FailWithdrawal): RefusalCode | null {
  const row = engine.withdrawals.get(command.withdrawalId)
  if (row === undefined) return 'not_found'
  const { withdrawalId, account } = row
  release(engine, row)
  emitPayload(engine, { kind: 'withdrawalFailed', withdrawalId, account })
  return null
}

type Signed = NonNullable<WithdrawalRow['signed']>

function isSame(a: Signed, b: Signed): boolean {
  return (
    a.instance === b.instance &&
    a.nonce === b.nonce &&
    a.txHash === b.txHash &&
    a.rawTransaction === b.rawTransaction
  )
}

function release(engine: Engine, row: WithdrawalRow): void {
  engine.withdrawals.delete(row.withdrawalId)
  engine.core.calls.hold(row.account, row.asset, -(row.amount + row.fee))
}

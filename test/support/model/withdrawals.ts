// Withdrawals: requested (held), signed, then settled (paid) or failed (released).
//
// INV-13: a settled or failed withdrawal is gone, so it can neither be paid nor released again.

import type {
  FailWithdrawal,
  RequestWithdrawal,
  SettleWithdrawal,
  SignWithdrawal,
} from '#engine/command.ts'
import { WITHDRAWALS_OPEN_MAX } from '#engine/limits.ts'
import { SAFE_MAX } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { move } from './accounts.ts'
import { refuseAccount } from './accounts-marks.ts'
import { available, CHAIN, FEES, hold } from './ledger.ts'
import type { Withdrawal, World } from './world.ts'
import { emit } from './world.ts'

export function requestWithdrawal(world: World, command: RequestWithdrawal): RefusalCode | null {
  const { account, asset, amount, fee, address, requestId } = command
  const refused = refuseAccount(world, account)
  if (refused !== null) return refused
  if (world.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0) return 'request.malformed'
  const total = BigInt(amount) + BigInt(fee)
  if (total > SAFE_MAX) return 'order.too_large'
  if (world.withdrawals.size >= WITHDRAWALS_OPEN_MAX) return 'capacity.exhausted'
  if (total > available(world.ledger, account, asset)) return 'funds.insufficient'
  const withdrawalId = asId<Withdrawal['withdrawalId']>(world.seq)
  const shown = { withdrawalId, account, asset, amount, fee, address, requestId }
  world.withdrawals.set(withdrawalId, { ...shown, requestedAt: world.time, signed: null })
  hold(world.ledger, account, asset, total)
  emit(world, { kind: 'withdrawalRequested', ...shown })
  return null
}

export function signWithdrawal(world: World, command: SignWithdrawal): RefusalCode | null {
  const { withdrawalId, instance, nonce, txHash, rawTransaction } = command
  const withdrawal = world.withdrawals.get(withdrawalId)
  if (withdrawal === undefined) return 'not_found'
  const next = { instance, nonce, txHash, rawTransaction }
  const { account, signed } = withdrawal
  if (signed !== null && JSON.stringify(signed) === JSON.stringify(next)) return null
  if (signed?.instance === instance) return 'idempotency.mismatch'
  withdrawal.signed = next
  emit(world, { kind: 'withdrawalSigned', withdrawalId, account, ...next })
  return null
}

export function settleWithdrawal(world: World, command: SettleWithdrawal): RefusalCode | null {
  const withdrawal = world.withdrawals.get(command.withdrawalId)
  if (withdrawal === undefined) return 'not_found'
  const { withdrawalId, account, asset, amount, fee } = withdrawal
  release(world, withdrawal)
  emit(world, { kind: 'withdrawalSettled', withdrawalId, account, txHash: command.txHash })
  const between = { from: account, asset, reference: withdrawalId }
  move(world, { ...between, kind: 'withdrawal', to: CHAIN, amount: BigInt(amount) })
  if (fee === 0) return null
  move(world, { ...between, kind: 'withdrawal_fee', to: FEES, amount: BigInt(fee) })
  return null
}

export function failWithdrawal(world: World, command: FailWithdrawal): RefusalCode | null {
  const withdrawal = world.withdrawals.get(command.withdrawalId)
  if (withdrawal === undefined) return 'not_found'
  const { withdrawalId, account } = withdrawal
  release(world, withdrawal)
  emit(world, { kind: 'withdrawalFailed', withdrawalId, account })
  return null
}

function release(world: World, withdrawal: Withdrawal): void {
  const { withdrawalId, account, asset, amount, fee } = withdrawal
  world.withdrawals.delete(withdrawalId)
  hold(world.ledger, account, asset, -(BigInt(amount) + BigInt(fee)))
}

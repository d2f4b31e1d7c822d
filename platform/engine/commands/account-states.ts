// Account states: freezing, and closing for ever; and what other commands ask about both.
//
// The marks are kept by the core, which asks them before every order. A closed account stays closed
// and its number is never used again.

import type { AccountId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { type AccountRow, rowOf } from '../accounts.ts'
import type { CloseAccount, FreezeAccount } from '../command.ts'
import { emitPayload } from '../emit.ts'
import type { Engine } from '../state.ts'

/** Marks of an account in the core. */
export const FROZEN = 1
export const CLOSED = 2

/** Why an account that must be neither closed nor frozen is refused. */
export function refuseAccount(engine: Engine, account: number): RefusalCode | null {
  if (rowOf(engine.accounts, account) === undefined) return 'account.unknown'
  const marks = marksOf(engine, account)
  if ((marks & CLOSED) !== 0) return 'account.closed'
  return (marks & FROZEN) === 0 ? null : 'account.frozen'
}

/** The same for one that may be frozen. */
export function refuseClosed(engine: Engine, account: number): RefusalCode | null {
  const refusal = refuseAccount(engine, account)
  return refusal === 'account.frozen' ? null : refusal
}

export function marksOf({ core }: Engine, account: number): number {
  return core.calls.marksOf(account)
}

export function freezeAccount(engine: Engine, command: FreezeAccount): RefusalCode | null {
  const { account, frozen } = command
  const refusal = refuseClosed(engine, account)
  if (refusal !== null) return refusal
  const marks = marksOf(engine, account)
  if (((marks & FROZEN) !== 0) === frozen) return null
  engine.core.calls.setMarks(account, frozen ? FROZEN : 0)
  emitPayload(engine, { kind: 'accountFrozen', account, frozen })
  return null
}

export function closeAccount(engine: Engine, command: CloseAccount): RefusalCode | null {
  const { account, closing } = command
  const refusal = refuseAccount(engine, account)
  if (refusal !== null) return refusal
  const [asking, row] = [rowOf(engine.accounts, account), rowOf(engine.accounts, closing)]
  if (row === undefined || row.owner !== asking?.owner) return 'account.unknown'
  if (row.accountKind === 'main') return 'request.malformed'
  const marks = marksOf(engine, closing)
  if ((marks & CLOSED) !== 0) return null
  if (!isEmpty(engine, row)) return 'account.not_empty'
  close(engine, row, marks)
  emitPayload(engine, { kind: 'accountClosed', account: closing })
  return null
}

/** Marks an account closed: it no longer counts as a sub-account of its owner. */
export function close({ accounts, core }: Engine, row: AccountRow, marks: number): void {
  core.calls.setMarks(row.account, marks | CLOSED)
  accounts.subCount.set(row.owner, (accounts.subCount.get(row.owner) ?? 0) - 1)
}

/** To whom a deposit for an account is posted: for a closed one its owner's main account. */
export function payeeOf(engine: Engine, row: AccountRow): AccountId {
  return (marksOf(engine, row.account) & CLOSED) === 0 ? row.account : row.owner
}

function isEmpty({ assets, core }: Engine, { account }: AccountRow): boolean {
  if (core.calls.hasOpen(account) !== 0) return false
  return assets.every(
    ({ asset }) =>
      core.calls.cashOf(account, asset) === 0 && core.calls.heldOf(account, asset) === 0,
  )
}

// Marks of accounts: frozen ones do nothing new, closed ones nothing ever.

import type { CloseAccount, FreezeAccount } from '#engine/command.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import type { World } from './world.ts'
import { emit } from './world.ts'

/** Why an account may not ask for this; null when it may. */
export function refuseAccount(world: World, account: AccountId): RefusalCode | null {
  const refused = refuseClosed(world, account)
  if (refused !== null) return refused
  return world.accounts.get(account)?.frozen === true ? 'account.frozen' : null
}

/** The same where a frozen account may. */
export function refuseClosed({ accounts }: World, account: AccountId): RefusalCode | null {
  const known = accounts.get(account)
  if (known === undefined) return 'account.unknown'
  return known.closed ? 'account.closed' : null
}

export function freezeAccount(world: World, command: FreezeAccount): RefusalCode | null {
  const { account, frozen } = command
  const refused = refuseClosed(world, account)
  if (refused !== null) return refused
  const known = world.accounts.get(account)
  if (known === undefined || known.frozen === frozen) return null
  known.frozen = frozen
  emit(world, { kind: 'accountFrozen', account, frozen })
  return null
}

export function closeAccount(world: World, command: CloseAccount): RefusalCode | null {
  const refused = refuseAccount(world, command.account)
  if (refused !== null) return refused
  const owner = world.accounts.get(command.account)?.owner
  const closing = world.accounts.get(command.closing)
  if (closing === undefined || closing.owner !== owner) return 'account.unknown'
  if (closing.accountKind === 'main') return 'request.malformed'
  if (closing.closed) return null
  if (!isEmpty(world, closing.account)) return 'account.not_empty'
  closing.closed = true
  emit(world, { kind: 'accountClosed', account: closing.account })
  return null
}

function isEmpty({ orders, brackets, ledger }: World, account: AccountId): boolean {
  if ([...orders.values()].some((order) => order.account === account)) return false
  if (brackets.some(({ entry }) => entry.account === account)) return false
  const rows = [...ledger.rows.values()].filter((row) => row.account === account)
  return rows.every(({ cash, held }) => cash === 0n && held === 0n)
}

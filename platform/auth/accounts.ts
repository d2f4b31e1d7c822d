// Users and the accounts that the engine opens for them.
//
// A user is written as pending, then the account is opened, which is idempotent by the user's id,
// then the user is active. A stop between any two steps is mended at the next start and at sign-in:
// both sides agree before anyone gets in.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { enterUser, type Live, type LiveUser } from './live.ts'
import type { AuthStore, UserRow } from './store.ts'

export type Accounts = {
  /** The live user, its account opened if need be. */
  activate(row: UserRow): Promise<Result<LiveUser>>
  /** Activates all pending users; the number that are still pending. */
  reconcile(): Promise<number>
}

export type AccountsDeps = {
  readonly live: Live
  readonly store: Pick<AuthStore, 'activateUser' | 'pendingUsers'>
  /** Opens the main account of a user, or tells the one it has. */
  readonly openAccount: (userId: string) => Promise<Result<number>>
  readonly now: () => number
}

const PENDING_AT_ONCE = 100

export function createAccounts({ live, store, openAccount, now }: AccountsDeps): Accounts {
  const activate = async (row: UserRow): Promise<Result<LiveUser>> => {
    const known = live.users.get(row.id)
    if (known !== undefined) return accept(known)
    const opened = row.account === null ? await openAccount(row.id) : accept(row.account)
    if (!opened.ok) return opened
    if (row.status === 'pending') await store.activateUser(row.id, opened.value, now())
    const user = enterUser(live, { ...row, status: 'active', account: opened.value })
    return user === undefined ? refuse('capacity.exhausted') : accept(user)
  }
  const reconcile = async (): Promise<number> => {
    for (;;) {
      const rows = await store.pendingUsers(PENDING_AT_ONCE)
      const results = await Promise.all(rows.map(activate))
      const failed = results.filter((result) => !result.ok).length
      // What cannot be opened now is tried again at sign-in; a full page of it ends the round.
      if (failed > 0 || rows.length < PENDING_AT_ONCE) return failed
    }
  }
  return { activate, reconcile }
}

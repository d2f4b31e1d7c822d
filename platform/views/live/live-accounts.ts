// Live accounts: who there is, and what each account has.
//
// Customers only have rows; the balances of system accounts are kept, too, for the sums. INV-03 as
// seen from outside: available = cash - held, both as the engine said last.

import type { AccountOpened } from '#engine/event.ts'
import type { BalanceRow } from '#engine/image.ts'
import type { AccountId, AssetId } from '#kernel/ids.ts'

export type AccountRow = Omit<AccountOpened, 'kind'> & {
  readonly frozen: boolean
  readonly closed: boolean
}

export type LiveAccounts = {
  open(row: AccountRow): void
  /** Sets marks of an account that is there. */
  mark(id: AccountId, marks: Partial<Pick<AccountRow, 'frozen' | 'closed'>>): void
  setBalance(row: BalanceRow): void
  get(id: AccountId): AccountRow | undefined
  /** The customer's main account. */
  ofUser(userId: string): AccountRow | undefined
  /** The main account and its sub-accounts, oldest first. */
  ofOwner(owner: AccountId): readonly AccountRow[]
  /** In the order of asset ids; empty ones are left out, as they are after a restart. */
  balances(id: AccountId): BalanceRow[]
  balance(id: AccountId, asset: AssetId): BalanceRow | undefined
  allBalances(): BalanceRow[]
}

export function createLiveAccounts(): LiveAccounts {
  const rows = new Map<AccountId, AccountRow>()
  const users = new Map<string, AccountId>()
  const owners = new Map<AccountId, AccountId[]>()
  const balances = new Map<AccountId, Map<AssetId, BalanceRow>>()
  const of = (id: AccountId): BalanceRow[] =>
    [...(balances.get(id)?.values() ?? [])]
      .filter(({ cash, held }) => cash !== 0 || held !== 0)
      .sort((a, b) => a.asset - b.asset)
      // What is kept may be the event that said it last.
      .map(({ account, asset, cash, held }) => ({ account, asset, cash, held }))
  const rowOf = (id: AccountId | undefined) => (id === undefined ? undefined : rows.get(id))
  return {
    open: (row) => {
      rows.set(row.account, row)
      if (row.userId !== '') users.set(row.userId, row.account)
      owners.set(row.owner, [...(owners.get(row.owner) ?? []), row.account])
    },
    mark: (id, marks) => {
      const row = rows.get(id)
      if (row !== undefined) rows.set(id, { ...row, ...marks })
    },
    setBalance: (row) => {
      const account = balances.get(row.account) ?? new Map<AssetId, BalanceRow>()
      if (account.size === 0) balances.set(row.account, account)
      account.set(row.asset, row)
    },
    get: (id) => rows.get(id),
    ofUser: (userId) => rowOf(users.get(userId)),
    ofOwner: (owner) => (owners.get(owner) ?? []).map(rowOf).filter((row) => row !== undefined),
    balances: of,
    balance: (id, asset) => balances.get(id)?.get(asset),
    allBalances: () => [...balances.keys()].sort((a, b) => a - b).flatMap(of),
  }
}

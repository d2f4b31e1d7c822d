// Live accounts: who there is, and what each account has.
//
// Customers only have rows; the balances of system accounts are kept, too, for the sums. INV-03 as
// seen from outside: available = cash - held, both as the engine said last.

import * as peek from '#engine/codec/peek.ts'
import type { Cells } from '#engine/codec.ts'
import type { AccountOpened } from '#engine/event.ts'
import type { BalanceRow } from '#engine/image.ts'
import { asUnit } from '#kernel/amount.ts'
import { type AccountId, type AssetId, asId } from '#kernel/ids.ts'

export type AccountRow = Omit<AccountOpened, 'kind'> & {
  readonly frozen: boolean
  readonly closed: boolean
}

export type LiveAccounts = {
  open(row: AccountRow): void
  /** Sets marks of an account that is there. */
  mark(id: AccountId, marks: Partial<Pick<AccountRow, 'frozen' | 'closed'>>): void
  setBalance(row: BalanceRow): void
  /** The balance event at a cell. */
  takeBalance(cells: Cells, at: number): void
  get(id: AccountId): AccountRow | undefined
  /** False of the system's own accounts. */
  isCustomer(id: AccountId): boolean
  /** The customer's main account. */
  ofUser(userId: string): AccountRow | undefined
  /** The main account and its sub-accounts, oldest first. */
  ofOwner(owner: AccountId): readonly AccountRow[]
  /** In the order of asset ids; empty ones are left out, as they are after a restart. */
  balances(id: AccountId): BalanceRow[]
  balance(id: AccountId, asset: AssetId): BalanceRow | undefined
  allBalances(): BalanceRow[]
}

/** cash and held of an account, by asset. */
type Sums = { readonly cash: number[]; readonly held: number[] }

export function createLiveAccounts(): LiveAccounts {
  const rows: (AccountRow | undefined)[] = []
  const users = new Map<string, AccountId>()
  const owners = new Map<AccountId, AccountId[]>()
  const sums: (Sums | undefined)[] = []
  const sumsOf = (account: AccountId): Sums => {
    const own = sums[account] ?? { cash: [], held: [] }
    sums[account] = own
    return own
  }
  const balance = (account: AccountId, asset: AssetId): BalanceRow | undefined => {
    const cash = sums[account]?.cash[asset]
    if (cash === undefined) return undefined
    const held = sums[account]?.held[asset] ?? 0
    return { account, asset, cash: asUnit(cash), held: asUnit(held) }
  }
  const of = (id: AccountId): BalanceRow[] =>
    (sums[id]?.cash ?? [])
      .map((_, asset) => balance(id, asId(asset)))
      .filter((row) => row !== undefined)
      .filter(({ cash, held }) => cash !== 0 || held !== 0)
  const rowOf = (id: AccountId | undefined) => (id === undefined ? undefined : rows[id])
  return {
    open: (row) => {
      rows[row.account] = row
      if (row.userId !== '') users.set(row.userId, row.account)
      owners.set(row.owner, [...(owners.get(row.owner) ?? []), row.account])
    },
    mark: (id, marks) => {
      const row = rows[id]
      if (row !== undefined) rows[id] = { ...row, ...marks }
    },
    setBalance: ({ account, asset, cash, held }) => {
      const own = sumsOf(account)
      own.cash[asset] = cash
      own.held[asset] = held
    },
    takeBalance: (cells, at) => {
      const own = sumsOf(peek.balance.account(cells, at))
      const asset = peek.balance.asset(cells, at)
      own.cash[asset] = peek.balance.cash(cells, at)
      own.held[asset] = peek.balance.held(cells, at)
    },
    get: rowOf,
    isCustomer: (id) => rows[id] !== undefined,
    ofUser: (userId) => rowOf(users.get(userId)),
    ofOwner: (owner) => (owners.get(owner) ?? []).map(rowOf).filter((row) => row !== undefined),
    balances: of,
    balance,
    allBalances: () => sums.flatMap((_, id) => of(asId(id))),
  }
}

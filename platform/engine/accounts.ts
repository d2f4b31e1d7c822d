// Accounts: customers with their sub-accounts, and the system's own, as people know them.
//
// System accounts exist from the start; customers are numbered from 16 in the order they open. Rows
// are never removed. What matching needs of an account is in the core.

import { type AccountId, asId } from '#kernel/ids.ts'
import type { AccountOpened } from './event.ts'

export type AccountRow = Omit<AccountOpened, 'kind'>

export type Accounts = {
  /** Customers in order of their numbers. */
  readonly rows: AccountRow[]
  readonly byUser: Map<string, AccountId>
  /** Sub-accounts of a main account. */
  readonly subCount: Map<AccountId, number>
}

export const CHAIN = 1
export const FEES = 2
export const HOUSE = 4
export const FIRST_CUSTOMER = 16

export function createAccounts(): Accounts {
  return { rows: [], byUser: new Map(), subCount: new Map() }
}

/** The number the next account will have. */
export function nextAccount({ rows }: Accounts): number {
  return FIRST_CUSTOMER + rows.length
}

/** A customer's account; undefined when there is none, or it is the system's. */
export function rowOf({ rows }: Accounts, account: number): AccountRow | undefined {
  return rows[account - FIRST_CUSTOMER]
}

/** Adds a row; its number must be the next. */
export function addRow(accounts: Accounts, row: AccountRow): void {
  const { account, owner } = row
  accounts.rows.push(row)
  if (row.accountKind === 'main') accounts.byUser.set(row.userId, asId(account))
  else accounts.subCount.set(owner, (accounts.subCount.get(owner) ?? 0) + 1)
}

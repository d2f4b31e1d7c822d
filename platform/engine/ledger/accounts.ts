// Accounts: customers with their sub-accounts, and the system's own.
//
// System accounts exist from the start; customers are numbered from 16 in the order they open. Rows
// are never removed. accountSeq is the last number an account used (INV-09: gap-free).

import { type AccountId, asId } from '#kernel/ids.ts'
import * as columns from '../columns.ts'
import type { AccountOpened } from '../event.ts'

const { doubledInts, doubledNums, intAt } = columns

export type AccountRow = Omit<AccountOpened, 'kind'>

export type Accounts = {
  /** Customers in order of their numbers. */
  readonly rows: AccountRow[]
  readonly byUser: Map<string, AccountId>
  /** Sub-accounts of a main account. */
  readonly subCount: Map<AccountId, number>
  /** Columns by account number. */
  owner: Int32Array
  accountSeq: Float64Array
  /** Open orders, oldest first: count, head and tail of the list by slots. */
  openCount: Int32Array
  openHead: Int32Array
  openTail: Int32Array
}

export const CHAIN = 1
export const FEES = 2
export const HOUSE = 4
export const FIRST_CUSTOMER = 16

const FIRST_CAPACITY = 256

export function createAccounts(): Accounts {
  return {
    rows: [],
    byUser: new Map(),
    subCount: new Map(),
    owner: new Int32Array(FIRST_CAPACITY),
    accountSeq: new Float64Array(FIRST_CAPACITY),
    openCount: new Int32Array(FIRST_CAPACITY),
    openHead: new Int32Array(FIRST_CAPACITY),
    openTail: new Int32Array(FIRST_CAPACITY),
  }
}

/** The number the next account will have. */
export function nextAccount(accounts: Accounts): number {
  return FIRST_CUSTOMER + accounts.rows.length
}

export function isCustomer(accounts: Accounts, account: number): boolean {
  return account >= FIRST_CUSTOMER && account < nextAccount(accounts)
}

/** Adds a row; its number must be the next. */
export function addAccount(accounts: Accounts, row: AccountRow): void {
  const { account, owner } = row
  while (account >= accounts.owner.length) growAccounts(accounts)
  accounts.owner[account] = owner
  accounts.rows.push(row)
  if (row.accountKind === 'main') accounts.byUser.set(row.userId, asId(account))
  else accounts.subCount.set(owner, (accounts.subCount.get(owner) ?? 0) + 1)
}

export function haveSameOwner(accounts: Accounts, a: number, b: number): boolean {
  return intAt(accounts.owner, a) === intAt(accounts.owner, b)
}

function growAccounts(accounts: Accounts): void {
  accounts.owner = doubledInts(accounts.owner)
  accounts.accountSeq = doubledNums(accounts.accountSeq)
  accounts.openCount = doubledInts(accounts.openCount)
  accounts.openHead = doubledInts(accounts.openHead)
  accounts.openTail = doubledInts(accounts.openTail)
}

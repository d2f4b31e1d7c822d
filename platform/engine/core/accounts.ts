// Accounts: what matching needs of customers and the system: owner, open orders, message number.
//
// Names and users stay outside. Rows are never removed. Open orders of an account are linked,
// oldest first. INV-09: seq is the last number an account used, without gaps.

import { ACCOUNTS_MAX, OPEN_ORDERS_PER_ACCOUNT_MAX, OPEN_ORDERS_PER_OWNER_MAX } from '../limits.ts'
import { ACCOUNT_CLOSED, ACCOUNT_FROZEN, ACCOUNT_UNKNOWN } from './codes.ts'
import { allocate, moved, tables } from './memory.ts'

@unmanaged
export class Account {
  owner: u16
  /** Frozen 1, closed 2. */
  marks: u16
  openCount: u16
  /** Of an owner: open orders of his accounts together. */
  ownedCount: u16
  openHead: u32
  openTail: u32
  seq: i64
  /** The first 32 bytes of the greatest id of its orders ever remembered: see outcomes.ts. */
  greatest0: u64
  greatest1: u64
  greatest2: u64
  greatest3: u64
  /** Its newest outcome that is not in their index, by count, and how many there are. */
  waiting: u32
  waitingCount: u32
}

/** The mark of an account that is closed; any other mark says that it is frozen. */
const CLOSED_FOR_EVER: u32 = 2

export const CHAIN: u32 = 1
export const FEES: u32 = 2
export const FIRST_CUSTOMER: u32 = 16

const ROW_BYTES: usize = 64
const FIRST_ROWS: u32 = 256

export function createAccounts(): void {
  tables.accountRows = FIRST_ROWS
  tables.accounts = allocate(usize(FIRST_ROWS) * ROW_BYTES)
  tables.accountsUsed = FIRST_CUSTOMER
}

export function accountAt(account: u32): Account {
  return changetype<Account>(tables.accounts + usize(account) * ROW_BYTES)
}

export function isCustomer(account: i32): bool {
  return account >= i32(FIRST_CUSTOMER) && account < i32(tables.accountsUsed)
}

/** Why an account that must be neither closed nor frozen is refused; 0 when it is not. */
export function refuseAccount(account: i32): i32 {
  if (!isCustomer(account)) return ACCOUNT_UNKNOWN
  const marks = u32(accountAt(account).marks)
  if (marks === 0) return 0
  return (marks & CLOSED_FOR_EVER) !== 0 ? ACCOUNT_CLOSED : ACCOUNT_FROZEN
}

/** Counts one more open order of an account. */
export function countOpened(account: Account): void {
  account.openCount += 1
  accountAt(account.owner).ownedCount += 1
}

/** Counts one open order of an account less. */
export function countClosed(account: Account): void {
  account.openCount -= 1
  accountAt(account.owner).ownedCount -= 1
}

/** Whether an account and its owner may have so many more open orders. */
export function hasPlaces(account: Account, places: u32): bool {
  if (account.openCount + places > u32(OPEN_ORDERS_PER_ACCOUNT_MAX)) return false
  return accountAt(account.owner).ownedCount + places <= u32(OPEN_ORDERS_PER_OWNER_MAX)
}

/** Whether an account of this number could exist at all. */
export function canExist(account: i32): bool {
  return u32(account) < u32(ACCOUNTS_MAX)
}

/** Adds the next account and answers its number. */
export function addAccount(owner: u32): u32 {
  if (tables.accountsUsed === tables.accountRows) {
    const bytes = usize(tables.accountRows) * ROW_BYTES
    tables.accounts = moved(tables.accounts, bytes, bytes * 2)
    tables.accountRows *= 2
  }
  accountAt(tables.accountsUsed).owner = u16(owner)
  tables.accountsUsed += 1
  return tables.accountsUsed - 1
}

/** The first of the account's next numbers, of which so many are used up. */
export function takeSeqs(account: u32, count: i64): i64 {
  const row = accountAt(account)
  const first = row.seq + 1
  row.seq += count
  return first
}

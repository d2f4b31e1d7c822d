// Private window: the last private messages of every account, so that a stream can resume.
//
// INV-09: accountSeq is gap-free per account; a gap here is a bug and trips an assertion. INV-17:
// at most WINDOW_PER_ACCOUNT messages an account and WINDOW_TOTAL altogether; past that the account
// that was quiet for longest loses its window whole.

import type { BalanceRow } from '#engine/image.ts'
import { assert } from '#kernel/assert.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { FillRow } from '../fill-row.ts'
import type { OrderRow } from '../order-row.ts'

export const WINDOW_PER_ACCOUNT = 512
/** About 16 MB with the rows that they hold. */
export const WINDOW_TOTAL = 65_536

type Numbered = { readonly account: AccountId; readonly accountSeq: number; readonly at: number }

export type PrivateMessage = Numbered &
  (
    | { readonly channel: 'orders'; readonly order: OrderRow }
    | { readonly channel: 'fills'; readonly fill: FillRow }
    | { readonly channel: 'balances'; readonly balance: BalanceRow }
  )

export type PrivateWindow = {
  add(message: PrivateMessage): void
  /** The number of the account's last message, 0 before the first. */
  lastSeq(account: AccountId): number
  /** An account that is known to stand at this number, with nothing in its window. */
  start(account: AccountId, accountSeq: number): void
  /** Messages from that number on, or null when some of them are no longer kept. */
  from(account: AccountId, accountSeq: number): PrivateMessage[] | null
  size(): number
}

type AccountWindow = { readonly ring: PrivateMessage[]; last: number; kept: number }

export function createPrivateWindow(): PrivateWindow {
  // In the order of their latest message: the quietest first.
  const windows = new Map<AccountId, AccountWindow>()
  // The last numbers of accounts that have no window.
  const numbers = new Map<AccountId, number>()
  let latest: AccountId | undefined
  let total = 0

  const lastOf = (account: AccountId): number =>
    windows.get(account)?.last ?? numbers.get(account) ?? 0
  const windowOf = (account: AccountId): AccountWindow => {
    const found = windows.get(account)
    const window = found ?? { ring: [], last: numbers.get(account) ?? 0, kept: 0 }
    if (account !== latest) {
      windows.delete(account)
      windows.set(account, window)
      latest = account
    }
    return window
  }
  const evict = (): void => {
    for (const [account, window] of windows) {
      if (total <= WINDOW_TOTAL || account === latest) return
      total -= window.kept
      numbers.set(account, window.last)
      windows.delete(account)
    }
  }
  return {
    add: (message) => {
      const { account, accountSeq } = message
      const window = windowOf(account)
      if (accountSeq !== window.last + 1) {
        assert(false, `INV-09: accountSeq ${accountSeq} of ${account}`)
      }
      window.ring[accountSeq % WINDOW_PER_ACCOUNT] = message
      window.last = accountSeq
      if (window.kept === WINDOW_PER_ACCOUNT) return
      window.kept += 1
      total += 1
      if (total > WINDOW_TOTAL) evict()
    },
    lastSeq: lastOf,
    start: (account, accountSeq) => {
      numbers.set(account, accountSeq)
    },
    from: (account, accountSeq) => {
      const last = lastOf(account)
      const { ring = [], kept = 0 } = windows.get(account) ?? {}
      if (accountSeq > last) return accountSeq === last + 1 ? [] : null
      if (accountSeq <= last - kept) return null
      return messagesBetween(ring, accountSeq, last)
    },
    size: () => total,
  }
}

function messagesBetween(ring: PrivateMessage[], first: number, last: number): PrivateMessage[] {
  const messages: PrivateMessage[] = []
  for (let number = first; number <= last; number += 1) {
    const message = ring[number % WINDOW_PER_ACCOUNT]
    assert(message?.accountSeq === number, `INV-09: message ${number} is missing`)
    messages.push(message)
  }
  return messages
}

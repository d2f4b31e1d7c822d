// Private window: the last private messages of every account, so that a stream can resume.
//
// INV-09: accountSeq is gap-free per account; a gap here is a bug and trips an assertion. INV-17:
// at most WINDOW_PER_ACCOUNT messages an account and WINDOW_TOTAL altogether; past that the account
// that was quiet for longest loses its window whole. What they say stands packed, as it was then.

import type { Cells } from '#engine/codec.ts'
import { assert } from '#kernel/assert.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import type { FillRow } from '../fill-row.ts'
import type { LiveOrders } from './live-orders.ts'
import { createMessageSlots, type PrivateMessage } from './message-slots.ts'

export const WINDOW_PER_ACCOUNT = 512
/** About 20 MB with what they say. */
export const WINDOW_TOTAL = 65_536

export type PrivateWindow = {
  /** The order at a place of those. */
  addOrder(account: AccountId, accountSeq: number, orders: LiveOrders, place: number): void
  addFill(account: AccountId, accountSeq: number, fill: FillRow): void
  /** The balance event at a cell. */
  addBalance(account: AccountId, accountSeq: number, cells: Cells, at: number): void
  /** The account's last message. */
  latest(account: AccountId): PrivateMessage
  /** The number of the account's last message, 0 before the first. */
  lastSeq(account: AccountId): number
  /** An account that is known to stand at this number, with nothing in its window. */
  start(account: AccountId, accountSeq: number): void
  /** Messages from that number on, or null when some of them are no longer kept. */
  from(account: AccountId, accountSeq: number): PrivateMessage[] | null
  size(): number
}

/** Where the messages of an account stand: that of number n in ring[n % WINDOW_PER_ACCOUNT]. */
type AccountWindow = { readonly ring: number[]; last: number; kept: number }

export function createPrivateWindow(): PrivateWindow {
  const windows: AccountWindow[] = []
  const quiet = createQuietness()
  const slots = createMessageSlots()
  let total = 0

  const windowOf = (account: AccountId): AccountWindow => {
    const found = windows[account]
    if (found !== undefined) return found
    const window = { ring: [], last: 0, kept: 0 }
    windows[account] = window
    return window
  }
  const evict = (): void => {
    while (total > WINDOW_TOTAL) {
      const account = quiet.shift()
      const window = windowOf(asId(account))
      for (let i = 0; i < window.kept; i += 1) slots.give(slotOf(window, window.last - i))
      total -= window.kept
      window.ring.length = 0
      window.kept = 0
    }
  }
  /** The place of the account's next message. */
  const next = (account: AccountId, accountSeq: number): number => {
    const window = windowOf(account)
    if (accountSeq !== window.last + 1) {
      assert(false, `INV-09: accountSeq ${accountSeq} of ${account}`)
    }
    quiet.heard(account)
    window.last = accountSeq
    if (window.kept === WINDOW_PER_ACCOUNT) return slotOf(window, accountSeq)
    const slot = slots.take()
    window.ring[accountSeq % WINDOW_PER_ACCOUNT] = slot
    window.kept += 1
    total += 1
    if (total > WINDOW_TOTAL) evict()
    return slot
  }
  const messageOf = (account: AccountId, window: AccountWindow, seq: number): PrivateMessage =>
    slots.read(slotOf(window, seq), account, seq)
  return {
    addOrder: (account, accountSeq, orders, place) =>
      slots.putOrder(next(account, accountSeq), orders, place),
    addFill: (account, accountSeq, fill) => slots.putFill(next(account, accountSeq), fill),
    addBalance: (account, accountSeq, cells, at) =>
      slots.putBalance(next(account, accountSeq), cells, at),
    latest: (account) => messageOf(account, windowOf(account), windowOf(account).last),
    lastSeq: (account) => windows[account]?.last ?? 0,
    start: (account, accountSeq) => {
      windowOf(account).last = accountSeq
    },
    from: (account, accountSeq) => {
      const window = windows[account] ?? { ring: [], last: 0, kept: 0 }
      const { last, kept } = window
      if (accountSeq > last) return accountSeq === last + 1 ? [] : null
      if (accountSeq <= last - kept) return null
      const messages: PrivateMessage[] = []
      for (let seq = accountSeq; seq <= last; seq += 1) {
        messages.push(messageOf(account, window, seq))
      }
      return messages
    },
    size: () => total,
  }
}

function slotOf({ ring }: AccountWindow, seq: number): number {
  const slot = ring[seq % WINDOW_PER_ACCOUNT]
  if (slot === undefined) assert(false, `INV-09: message ${seq} is missing`)
  return slot
}

const NOWHERE = -1

/** Accounts with a window, linked in the order of their latest message. */
function createQuietness() {
  // Account 0 is the system's and has no window: it is the end of the links.
  const before = [0]
  const after = [0]
  const link = (one: number, other: number): void => {
    after[one] = other
    before[other] = one
  }
  const leave = (account: number): void => link(before[account] ?? 0, after[account] ?? 0)
  return {
    /** It is the latest now. */
    heard(account: number): void {
      const latest = before[0] ?? 0
      if (account === latest) return
      if ((after[account] ?? NOWHERE) !== NOWHERE) leave(account)
      link(latest, account)
      link(account, 0)
    },
    /** The quietest; it leaves. */
    shift(): number {
      const account = after[0] ?? 0
      leave(account)
      after[account] = NOWHERE
      return account
    },
  }
}

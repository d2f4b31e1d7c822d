// Finished orders: rows that nothing changes any more, until the projector has passed them.
//
// A projector that is behind leaves millions of them. As objects each would be copied twice by the
// collector and be in its way for as long as it stays, so they are packed, in the order in which
// they finished, and made rows again for those who ask. INV-17: bounded by PROJECTOR_BACKLOG_MAX.

import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
import { createNumberTable } from './number-table.ts'
import { createPackedOrders } from './packed-orders.ts'

export type FinishedOrders = {
  /** `isLatest` of its account under its own id: then it is found by that, too. */
  add(row: OrderRow, isLatest: boolean): void
  get(id: OrderId): OrderRow | undefined
  byClientId(account: AccountId, clientOrderId: string): OrderRow | undefined
  /** The latest to finish first. */
  ofAccount(account: AccountId): OrderRow[]
  count(): number
  /** The projector has written everything up to this event. */
  forgetUpTo(eventNo: number): void
}

const ROOM_MIN = 16_384
const NAME_BITS_HIGH = 21

/** `keyOf` is another one in a test that wants names with one key. */
export function createFinishedOrders(keyOf = createNameKey()): FinishedOrders {
  const packed = createPackedOrders()
  // Numbers of packed rows: by an order's id, by the key of its account and name, and of the last
  // of each account; each row has that of the one of its account before it beside it.
  let ids = createNumberTable(ROOM_MIN)
  let names = createNumberTable(ROOM_MIN)
  const last = new Map<AccountId, number>()

  const isNamed = (row: OrderRow, { account, clientOrderId }: OrderRow): boolean =>
    row.account === account && row.clientOrderId === clientOrderId
  /** Names with the same key stand behind one another; of one name the later row counts. */
  const enterName = (row: OrderRow, number: number, name: number): void => {
    let key = name
    for (let other = names.get(key); other !== 0; other = names.get(key)) {
      const there = packed.row(other)
      if (there === undefined || isNamed(there, row)) break
      key += 1
    }
    names.set(key, number)
  }
  const makeRoom = (): void => {
    if (!ids.isCrowded() && !names.isCrowded()) return
    // Everything is entered anew, so it shall be seldom.
    const room = Math.max(ROOM_MIN, packed.count() * 4)
    ids = createNumberTable(room)
    names = createNumberTable(room)
    for (let number = packed.first(); number < packed.first() + packed.count(); number += 1) {
      const name = packed.name(number)
      ids.set(packed.id(number), number)
      if (name === 0) continue
      const row = names.get(name) === 0 ? undefined : packed.row(number)
      if (row === undefined) names.set(name, number)
      else enterName(row, number, name)
    }
  }
  return {
    add: (row, isLatest) => {
      makeRoom()
      const name = isLatest ? keyOf(row.account, row.clientOrderId) : 0
      const number = packed.push(row, last.get(row.account) ?? 0, name)
      last.set(row.account, number)
      ids.set(row.id, number)
      if (isLatest) enterName(row, number, name)
    },
    get: (id) => packed.row(ids.get(id)),
    byClientId: (account, clientOrderId) => {
      let key = keyOf(account, clientOrderId)
      for (let number = names.get(key); number !== 0; number = names.get(key)) {
        const row = packed.row(number)
        if (row?.account === account && row.clientOrderId === clientOrderId) return row
        key += 1
      }
      return undefined
    },
    ofAccount: (account) => {
      const rows: OrderRow[] = []
      let number = last.get(account) ?? 0
      for (let row = packed.row(number); row !== undefined; row = packed.row(number)) {
        rows.push(row)
        number = packed.before(number)
      }
      return rows
    },
    count: packed.count,
    forgetUpTo: (eventNo) => {
      while (packed.count() > 0 && packed.firstEventNo() <= eventNo) packed.shift()
    },
  }
}

/**
 * A key of an account's name for an order. Whoever chooses names shall not choose keys, so it is
 * another function in every process.
 */
function createNameKey(): (account: AccountId, name: string) => number {
  const [seed = 0, otherSeed = 0] = crypto.getRandomValues(new Int32Array(2))
  return (account, name) => {
    let low = Math.imul(seed ^ account, 0x85ebca6b)
    let high = Math.imul(otherSeed ^ account, 0xc2b2ae35)
    for (let i = 0; i < name.length; i += 1) {
      const char = name.charCodeAt(i)
      low = Math.imul(low ^ char, 0x9e3779b1)
      low ^= low >>> 15
      high = Math.imul(high ^ char, 0x27d4eb2f)
      high ^= high >>> 13
    }
    return (high >>> (32 - NAME_BITS_HIGH)) * 2 ** 32 + (low >>> 0) + 1
  }
}

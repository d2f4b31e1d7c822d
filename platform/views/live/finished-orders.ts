// Finished orders: rows that nothing changes any more, until the projector has passed them.
//
// A projector that is behind leaves millions of them. As objects each would be copied twice by the
// collector and be in its way for as long as it stays, so they are packed, in the order in which
// they finished, and made rows again for those who ask. INV-17: bounded by PROJECTOR_BACKLOG_MAX.

import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
import { createNumberTable } from './number-table.ts'
import { createOrderNames, type Name } from './order-names.ts'
import { createPackedOrders } from './packed-orders.ts'

export type FinishedOrders = {
  /** It is found by its name, too, when the key of that is given and not 0. */
  add(row: OrderRow, key: number): void
  get(id: OrderId): OrderRow | undefined
  byName(key: number, name: Name): OrderRow | undefined
  /** The latest to finish first. */
  ofAccount(account: AccountId): OrderRow[]
  count(): number
  /** The projector has written everything up to this event. */
  forgetUpTo(eventNo: number): void
}

const ROOM_MIN = 16_384

export function createFinishedOrders(): FinishedOrders {
  const packed = createPackedOrders()
  const names = createOrderNames(packed.row)
  let ids = createNumberTable(0)
  // Of the last of each account; each row has the one before it beside it.
  const last = new Map<AccountId, number>()

  const makeRoom = (): void => {
    if (!ids.isCrowded() && !names.isCrowded()) return
    // Everything is entered anew, so it shall be seldom.
    const room = Math.max(ROOM_MIN, packed.count() * 4)
    ids = createNumberTable(room)
    names.clear(room)
    for (let number = packed.first(); number < packed.first() + packed.count(); number += 1) {
      const key = packed.name(number)
      ids.set(packed.id(number), number)
      if (key > 0) names.enter(key, number)
    }
  }
  return {
    add: (row, key) => {
      makeRoom()
      const number = packed.push(row, last.get(row.account) ?? 0, key)
      last.set(row.account, number)
      ids.set(row.id, number)
      if (key > 0) names.enter(key, number)
    },
    get: (id) => packed.row(ids.get(id)),
    byName: (key, name) => packed.row(names.find(key, name)),
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

// Finished orders: rows that nothing changes any more, until the projector has passed them.
//
// A projector that is behind leaves millions of them. As objects each would be copied twice by the
// collector and be in its way for as long as it stays, so they are packed, in the order in which
// they finished, and made rows again for those who ask. INV-17: bounded by PROJECTOR_BACKLOG_MAX.

import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
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

/** Numbers of packed rows; each row has that of the one before it of its account beside it. */
type AccountOrders = { last: number; readonly clientIds: Map<string, number> }

export function createFinishedOrders(): FinishedOrders {
  const packed = createPackedOrders()
  const ids = new Map<OrderId, number>()
  const accounts = new Map<AccountId, AccountOrders>()

  const accountOf = (id: AccountId): AccountOrders => {
    const known = accounts.get(id)
    if (known !== undefined) return known
    const account: AccountOrders = { last: 0, clientIds: new Map() }
    accounts.set(id, account)
    return account
  }
  const forgetFirst = (): void => {
    const number = packed.first()
    const row = packed.row(number)
    packed.shift()
    if (row === undefined) return
    ids.delete(row.id)
    const { clientIds } = accountOf(row.account)
    if (clientIds.get(row.clientOrderId) === number) clientIds.delete(row.clientOrderId)
  }
  return {
    add: (row, isLatest) => {
      const account = accountOf(row.account)
      const number = packed.push(row, account.last)
      account.last = number
      ids.set(row.id, number)
      if (isLatest) account.clientIds.set(row.clientOrderId, number)
    },
    get: (id) => packed.row(ids.get(id) ?? 0),
    byClientId: (account, clientOrderId) =>
      packed.row(accounts.get(account)?.clientIds.get(clientOrderId) ?? 0),
    ofAccount: (account) => {
      const rows: OrderRow[] = []
      let number = accounts.get(account)?.last ?? 0
      for (let row = packed.row(number); row !== undefined; row = packed.row(number)) {
        rows.push(row)
        number = packed.mark(number)
      }
      return rows
    },
    count: packed.count,
    forgetUpTo: (eventNo) => {
      while (packed.count() > 0 && packed.firstEventNo() <= eventNo) forgetFirst()
    },
  }
}

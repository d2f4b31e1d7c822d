// Live orders: every open order, and finished ones until the projector has passed them.
//
// An order is always here or in the database, never in neither: it leaves only when the cursor of
// the database has reached the event that finished it. INV-17: bounded by ORDERS_MAX and by
// PROJECTOR_BACKLOG_MAX.

import type { AccountId, OrderId } from '#kernel/ids.ts'
import { isFinished, type OrderRow } from '../order-row.ts'

export type LiveOrders = {
  put(order: OrderRow): void
  get(id: OrderId): OrderRow | undefined
  /** The latest order of the account with this id. */
  byClientId(account: AccountId, clientOrderId: string): OrderRow | undefined
  /** Open and finished, newest first. */
  ofAccount(account: AccountId): OrderRow[]
  /** Open orders whose trigger was met, at any time. */
  triggered(): OrderRow[]
  openCount(): number
  finishedCount(): number
  /** The projector has written everything up to this event. */
  forgetUpTo(eventNo: number): void
}

/** The one place where the newest row of an order stands; all tables lead to it. */
type Place = { row: OrderRow }

type AccountOrders = {
  readonly orders: Map<OrderId, Place>
  readonly clientIds: Map<string, Place>
}

export function createLiveOrders(): LiveOrders {
  const all = new Map<OrderId, Place>()
  const accounts = new Map<AccountId, AccountOrders>()
  // Finished orders in the order of the events that finished them.
  let finished: OrderRow[] = []
  let forgotten = 0

  const enter = (row: OrderRow): void => {
    const place = { row }
    all.set(row.id, place)
    const account = accounts.get(row.account) ?? { orders: new Map(), clientIds: new Map() }
    if (account.orders.size === 0) accounts.set(row.account, account)
    account.orders.set(row.id, place)
    if (row.clientOrderId !== '') account.clientIds.set(row.clientOrderId, place)
  }
  const forget = (order: OrderRow): void => {
    all.delete(order.id)
    const account = accounts.get(order.account)
    account?.orders.delete(order.id)
    if (account?.clientIds.get(order.clientOrderId)?.row.id === order.id) {
      account.clientIds.delete(order.clientOrderId)
    }
  }
  const rows = (): OrderRow[] => Array.from(all.values(), ({ row }) => row)
  return {
    put: (order) => {
      const place = all.get(order.id)
      if (place === undefined) enter(order)
      else place.row = order
      if (isFinished(order)) finished.push(order)
    },
    get: (id) => all.get(id)?.row,
    byClientId: (account, clientOrderId) =>
      accounts.get(account)?.clientIds.get(clientOrderId)?.row,
    ofAccount: (account) =>
      Array.from(accounts.get(account)?.orders.values() ?? [], ({ row }) => row).reverse(),
    triggered: () => rows().filter((row) => row.triggeredAt > 0 && !isFinished(row)),
    openCount: () => all.size - (finished.length - forgotten),
    finishedCount: () => finished.length - forgotten,
    forgetUpTo: (eventNo) => {
      let order = finished[forgotten]
      while (order !== undefined && order.eventNo <= eventNo) {
        forget(order)
        forgotten += 1
        order = finished[forgotten]
      }
      if (forgotten > 1_024 && forgotten * 2 > finished.length) {
        finished = finished.slice(forgotten)
        forgotten = 0
      }
    },
  }
}

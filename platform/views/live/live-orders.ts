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

/** The one place where the newest row of an order stands, between those of its account. */
type Place = { row: OrderRow; older: Place | null; newer: Place | null }

type AccountOrders = { newest: Place | null; readonly clientIds: Map<string, Place> }

export function createLiveOrders(): LiveOrders {
  const all = new Map<OrderId, Place>()
  const accounts = new Map<AccountId, AccountOrders>()
  // Finished orders in the order of the events that finished them.
  let finished: OrderRow[] = []
  let forgotten = 0

  const accountOf = (id: AccountId): AccountOrders => {
    const known = accounts.get(id)
    if (known !== undefined) return known
    const account: AccountOrders = { newest: null, clientIds: new Map() }
    accounts.set(id, account)
    return account
  }
  const enter = (row: OrderRow): void => {
    const account = accountOf(row.account)
    const place: Place = { row, older: account.newest, newer: null }
    if (account.newest !== null) account.newest.newer = place
    account.newest = place
    all.set(row.id, place)
    if (row.clientOrderId !== '') account.clientIds.set(row.clientOrderId, place)
  }
  const forget = ({ id, account: accountId, clientOrderId }: OrderRow): void => {
    const place = all.get(id)
    if (place === undefined) return
    all.delete(id)
    const account = accountOf(accountId)
    const { older, newer } = place
    if (older !== null) older.newer = newer
    if (newer === null) account.newest = older
    else newer.older = older
    if (account.clientIds.get(clientOrderId) === place) account.clientIds.delete(clientOrderId)
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
    ofAccount: (account) => {
      const found: OrderRow[] = []
      let place = accounts.get(account)?.newest ?? null
      for (; place !== null; place = place.older) found.push(place.row)
      return found
    },
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

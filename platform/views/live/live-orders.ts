// Live orders: every open order, and finished ones until the projector has passed them.
//
// An order is always here or in the database, never in neither: it leaves only when the cursor of
// the database has reached the event that finished it. INV-17: open ones are bounded by ORDERS_MAX,
// finished ones stand packed (finished-orders.ts).

import { assert } from '#kernel/assert.ts'
import type { AccountId, OrderId } from '#kernel/ids.ts'
import { isFinished, type OrderRow } from '../order-row.ts'
import { createFinishedOrders } from './finished-orders.ts'

export type LiveOrders = {
  put(order: OrderRow): void
  get(id: OrderId): OrderRow | undefined
  /** The latest order of the account with this id. */
  byClientId(account: AccountId, clientOrderId: string): OrderRow | undefined
  /** Open and finished, the newest first. */
  ofAccount(account: AccountId): OrderRow[]
  /** Open orders whose trigger was met, at any time. */
  triggered(): OrderRow[]
  openCount(): number
  finishedCount(): number
  /** The projector has written everything up to this event. */
  forgetUpTo(eventNo: number): void
}

/** The one place where the newest row of an open order stands, between those of its account. */
type Place = { row: OrderRow; older: Place | null; newer: Place | null }

type AccountOrders = { newest: Place | null; readonly clientIds: Map<string, Place> }

export function createLiveOrders(finished = createFinishedOrders()): LiveOrders {
  const open = new Map<OrderId, Place>()
  const accounts = new Map<AccountId, AccountOrders>()

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
    open.set(row.id, place)
    if (row.clientOrderId !== '') account.clientIds.set(row.clientOrderId, place)
  }
  /** Out of the open ones; answers whether its own id still led to it. */
  const leave = (place: Place): boolean => {
    const { row, older, newer } = place
    const account = accountOf(row.account)
    open.delete(row.id)
    if (older !== null) older.newer = newer
    if (newer === null) account.newest = older
    else newer.older = older
    const isLatest = account.clientIds.get(row.clientOrderId) === place
    if (isLatest) account.clientIds.delete(row.clientOrderId)
    return isLatest
  }
  return {
    put: (order) => {
      const place = open.get(order.id)
      if (!isFinished(order)) {
        if (place === undefined) enter(order)
        else place.row = order
      } else if (place === undefined) assert(false, `INV-06: order ${order.id} ends twice`)
      else finished.add(order, leave(place))
    },
    get: (id) => open.get(id)?.row ?? finished.get(id),
    byClientId: (account, clientOrderId) =>
      accounts.get(account)?.clientIds.get(clientOrderId)?.row ??
      finished.byClientId(account, clientOrderId),
    ofAccount: (account) => {
      const found = finished.ofAccount(account)
      let place = accounts.get(account)?.newest ?? null
      for (; place !== null; place = place.older) found.push(place.row)
      return found.sort((a, b) => b.id - a.id)
    },
    triggered: () => {
      const rows = Array.from(open.values(), ({ row }) => row)
      return rows.filter(({ triggeredAt }) => triggeredAt > 0)
    },
    openCount: () => open.size,
    finishedCount: finished.count,
    forgetUpTo: finished.forgetUpTo,
  }
}

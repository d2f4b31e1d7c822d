// Live orders: every open order, and finished ones until the projector has passed them.
//
// An order is always here or in the database, never in neither: it leaves only when the database
// has the event that finished it and will not lose it (projector.ts). INV-17: open ones are bounded
// by ORDERS_MAX, finished ones stand packed (finished-orders.ts).

import { assert } from '#kernel/assert.ts'
import type { AccountId, OrderId } from '#kernel/ids.ts'
import { isFinished, type OrderRow } from '../order-row.ts'
import { createFinishedOrders } from './finished-orders.ts'
import { createOpenOrders } from './open-orders.ts'
import { createNameKey } from './order-names.ts'

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

/** `keyOf` is another one in a test whose names share keys. */
export function createLiveOrders(keyOf = createNameKey()): LiveOrders {
  const open = createOpenOrders()
  const finished = createFinishedOrders()
  return {
    put: (order) => {
      if (!isFinished(order)) {
        if (!open.change(order)) open.enter(order, keyOf(order.account, order.clientOrderId))
        return
      }
      const key = open.leave(order.id)
      if (key === undefined) assert(false, `INV-06: order ${order.id} ends twice`)
      finished.add(order, key)
    },
    get: (id) => open.get(id) ?? finished.get(id),
    byClientId: (account, clientOrderId) => {
      const key = keyOf(account, clientOrderId)
      const name = { account, clientOrderId }
      return open.byName(key, name) ?? finished.byName(key, name)
    },
    ofAccount: (account) => {
      const found = [...open.ofAccount(account), ...finished.ofAccount(account)]
      return found.sort((a, b) => b.id - a.id)
    },
    triggered: () => open.all().filter(({ triggeredAt }) => triggeredAt > 0),
    openCount: open.count,
    finishedCount: finished.count,
    forgetUpTo: finished.forgetUpTo,
  }
}

// Find order: the order that a caller means, by its id or by his own.
//
// Live orders are found without waiting; a finished one may be history. An order that is not there
// and one of somebody else's are the same undefined.

import { type AccountId, asId, type OrderId } from '#kernel/ids.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { AccountAccess } from '#platform/portfolio/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { OrderRow } from '#views/order-row.ts'
import type { OrdersHistory } from '#views/orders-history.ts'

export type OrderName = {
  readonly id?: number | undefined
  readonly clientOrderId?: string | undefined
  readonly account?: number | undefined
}

export type FindOrderDeps = {
  readonly views: Pick<LiveViews, 'order' | 'orderByClientId'>
  readonly ordersHistory: OrdersHistory
  readonly access: AccountAccess
}

/** Open, or finished a moment ago. An id may be of any account of the caller. */
export function findLive(
  { views, access }: FindOrderDeps,
  principal: Principal,
  { id, clientOrderId, account }: OrderName,
): OrderRow | undefined {
  if (id !== undefined) {
    const row = views.order(asId(id))
    if (row === undefined || !access.covers(principal, row.account)) return undefined
    return account === undefined || account === row.account ? row : undefined
  }
  const owned = access.resolve(principal, account)
  if (!owned.ok || clientOrderId === undefined) return undefined
  return views.orderByClientId(owned.value, clientOrderId)
}

/** The same, and what is history. */
export function findOrder(
  deps: FindOrderDeps,
  principal: Principal,
  name: OrderName,
): OrderRow | undefined | Promise<OrderRow | undefined> {
  const live = findLive(deps, principal, name)
  if (live !== undefined) return live
  const { id, clientOrderId } = name
  const accounts = accountsOf(deps, principal, name)
  if (accounts.length === 0) return undefined
  if (id !== undefined) return deps.ordersHistory.get(accounts, asId<OrderId>(id))
  if (clientOrderId === undefined) return undefined
  return deps.ordersHistory.byClientId(accounts, clientOrderId)
}

/** The account that is named; by id else all of the caller, by his own id else his own. */
function accountsOf(
  { access }: FindOrderDeps,
  principal: Principal,
  { id, account }: OrderName,
): readonly AccountId[] {
  if (id !== undefined && account === undefined) return access.all(principal)
  const owned = access.resolve(principal, account)
  return owned.ok ? [owned.value] : []
}

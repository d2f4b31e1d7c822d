// Find order: the order that a caller means, by its id or by his own.
//
// Live orders are found without waiting; a finished one may be history. An order that is not there
// and one of somebody else's are the same undefined.

import { type AccountId, asId, type OrderId } from '#kernel/ids.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { AccountAccess } from '#platform/portfolio/port.ts'
import type { OrderFinder, OrderHead } from '#views/live/live-orders.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { OrderRow } from '#views/order-row.ts'
import type { OrdersHistory } from '#views/orders-history.ts'

export type OrderName = {
  readonly id?: number | undefined
  readonly clientOrderId?: string | undefined
  readonly account?: number | undefined
}

export type FindOrderDeps = {
  readonly views: Pick<LiveViews, 'order' | 'orderByClientId' | 'orderHeads'>
  readonly ordersHistory: OrdersHistory
  readonly access: AccountAccess
}

/** Open, or finished a moment ago. An id may be of any account of the caller. */
export function findLive(
  { views, access }: FindOrderDeps,
  principal: Principal,
  name: OrderName,
): OrderRow | undefined {
  return foundBy(views, access, principal, name)
}

/** The same, where no more of the order is needed than what names it. */
export function findHead(
  { views, access }: FindOrderDeps,
  principal: Principal,
  name: OrderName,
): OrderHead | undefined {
  return foundBy(views.orderHeads, access, principal, name)
}

function foundBy<T extends { readonly account: AccountId }>(
  finder: OrderFinder<T>,
  access: AccountAccess,
  principal: Principal,
  { id, clientOrderId, account }: OrderName,
): T | undefined {
  if (id !== undefined) {
    const found = finder.order(asId(id))
    if (found === undefined || !access.covers(principal, found.account)) return undefined
    return account === undefined || account === found.account ? found : undefined
  }
  const owned = access.resolve(principal, account)
  if (!owned.ok || clientOrderId === undefined) return undefined
  return finder.orderByClientId(owned.value, clientOrderId)
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

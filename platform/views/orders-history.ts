// Orders history: lists and look-ups over the database and the live views together.
//
// An order is in the live views until the projector has passed it, so the two hold every order; of
// two rows of one order the newer counts. The live views are read first: what they forget in the
// meantime is in the database by then. Callers say whose orders; nothing else is ever returned.

import type { Pool } from 'pg'
import type { AccountId, MarketId, OrderId } from '#kernel/ids.ts'
import type { LiveViews } from './live/live-views.ts'
import type { OrderRow, OrderStatus } from './order-row.ts'
import { queryPage, queryRows } from './query.ts'
import { readOrder } from './sql/read-order.sql.ts'
import { readOrderByClientId } from './sql/read-order-by-client-id.sql.ts'
import { readOrders } from './sql/read-orders.sql.ts'

export type OrdersQuery = {
  readonly accounts: readonly AccountId[]
  readonly market?: MarketId | undefined
  readonly statuses?: readonly OrderStatus[] | undefined
  /** Only ids below: `next` of the page before. */
  readonly after?: number | undefined
  readonly limit: number
}

export type OrdersPage = {
  /** Newest first. */
  readonly items: readonly OrderRow[]
  readonly next: number | null
  readonly asOfSeq: number
}

export type OrdersHistory = {
  list(query: OrdersQuery): Promise<OrdersPage>
  get(accounts: readonly AccountId[], id: OrderId): Promise<OrderRow | undefined>
  byClientId(accounts: readonly AccountId[], clientOrderId: string): Promise<OrderRow | undefined>
}

type Deps = {
  readonly pool: Pool
  readonly live: Pick<LiveViews, 'order' | 'orderByClientId' | 'ordersOf'>
}

export function createOrdersHistory({ pool, live }: Deps): OrdersHistory {
  return {
    list: async (query) => {
      const { accounts, market = null, statuses = null, limit } = query
      const after = query.after ?? Number.MAX_SAFE_INTEGER
      const fresh = accounts.flatMap((account) => live.ordersOf(account))
      const values = [accounts, after, limit, market, statuses]
      const { items, asOfSeq } = await queryPage<OrderRow>(pool, readOrders, values)
      return { ...pageOf(newest(items, fresh), items, { ...query, after }), asOfSeq }
    },
    get: async (accounts, id) => {
      const fresh = live.order(id)
      // Somebody else's is looked for like one that is not there: time must not tell them apart.
      if (fresh !== undefined && accounts.includes(fresh.account)) return fresh
      return (await queryRows<OrderRow>(pool, readOrder, [accounts, id]))[0]
    },
    byClientId: async (accounts, clientOrderId) => {
      const fresh = accounts
        .map((account) => live.orderByClientId(account, clientOrderId))
        .find((row) => row !== undefined)
      if (fresh !== undefined) return fresh
      return (await queryRows<OrderRow>(pool, readOrderByClientId, [accounts, clientOrderId]))[0]
    },
  }
}

/** Both together, newest first, one row an order. */
function newest(stored: readonly OrderRow[], fresh: readonly OrderRow[]): OrderRow[] {
  const rows = new Map(stored.map((row) => [row.id, row]))
  for (const row of fresh) {
    if (row.eventNo >= (rows.get(row.id)?.eventNo ?? 0)) rows.set(row.id, row)
  }
  return [...rows.values()].sort((a, b) => b.id - a.id)
}

function pageOf(
  rows: readonly OrderRow[],
  stored: readonly OrderRow[],
  query: OrdersQuery & { readonly after: number },
): Pick<OrdersPage, 'items' | 'next'> {
  const { limit, after } = query
  // Below the last row of a full page the database may have more that we have not seen.
  const floor = stored.length === limit ? (stored.at(-1)?.id ?? 0) : 0
  const wanted = rows.filter((row) => row.id < after && row.id >= floor && matches(row, query))
  const items = wanted.slice(0, limit)
  const last = wanted.length > limit ? items.at(-1)?.id : floor
  return { items, next: last === undefined || last === 0 ? null : last }
}

function matches(row: OrderRow, { market, statuses }: OrdersQuery): boolean {
  if (market !== undefined && row.market !== market) return false
  return statuses === undefined || statuses.includes(row.status)
}

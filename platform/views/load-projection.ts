// Load projection: the state of the fold as the rows at the cursor say it.
//
// The projector is the only writer, so the tables do not move while they are read. Finished orders
// are history and stay in the database; one of the cursor's own command may still change.

import type { Pool } from 'pg'
import type { AssetListed, MarketListed } from '#engine/event.ts'
import type { BalanceRow } from '#engine/image.ts'
import type { PositionRow, WithdrawalRow } from './history-rows.ts'
import type { AccountRow } from './live/live-accounts.ts'
import type { OrderRow } from './order-row.ts'
import {
  balanceKey,
  type Cursor,
  candleKey,
  emptyProjection,
  type FoldedCandle,
  type ProjectionState,
  positionKey,
} from './projection-state.ts'
import { queryRows } from './query.ts'
import { readCursor } from './sql/read-cursor.sql.ts'
import { startCursor } from './sql/start-cursor.sql.ts'
import { columnOf, fieldsOf, TABLES, type TableName } from './sql/tables.ts'
import { type StoredMarket, stateOfStored } from './stored-market.ts'

const OPEN = `WHERE status IN ('open', 'partially_filled') OR id = (SELECT seq FROM views.cursor)`
const NOT_FINAL = `WHERE status IN ('pending', 'sent')`
const LATEST = `WHERE (market, width, open_at) IN
  (SELECT market, width, max(open_at) FROM views.candles GROUP BY market, width)`

/** Where the database stands; 0 before the first event. */
export async function loadCursor(pool: Pool): Promise<Cursor> {
  await queryRows(pool, startCursor)
  const [cursor] = await queryRows<Cursor>(pool, readCursor)
  return cursor ?? { eventNo: 0, seq: 0, time: 0 }
}

/** Everything the fold needs to go on after the cursor. */
export async function loadProjection(pool: Pool): Promise<ProjectionState> {
  const all = <T>(table: TableName, where = ''): Promise<T[]> => {
    const { name, key } = TABLES[table]
    const order = key.map(columnOf).join(', ')
    const text = `SELECT ${fieldsOf(TABLES[table])} FROM views.${name} ${where} ORDER BY ${order}`
    return queryRows<T>(pool, { name: `views-load-${table}`, text })
  }
  const state = { ...emptyProjection(), cursor: await loadCursor(pool) }
  for (const row of await all<Omit<AssetListed, 'kind'>>('assets')) state.listing.listAsset(row)
  for (const row of await all<Omit<MarketListed, 'kind'>>('markets')) state.listing.listMarket(row)
  for (const row of await all<StoredMarket>('marketStates')) {
    state.markets.set(row.market, stateOfStored(row))
  }
  for (const row of await all<AccountRow>('accounts')) state.accounts.set(row.account, row)
  for (const row of await all<OrderRow>('orders', OPEN)) state.orders.set(row.id, row)
  for (const row of await all<WithdrawalRow>('withdrawals', NOT_FINAL)) {
    state.withdrawals.set(row.id, row)
  }
  for (const row of await all<BalanceRow>('balances')) {
    state.balances.set(balanceKey(row.account, row.asset), row)
  }
  for (const row of await all<PositionRow>('positions')) {
    state.positions.set(positionKey(row.account, row.market), row)
  }
  for (const row of await all<FoldedCandle>('candles', LATEST)) {
    state.candles.set(candleKey(row.market, row.width), row)
  }
  return state
}

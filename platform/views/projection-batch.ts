// Projection batch: the rows that a run of events makes, folded to one final row a key.
//
// An order that changes ten times in a batch is written once. Rows of tables that only grow are in
// the order of their events.

import type { AssetListed, MarketListed } from '#engine/event.ts'
import type { BalanceRow } from '#engine/image.ts'
import type { AccountId, MarketId, OrderId } from '#kernel/ids.ts'
import type { FillRow } from './fill-row.ts'
import type {
  DepositRow,
  LedgerRow,
  PositionRow,
  PreventedRow,
  TransferRow,
  WithdrawalRow,
} from './history-rows.ts'
import type { AccountRow } from './live/live-accounts.ts'
import type { OrderRow } from './order-row.ts'
import type { FoldedCandle } from './projection-state.ts'
import type { TableName } from './sql/tables.ts'
import type { StoredMarket } from './stored-market.ts'

export type ProjectionBatch = {
  readonly assets: Omit<AssetListed, 'kind'>[]
  readonly markets: Omit<MarketListed, 'kind'>[]
  readonly marketStates: Map<MarketId, StoredMarket>
  readonly accounts: Map<AccountId, AccountRow>
  readonly orders: Map<OrderId, OrderRow>
  readonly fills: FillRow[]
  readonly ledger: LedgerRow[]
  readonly balances: Map<number, BalanceRow>
  readonly positions: Map<number, PositionRow>
  readonly candles: Map<string, FoldedCandle>
  readonly deposits: DepositRow[]
  readonly withdrawals: Map<OrderId, WithdrawalRow>
  readonly transfers: TransferRow[]
  readonly prevented: PreventedRow[]
}

export function emptyBatch(): ProjectionBatch {
  return {
    assets: [],
    markets: [],
    marketStates: new Map(),
    accounts: new Map(),
    orders: new Map(),
    fills: [],
    ledger: [],
    balances: new Map(),
    positions: new Map(),
    candles: new Map(),
    deposits: [],
    withdrawals: new Map(),
    transfers: [],
    prevented: [],
  } satisfies Record<TableName, unknown>
}

/** The rows of one table, in a list. */
export function rowsOf(batch: ProjectionBatch, table: TableName): readonly object[] {
  const rows = batch[table]
  return rows instanceof Map ? [...rows.values()] : rows
}

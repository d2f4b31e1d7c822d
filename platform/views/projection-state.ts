// Projection state: what the fold has to remember of the events before its cursor.
//
// It is a function of the rows at the cursor: loaded from the database when the projector starts,
// changed by folding, loaded again whenever the database turns out to stand elsewhere.

import type { BalanceRow } from '#engine/image.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { CandleRow, PositionRow, WithdrawalRow } from './history-rows.ts'
import { createListing, type MutableListing } from './listing.ts'
import type { AccountRow } from './live/live-accounts.ts'
import type { MarketState } from './market-state.ts'
import type { OrderRow } from './order-row.ts'

export type FoldedCandle = CandleRow & { readonly width: number }

export type ProjectionState = {
  readonly cursor: Cursor
  readonly listing: MutableListing
  /** Open orders, and those of the cursor's own command. */
  readonly orders: Map<OrderId, OrderRow>
  readonly markets: Map<MarketId, MarketState>
  readonly accounts: Map<AccountId, AccountRow>
  /** By balanceKey. */
  readonly balances: Map<number, BalanceRow>
  /** By positionKey. */
  readonly positions: Map<number, PositionRow>
  /** The latest of each market and width, by candleKey. */
  readonly candles: Map<string, FoldedCandle>
  /** Neither settled nor failed. */
  readonly withdrawals: Map<OrderId, WithdrawalRow>
}

export type Cursor = { eventNo: number; seq: number; time: number }

const ASSETS_BOUND = 64
const MARKETS_BOUND = 1_024

export function balanceKey(account: AccountId, asset: AssetId): number {
  return account * ASSETS_BOUND + asset
}

export function positionKey(account: AccountId, market: MarketId): number {
  return account * MARKETS_BOUND + market
}

export function candleKey(market: MarketId, width: number): string {
  return `${market}/${width}`
}

/** The state before the first event. */
export function emptyProjection(): ProjectionState {
  return {
    cursor: { eventNo: 0, seq: 0, time: 0 },
    listing: createListing(),
    orders: new Map(),
    markets: new Map(),
    accounts: new Map(),
    balances: new Map(),
    positions: new Map(),
    candles: new Map(),
    withdrawals: new Map(),
  }
}

// Image: the engine's state as plain rows, for views that start from it.
//
// It is what a follower would know after folding every event so far. Only what is open is in it:
// finished orders are history and live in the database.

import type { Amount, SizeLots } from '#kernel/amount.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'
import type {
  AccountOpened,
  AssetListed,
  MarketListed,
  OrderAccepted,
  WithdrawalRequested,
} from './event.ts'

/** An open order with what happened to it so far. */
export type OpenOrder = Omit<OrderAccepted, 'kind' | 'accountSeq'> & {
  readonly orderId: OrderId
  readonly remaining: SizeLots
  /** Lots traded; size = traded + remaining + reduced. */
  readonly traded: SizeLots
  /** Quote units traded, maker and taker together. */
  readonly quoteTraded: Amount
  /** Fees charged so far. */
  readonly fee: Amount
  /** Stands in the book; false while ticks still drain it. */
  readonly resting: boolean
  readonly createdAt: Micros
  readonly updatedAt: Micros
}

export type BalanceRow = {
  readonly account: AccountId
  readonly asset: AssetId
  readonly cash: Amount
  readonly held: Amount
}

export type OpenWithdrawal = Omit<WithdrawalRequested, 'kind'> & {
  readonly requestedAt: Micros
  /** Set once it is signed. */
  readonly signed: {
    readonly instance: string
    readonly nonce: number
    readonly txHash: string
    readonly rawTransaction: string
  } | null
}

export type EngineImage = {
  readonly seq: number
  readonly time: Micros
  readonly eventNo: number
  readonly chainInstance: string
  readonly assets: readonly Omit<AssetListed, 'kind'>[]
  readonly markets: readonly (Omit<MarketListed, 'kind'> & {
    readonly market: MarketId
    readonly bookNumber: number
    readonly lastTradeId: number
    /** Ticks of the last fill; 0 before the first. */
    readonly lastPrice: number
  })[]
  readonly accounts: readonly (Omit<AccountOpened, 'kind'> & { readonly accountSeq: number })[]
  readonly balances: readonly BalanceRow[]
  /** Ascending by orderId; in price-time order within a level. */
  readonly orders: readonly OpenOrder[]
  readonly withdrawals: readonly OpenWithdrawal[]
}

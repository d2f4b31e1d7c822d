// History rows: what the tables of the schema `views` hold, as integers.
//
// The projector writes them, the histories read them, format.ts turns them into the API's text.
// Instants are microseconds; amounts are ledger units; sizes are lots.

import type { Side } from '#engine/command.ts'
import type { MatchPrevented, PostingKind } from '#engine/event.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'

export type TradeRow = {
  readonly market: MarketId
  /** Gap-free per market, from 1. */
  readonly id: number
  readonly price: number
  readonly size: number
  readonly takerSide: Side
  readonly at: number
}

export type LedgerRow = {
  readonly eventNo: number
  /** Legs of one event, from 0. */
  readonly leg: number
  readonly account: AccountId
  readonly asset: AssetId
  /** Signed. */
  readonly amount: number
  /** Of the account and asset after this leg. */
  readonly balance: number
  readonly kind: PostingKind | 'trade' | 'fee'
  /** The trade's id with its market, else the withdrawal's id or the command's seq. */
  readonly reference: number
  readonly market: MarketId | null
  readonly at: number
}

/** What one account made of one market, at average cost. */
export type PositionRow = {
  readonly account: AccountId
  readonly market: MarketId
  /** Signed: short below 0. */
  readonly position: number
  /** Quote units paid for (or received for, when short) what is open. */
  readonly cost: number
  readonly realised: number
  /** Quote units; below 0 when rebates are more than fees. */
  readonly fees: number
  /** Base units: what a buyer paid out of what he received. */
  readonly feesInBase: number
}

export type CandleRow = {
  readonly market: MarketId
  readonly openAt: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** Lots; sums of quote units and lots stop at 2^53 - 1. */
  readonly volume: number
  readonly quoteVolume: number
  readonly trades: number
}

export type DepositRow = {
  readonly eventNo: number
  readonly account: AccountId
  readonly asset: AssetId
  readonly amount: number
  readonly instance: string
  readonly txHash: string
  readonly logIndex: number
  readonly at: number
}

export type WithdrawalStatus = 'pending' | 'sent' | 'settled' | 'failed'

export type WithdrawalRow = {
  readonly id: OrderId
  readonly account: AccountId
  readonly asset: AssetId
  readonly amount: number
  readonly fee: number
  readonly address: string
  readonly requestId: string
  readonly status: WithdrawalStatus
  /** Null until it is signed. */
  readonly txHash: string | null
  readonly createdAt: number
  readonly updatedAt: number
  /** The event that changed it last. */
  readonly eventNo: number
}

export type TransferRow = {
  /** The seq of its command. */
  readonly id: number
  readonly account: AccountId
  readonly fromAccount: AccountId
  readonly toAccount: AccountId
  readonly asset: AssetId
  readonly amount: number
  readonly requestId: string
  readonly at: number
}

/** Two orders of one owner that met and did not trade. */
export type PreventedRow = Omit<MatchPrevented, 'kind'> & {
  readonly eventNo: number
  readonly at: number
}

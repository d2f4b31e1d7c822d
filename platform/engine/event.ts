// Events: what a command changed, as followers receive it.
//
// These are the decoded forms; on disk and in memory an event is one or more cells of 64 bytes
// (codec.ts). eventNo is one gap-free counter over everything (INV-09). accountSeq is gap-free per
// account: an event that says "takes n" uses up n numbers, the first of which it carries. Views are
// folds over events and need nothing else.

import type { Amount, FeeRate, PriceTicks, SizeLots } from '#kernel/amount.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import type { Micros } from '#kernel/time.ts'
import type {
  CommandKind,
  ListAsset,
  ListMarket,
  OrderType,
  SelfTrade,
  Side,
  TimeInForce,
} from './command.ts'

export type EventHeader = {
  readonly eventNo: number
  /** The command that caused it. */
  readonly seq: number
  /** The command's time. */
  readonly time: Micros
}

/** Takes 1: an order was accepted; its id is the event's seq. */
export type OrderAccepted = {
  readonly kind: 'accepted'
  readonly account: AccountId
  readonly accountSeq: number
  readonly market: MarketId
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTrade: SelfTrade
  readonly price: PriceTicks
  readonly size: SizeLots
  readonly quoteAmount: Amount
  readonly makerRate: FeeRate
  readonly takerRate: FeeRate
  readonly clientOrderId: string
}

/** Takes 0: what is left of an order now stands in the book. */
export type OrderRested = {
  readonly kind: 'rested'
  readonly orderId: OrderId
  readonly account: AccountId
  readonly market: MarketId
  readonly side: Side
  readonly price: PriceTicks
  readonly remaining: SizeLots
  readonly bookNumber: number
}

/** Takes 2 of the maker and 2 of the taker: a fill message and an order message each. */
export type Fill = {
  readonly kind: 'fill'
  readonly market: MarketId
  /** Gap-free per market, from 1. */
  readonly tradeId: number
  readonly takerSide: Side
  readonly price: PriceTicks
  readonly size: SizeLots
  readonly makerOrderId: OrderId
  readonly takerOrderId: OrderId
  readonly makerAccount: AccountId
  readonly takerAccount: AccountId
  readonly makerAccountSeq: number
  readonly takerAccountSeq: number
  readonly makerFee: Amount
  readonly takerFee: Amount
  /** Of the maker after this fill; 0 means it left the book. */
  readonly makerRemaining: SizeLots
  /** Of the taker; 0 for orders by quote amount. */
  readonly takerRemaining: SizeLots
  readonly bookNumber: number
}

/** Takes 1: the rest of an order is over. */
export type OrderCancelled = {
  readonly kind: 'cancelled'
  readonly orderId: OrderId
  readonly account: AccountId
  readonly accountSeq: number
  readonly market: MarketId
  readonly side: Side
  readonly price: PriceTicks
  readonly remaining: SizeLots
  readonly reason: RefusalCode
  /** 0 when it did not stand in the book. */
  readonly bookNumber: number
}

/** Takes 1: self-trade prevention 'decrement' took size away without a fill. */
export type OrderReduced = {
  readonly kind: 'reduced'
  readonly orderId: OrderId
  readonly account: AccountId
  readonly accountSeq: number
  readonly market: MarketId
  readonly side: Side
  readonly price: PriceTicks
  /** Lots taken away. */
  readonly by: SizeLots
  readonly remaining: SizeLots
  /** 0 when it did not stand in the book. */
  readonly bookNumber: number
}

/** Takes 1: cash or holds differ from what they were before the command. */
export type BalanceChanged = {
  readonly kind: 'balance'
  readonly account: AccountId
  readonly accountSeq: number
  readonly asset: AssetId
  readonly cash: Amount
  readonly held: Amount
}

export type PostingKind =
  | 'deposit'
  | 'withdrawal'
  | 'withdrawal_fee'
  | 'transfer'
  | 'faucet'
  | 'issue'

/** Takes 0: one leg of a movement that is not a fill; legs of a command add up to 0 per asset. */
export type Posting = {
  readonly kind: 'posting'
  readonly postingKind: PostingKind
  readonly account: AccountId
  readonly asset: AssetId
  /** Signed. */
  readonly amount: Amount
  /** The withdrawal's id, else the seq of the command. */
  readonly reference: number
}

/** Takes 0: the command changed nothing but sequence, time and the memory of duplicates. */
export type CommandRefused = {
  readonly kind: 'refused'
  readonly account: AccountId
  readonly command: CommandKind
  readonly code: RefusalCode
}

export type AssetListed = Omit<ListAsset, 'kind'> & {
  readonly kind: 'assetListed'
  readonly asset: AssetId
}

export type MarketListed = Omit<ListMarket, 'kind'> & {
  readonly kind: 'marketListed'
  readonly market: MarketId
  /** Quote ledger units of one tick times one lot, exact. */
  readonly quotePerTickLot: number
}

export type AccountOpened = {
  readonly kind: 'accountOpened'
  readonly account: AccountId
  /** The customer's main account; itself for a main account. */
  readonly owner: AccountId
  readonly accountKind: 'main' | 'sub'
  /** Of the main account, '' for a sub-account. */
  readonly userId: string
  /** Of a sub-account, 'main' else. */
  readonly name: string
}

export type DepositCredited = {
  readonly kind: 'deposited'
  readonly account: AccountId
  readonly asset: AssetId
  readonly amount: Amount
  readonly instance: string
  readonly txHash: string
  readonly logIndex: number
}

export type WithdrawalRequested = {
  readonly kind: 'withdrawalRequested'
  readonly withdrawalId: OrderId
  readonly account: AccountId
  readonly asset: AssetId
  readonly amount: Amount
  readonly fee: Amount
  readonly address: string
  readonly requestId: string
}

export type WithdrawalSigned = {
  readonly kind: 'withdrawalSigned'
  readonly withdrawalId: OrderId
  readonly account: AccountId
  readonly instance: string
  readonly nonce: number
  readonly txHash: string
  readonly rawTransaction: string
}

export type WithdrawalSettled = {
  readonly kind: 'withdrawalSettled'
  readonly withdrawalId: OrderId
  readonly account: AccountId
  readonly txHash: string
}

export type WithdrawalFailed = {
  readonly kind: 'withdrawalFailed'
  readonly withdrawalId: OrderId
  readonly account: AccountId
}

export type TransferDone = {
  readonly kind: 'transferred'
  readonly account: AccountId
  readonly from: AccountId
  readonly to: AccountId
  readonly asset: AssetId
  readonly amount: Amount
  readonly requestId: string
}

export type ChainWasReset = { readonly kind: 'chainReset'; readonly instance: string }

export type EventBody =
  | OrderAccepted
  | OrderRested
  | Fill
  | OrderCancelled
  | OrderReduced
  | BalanceChanged
  | Posting
  | CommandRefused
  | AssetListed
  | MarketListed
  | AccountOpened
  | DepositCredited
  | WithdrawalRequested
  | WithdrawalSigned
  | WithdrawalSettled
  | WithdrawalFailed
  | TransferDone
  | ChainWasReset

export type Event = EventBody & EventHeader
export type EventKind = EventBody['kind']

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
  OrderExtra,
  OrderType,
  Phase,
  SelfTrade,
  SetFees,
  SetMark,
  SetMarket,
  Side,
  TimeInForce,
  TriggerBy,
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
  /** As in the command; costs a third cell. */
  readonly extra?: OrderExtra
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
  /** Lots its level gains: remaining, less for an iceberg. */
  readonly shown: SizeLots
  readonly bookNumber: number
}

/**
 * Takes 2 of the maker and 2 of the taker: a fill message and an order message each. In an auction
 * both stand in the book and both levels, each at its order's own price, lose the size.
 */
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
  /** Negative: a rebate, paid out of the taker's fee. */
  readonly makerFee: Amount
  readonly takerFee: Amount
  /** The fee is paid in the base asset. */
  readonly makerFeeInBase: boolean
  readonly takerFeeInBase: boolean
  /** Of an uncross: the taker is who came to rest later. */
  readonly auction: boolean
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
  /** Lots its level loses; 0 when it did not stand in the book. */
  readonly shown: SizeLots
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

/** Takes 1: a waiting order was triggered; ticks take it in under its own id. */
export type OrderTriggered = {
  readonly kind: 'triggered'
  readonly orderId: OrderId
  readonly account: AccountId
  readonly accountSeq: number
  readonly market: MarketId
  readonly side: Side
  /** Its trigger, as far as it had followed. */
  readonly triggerPrice: PriceTicks
  /** The last or mark price that met it. */
  readonly reference: PriceTicks
  /** The worst price at which it works from now on. */
  readonly price: PriceTicks
  /** The price at which the limit leg of an oco stood in the book; 0 when none did. */
  readonly leftPrice: PriceTicks
  /** Lots that its level loses; 0 when it did not stand in the book. */
  readonly shown: SizeLots
  readonly remaining: SizeLots
  /** 0 when it did not stand in the book. */
  readonly bookNumber: number
}

/** Takes 1: an open order was changed in place; fields are those after the change. */
export type OrderAmended = {
  readonly kind: 'amended'
  readonly orderId: OrderId
  readonly account: AccountId
  readonly accountSeq: number
  readonly market: MarketId
  readonly side: Side
  /** 0 for orders without a limit. */
  readonly price: PriceTicks
  /** Its price before. */
  readonly oldPrice: PriceTicks
  /** 0 for orders without a fixed trigger. */
  readonly triggerPrice: PriceTicks
  readonly size: SizeLots
  readonly remaining: SizeLots
  /** Lots that the level of oldPrice loses: all of it when the order gives its place up. */
  readonly shown: SizeLots
  /** 0 when it did not stand in the book. */
  readonly bookNumber: number
}

/** Takes 0: an iceberg shows more of what it has. */
export type OrderRefreshed = {
  readonly kind: 'refreshed'
  readonly orderId: OrderId
  readonly account: AccountId
  readonly market: MarketId
  readonly side: Side
  readonly price: PriceTicks
  /** Lots that its level gains. */
  readonly added: SizeLots
  /** It went to the end of its level; otherwise it keeps its place. */
  readonly requeued: boolean
  readonly bookNumber: number
}

/** Takes 0: two orders of one owner met; what became of them follows. */
export type MatchPrevented = {
  readonly kind: 'prevented'
  readonly market: MarketId
  readonly takerSide: Side
  /** What was done, which is not always what the taker asked for. */
  readonly selfTrade: SelfTrade
  readonly price: PriceTicks
  /** Lots that would have traded. */
  readonly size: SizeLots
  readonly makerOrderId: OrderId
  readonly takerOrderId: OrderId
  readonly makerAccount: AccountId
  readonly takerAccount: AccountId
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

/** Takes 1: the exit of a bracket, an oco of the other side; its id is 2^52 + entryOrderId. */
export type ExitOpened = {
  readonly kind: 'exitOpened'
  readonly orderId: OrderId
  readonly entryOrderId: OrderId
  readonly account: AccountId
  readonly accountSeq: number
  readonly market: MarketId
  readonly side: Side
  readonly selfTrade: SelfTrade
  readonly price: PriceTicks
  readonly triggerPrice: PriceTicks
  readonly triggerBy: TriggerBy
  readonly stopPrice: PriceTicks
  readonly size: SizeLots
  readonly makerRate: FeeRate
  readonly takerRate: FeeRate
}

export type PhaseReason = 'operator' | 'session' | 'band' | 'schedule' | 'uncross'

export type PhaseChanged = {
  readonly kind: 'phaseChanged'
  readonly market: MarketId
  readonly phase: Phase
  /** 0: when somebody says so. */
  readonly endsAt: Micros
  readonly reason: PhaseReason
}

/** What an auction would trade now; price and volume are 0 when nothing would. */
export type Indicative = {
  readonly kind: 'indicative'
  readonly market: MarketId
  readonly price: PriceTicks
  readonly volume: SizeLots
}

/** An auction found its price; its fills follow, in this command and in ticks. */
export type AuctionUncrossed = {
  readonly kind: 'uncrossed'
  readonly market: MarketId
  readonly price: PriceTicks
  readonly volume: SizeLots
}

export type MarkSet = Omit<SetMark, 'kind'> & { readonly kind: 'markSet' }
export type MarketChanged = Omit<SetMarket, 'kind'> & { readonly kind: 'marketChanged' }
export type FeesSet = Omit<SetFees, 'kind'> & { readonly kind: 'feesSet' }
/** Ticks cancel what is open in it. */
export type MarketDelisted = { readonly kind: 'marketDelisted'; readonly market: MarketId }

export type AccountFrozen = {
  readonly kind: 'accountFrozen'
  readonly account: AccountId
  readonly frozen: boolean
}

export type AccountClosed = { readonly kind: 'accountClosed'; readonly account: AccountId }

export type DeadManSet = {
  readonly kind: 'deadManSet'
  readonly account: AccountId
  readonly key: number
  /** When it goes off; 0: it is off. */
  readonly dueAt: Micros
}

/** The timer went off and is gone; the cancelled orders follow. */
export type DeadManFired = {
  readonly kind: 'deadManFired'
  readonly account: AccountId
  readonly key: number
}

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
  | OrderTriggered
  | OrderAmended
  | OrderRefreshed
  | MatchPrevented
  | ExitOpened
  | PhaseChanged
  | Indicative
  | AuctionUncrossed
  | MarkSet
  | MarketChanged
  | FeesSet
  | MarketDelisted
  | AccountFrozen
  | AccountClosed
  | DeadManSet
  | DeadManFired

export type Event = EventBody & EventHeader
export type EventKind = EventBody['kind']

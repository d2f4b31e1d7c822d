// Image: the engine's state as plain rows, for views that start from it.
//
// It is what a follower would know after folding every event so far. Only what is open is in it:
// finished orders are history and live in the database.

import type { Amount, PriceTicks, SizeLots } from '#kernel/amount.ts'
import type { AccountId, AssetId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'
import type { FeeTier, MarketRules, OrderExtra, Phase } from './command.ts'
import type {
  AccountOpened,
  AssetListed,
  MarketListed,
  OrderAccepted,
  WithdrawalRequested,
} from './event.ts'

/**
 * An open order with what happened to it so far. Price, size and triggerPrice are as they were last
 * amended; from `triggered` on the price is the one it works at. An exit is an oco of its entry's
 * account, with the fields that rules/triggers.md gives it and defaults else.
 */
export type OpenOrder = Omit<OrderAccepted, 'kind' | 'accountSeq' | 'extra'> & {
  readonly orderId: OrderId
  /** NO_EXTRA when the command had none. */
  readonly extra: OrderExtra
  /** Of a bracket's exit; 0 for all others. */
  readonly entryOrderId: OrderId
  readonly remaining: SizeLots
  /** Lots traded; size = traded + remaining + reduced. */
  readonly traded: SizeLots
  /** Quote units traded, maker and taker together. */
  readonly quoteTraded: Amount
  /** The fees of its fills added up: rebates count as they were paid, cut off or not. */
  readonly fee: Amount
  /** Stands in the book; false while it only waits, or in the queue. */
  readonly resting: boolean
  /** Lots that its level shows; 0 when it does not rest. */
  readonly shown: SizeLots
  /** Its trigger waits; neither armed nor resting it stands in the queue. */
  readonly armed: boolean
  /** Its trigger, of a trailing stop as far as it has followed; 0 without one. */
  readonly trigger: PriceTicks
  readonly triggered: boolean
  /** When it ends by itself, GTD or DAY; 0: it does not. */
  readonly expireAt: Micros
  readonly held: Amount
  readonly createdAt: Micros
  /** Of the last command that let it rest, trade, lose size, be amended or triggered. */
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

export type ImageMarket = Omit<MarketListed, 'kind'> & {
  readonly bookNumber: number
  readonly lastTradeId: number
  /** Ticks of the last fill; 0 before the first. */
  readonly lastPrice: number
  /** Ticks; 0 before the first setMark. */
  readonly mark: number
  /** As setMarket said last; minNotional of the listing stays what it was. */
  readonly rules: MarketRules
  readonly tiers: readonly FeeTier[]
  readonly delisted: boolean
  readonly phase: Phase
  readonly endsAt: Micros
  /** The phase after this auction; continuous in every other phase. */
  readonly next: Phase
  /** 0 unless an uncross is going on. */
  readonly uncrossPrice: number
  /** As it was last told of this auction; zeros in every other phase. */
  readonly indicative: { readonly price: number; readonly volume: number }
}

export type ImageAccount = Omit<AccountOpened, 'kind'> & {
  readonly accountSeq: number
  readonly frozen: boolean
  readonly closed: boolean
}

export type BracketRow = {
  readonly entryOrderId: OrderId
  /** 0 before the exit was opened. */
  readonly exitOrderId: OrderId
  readonly uncovered: SizeLots
}

export type DeadManRow = {
  readonly account: AccountId
  readonly key: number
  readonly dueAt: Micros
}

/** What an owner traded against a quote asset in the 30 days up to the image's time. */
export type VolumeRow = {
  readonly owner: AccountId
  readonly asset: AssetId
  readonly notional: Amount
}

export type EngineImage = {
  readonly seq: number
  readonly time: Micros
  readonly eventNo: number
  readonly chainInstance: string
  readonly assets: readonly Omit<AssetListed, 'kind'>[]
  readonly markets: readonly ImageMarket[]
  readonly accounts: readonly ImageAccount[]
  readonly balances: readonly BalanceRow[]
  /** Ascending by orderId; in price-time order within a level. */
  readonly orders: readonly OpenOrder[]
  readonly withdrawals: readonly OpenWithdrawal[]
  /** Ascending by entry. */
  readonly brackets: readonly BracketRow[]
  /** Ascending by account and key. */
  readonly deadMans: readonly DeadManRow[]
  /** Ascending by owner and asset; a row stays when its 30 days are empty. */
  readonly volumes: readonly VolumeRow[]
}

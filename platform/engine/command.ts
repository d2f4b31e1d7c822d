// Commands: every change of money or orders, as the engine receives it.
//
// These are the decoded forms. On disk and on the hot path a command is one or more cells of 64
// bytes, little-endian (codec.ts): place has two, or three with an extra; cancel and amend have
// one; everything else has the same header and a payload after the schema of its kind. What each
// command does stands in docs/rules.md. seq and time are stamped by the sequencer and never by
// anybody else; bodyHash is made by the sequencer over the encoded body without seq and time.

import type { Amount, FeeRate, PriceTicks, SizeLots } from '#kernel/amount.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'

export type Side = 'buy' | 'sell'
export type OrderType =
  | 'limit'
  | 'market'
  | 'stop'
  | 'stop-limit'
  | 'take-profit'
  | 'take-profit-limit'
  | 'trailing-stop'
  | 'oco'
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTD' | 'DAY'
/** The price that triggers look at: of the last fill, or what setMark said. */
export type TriggerBy = 'last' | 'mark'
/** How far a trailing stop follows: in ticks, or in hundredths of a per cent of the price. */
export type TrailIn = 'ticks' | 'bps'
/** In which asset fees are paid: only a buyer receives another asset than the quote. */
export type FeeIn = 'quote' | 'received'
export type Phase = 'pre-open' | 'auction' | 'continuous' | 'post-only' | 'halted' | 'closed'
export type SelfTrade = 'cancel-taker' | 'cancel-maker' | 'cancel-both' | 'decrement'
export type MarketKind = 'spot' | 'margin' | 'perpetual'

/** Stamped on every command when it is sequenced; 0 until then. */
export type Stamp = { readonly seq: number; readonly time: Micros }

/** What a caller gives so that asking again gives the same answer. */
export type CallerStamp = {
  /** When the caller sent it first; a retry repeats it. */
  readonly sentAt: Micros
  /** The caller gave sentAt himself, so it is part of the compared body. */
  readonly sentAtGiven: boolean
  /** 24 bytes: the first 192 bits of SHA-256 over the body, as a latin1 text of 24 characters. */
  readonly bodyHash: string
}

/** What most orders do without; NO_EXTRA in codec/extra.ts has every field at its default. */
export type OrderExtra = {
  /** Ticks; of stop, take-profit, oco, and the stop of a bracket. 0: none. */
  readonly triggerPrice: PriceTicks
  readonly triggerBy: TriggerBy
  /** Ticks; the limit of the stop of an oco or a bracket. 0: a market order with a collar. */
  readonly stopPrice: PriceTicks
  /** Ticks; given, a limit or market order is a bracket. 0: it is not. */
  readonly takeProfitPrice: PriceTicks
  /** Lots that an iceberg shows; 0 shows all. */
  readonly displaySize: SizeLots
  /** Distance of a trailing stop; 0: none. */
  readonly trail: number
  readonly trailIn: TrailIn
  /** When a GTD order ends; 0 for all others. */
  readonly expireAt: Micros
  readonly reduceOnly: boolean
  /** A post-only order that would take moves one tick behind the best price instead. */
  readonly slide: boolean
  readonly feeIn: FeeIn
  /** The connection that cancelSession names; 0: none. Not part of the compared body. */
  readonly session: number
  /** The key that cancelAfter names; 0: none. Not part of the compared body. */
  readonly key: number
}

export type PlaceOrder = CallerStamp & {
  readonly kind: 'place'
  readonly account: AccountId
  readonly market: MarketId
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTrade: SelfTrade
  /** Ticks; 0 for orders without a limit. */
  readonly price: PriceTicks
  /** Lots; 0 for market orders by quote amount. */
  readonly size: SizeLots
  /** Ledger units of the quote asset, fees included when buying; 0 unless given. */
  readonly quoteAmount: Amount
  /** 1 to 36 characters of CALLER_ID; '' when the caller gave none: then it is not remembered. */
  readonly clientOrderId: string
  /** Only when something in it is not the default: it costs a third cell. */
  readonly extra?: OrderExtra
}

/** Changes an open order in place; it has no caller's id, for asking again changes nothing. */
export type AmendOrder = {
  readonly kind: 'amend'
  readonly account: AccountId
  readonly orderId: OrderId
  /** The new limit price; 0 leaves it. */
  readonly price: PriceTicks
  /** The new ordered size, what was filled and reduced included; 0 leaves it. */
  readonly size: SizeLots
  /** The new trigger price; 0 leaves it. */
  readonly triggerPrice: PriceTicks
}

export type CancelOrder = {
  readonly kind: 'cancel'
  readonly account: AccountId
  readonly orderId: OrderId
}

export type CancelAll = {
  readonly kind: 'cancelAll'
  readonly account: AccountId
  readonly market: MarketId | null
  readonly side: Side | null
}

/** A connection is gone: what the account placed over it is cancelled. */
export type CancelSession = {
  readonly kind: 'cancelSession'
  readonly account: AccountId
  readonly session: number
}

/** Dead-man timer: unless asked again within so long, the key's orders are cancelled. */
export type CancelAfter = {
  readonly kind: 'cancelAfter'
  readonly account: AccountId
  readonly key: number
  /** 0 switches the timer off. */
  readonly cancelAfterMs: number
}

export type Tick = { readonly kind: 'tick' }

export type ListAsset = {
  readonly kind: 'listAsset'
  readonly symbol: string
  readonly scale: number
  /** Decimals of its token; -1 when it exists in the ledger only. */
  readonly chainDecimals: number
}

export type ListMarket = {
  readonly kind: 'listMarket'
  readonly symbol: string
  readonly marketKind: MarketKind
  readonly base: AssetId
  readonly quote: AssetId
  /** price = ticks * tickUnits / 10^priceScale */
  readonly priceScale: number
  readonly tickUnits: number
  /** size in base ledger units = lots * lotUnits */
  readonly lotUnits: number
  readonly minNotional: Amount
  readonly makerRate: FeeRate
  readonly takerRate: FeeRate
}

/** What of a market can change while it trades. */
export type MarketRules = {
  readonly minNotional: Amount
  /** How far from the best price, or from its trigger, a market order trades; 0: no collar. */
  readonly collarBps: number
  /** How far from its reference a market trades before it halts; 0: no band. */
  readonly bandBps: number
  /** How often the reference of the band moves on. */
  readonly bandWindowUs: number
  /** How long a breach halts; 0 goes on to the auction at once. */
  readonly haltUs: number
  /** How long an auction collects; 0: no auctions. */
  readonly auctionUs: number
  /** Microseconds of the UTC day; equal: around the clock. DAY orders end at the close. */
  readonly sessionOpenUs: number
  readonly sessionCloseUs: number
}

export type SetMarket = MarketRules & { readonly kind: 'setMarket'; readonly market: MarketId }

export type FeeTier = {
  /** Quote units traded in 30 days from which the tier holds; 0 in the first. */
  readonly minNotional: Amount
  /** Negative: a rebate. */
  readonly makerRate: FeeRate
  readonly takerRate: FeeRate
}

/** The whole fee schedule of a market, ascending; orders keep the rates they were accepted with. */
export type SetFees = {
  readonly kind: 'setFees'
  readonly market: MarketId
  readonly tiers: readonly FeeTier[]
}

/** An operator's decision; a market is frozen by halting it without an end. */
export type SetPhase = {
  readonly kind: 'setPhase'
  readonly market: MarketId
  readonly phase: Phase
  /** When a halt or an auction is over; 0: when somebody says so. */
  readonly endsAt: Micros
}

export type SetMark = {
  readonly kind: 'setMark'
  readonly market: MarketId
  readonly price: PriceTicks
}

export type DelistMarket = { readonly kind: 'delistMarket'; readonly market: MarketId }

export type FreezeAccount = {
  readonly kind: 'freezeAccount'
  readonly account: AccountId
  readonly frozen: boolean
}

/** Closes an empty sub-account for ever. */
export type CloseAccount = CallerStamp & {
  readonly kind: 'closeAccount'
  /** The customer's account that asks; both belong to the same owner. */
  readonly account: AccountId
  readonly closing: AccountId
  readonly requestId: string
}

export type OpenAccount = { readonly kind: 'openAccount'; readonly userId: string }

export type OpenSubAccount = CallerStamp & {
  readonly kind: 'openSubAccount'
  readonly account: AccountId
  readonly name: string
  readonly requestId: string
}

export type Transfer = CallerStamp & {
  readonly kind: 'transfer'
  /** The customer's account that asks; from and to belong to the same owner. */
  readonly account: AccountId
  readonly from: AccountId
  readonly to: AccountId
  readonly asset: AssetId
  readonly amount: Amount
  readonly requestId: string
}

export type Faucet = CallerStamp & {
  readonly kind: 'faucet'
  readonly account: AccountId
  readonly requestId: string
  readonly amounts: readonly { readonly asset: AssetId; readonly amount: Amount }[]
}

/** Genesis only: money enters the house account against the chain or, for fiat, the world. */
export type Issue = { readonly kind: 'issue'; readonly asset: AssetId; readonly amount: Amount }

/** A deposit that is final on chain; unique by (instance, txHash, logIndex). */
export type CreditDeposit = {
  readonly kind: 'credit'
  readonly account: AccountId
  readonly asset: AssetId
  readonly amount: Amount
  readonly instance: string
  readonly txHash: string
  readonly logIndex: number
}

export type RequestWithdrawal = CallerStamp & {
  readonly kind: 'requestWithdrawal'
  readonly account: AccountId
  readonly asset: AssetId
  readonly amount: Amount
  readonly fee: Amount
  readonly address: string
  readonly requestId: string
}

/** Journaled before the transaction is broadcast, so that the same bytes can be sent again. */
export type SignWithdrawal = {
  readonly kind: 'signWithdrawal'
  readonly withdrawalId: OrderId
  readonly instance: string
  readonly nonce: number
  readonly txHash: string
  readonly rawTransaction: string
}

export type SettleWithdrawal = {
  readonly kind: 'settleWithdrawal'
  readonly withdrawalId: OrderId
  readonly txHash: string
}

export type FailWithdrawal = { readonly kind: 'failWithdrawal'; readonly withdrawalId: OrderId }

/** A development chain lost its state: the ledger stays, deposits count from a new instance. */
export type ChainReset = { readonly kind: 'chainReset'; readonly instance: string }

export type CommandBody =
  | PlaceOrder
  | CancelOrder
  | CancelAll
  | Tick
  | ListAsset
  | ListMarket
  | OpenAccount
  | OpenSubAccount
  | Transfer
  | Faucet
  | Issue
  | CreditDeposit
  | RequestWithdrawal
  | SignWithdrawal
  | SettleWithdrawal
  | FailWithdrawal
  | ChainReset
  | AmendOrder
  | CancelSession
  | CancelAfter
  | SetMarket
  | SetFees
  | SetPhase
  | SetMark
  | DelistMarket
  | FreezeAccount
  | CloseAccount

export type Command = CommandBody & Stamp
export type CommandKind = CommandBody['kind']

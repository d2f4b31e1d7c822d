// Commands: every change of money or orders, as the engine receives it.
//
// These are the decoded forms. On disk and on the hot path a command is one or more cells of 64
// bytes, little-endian (codec.ts): place has two, cancel one, everything else the same header and a
// payload after the schema of its kind. seq and time are stamped by the sequencer and never by
// anybody else; bodyHash is made by the sequencer over the encoded body without seq and time.

import type { Amount, FeeRate, PriceTicks, SizeLots } from '#kernel/amount.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'

export type Side = 'buy' | 'sell'
export type OrderType = 'limit' | 'market'
export type TimeInForce = 'GTC' | 'IOC' | 'FOK'
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

export type PlaceOrder = CallerStamp & {
  readonly kind: 'place'
  readonly account: AccountId
  readonly market: MarketId
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTrade: SelfTrade
  /** Ticks; 0 for market orders. */
  readonly price: PriceTicks
  /** Lots; 0 for market orders by quote amount. */
  readonly size: SizeLots
  /** Ledger units of the quote asset, fees included when buying; 0 unless given. */
  readonly quoteAmount: Amount
  /** 1 to 36 characters of CALLER_ID; '' when the caller gave none: then it is not remembered. */
  readonly clientOrderId: string
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

export type Command = CommandBody & Stamp
export type CommandKind = CommandBody['kind']

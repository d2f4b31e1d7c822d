// Schemas: the payloads of the records that are not on the hot path.
//
// The order of fields is the order of bytes and never changes within an engine version. Where a
// command has a body hash it comes first, so that it stands at byte 32 of the record.

import type { Amount, FeeRate, PriceTicks, SizeLots } from '#kernel/amount.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'
import type { CommandBody } from '../command.ts'
import type { EventBody } from '../event.ts'
import {
  ACCOUNT_KINDS,
  MARKET_KINDS,
  PHASE_REASONS,
  PHASES,
  SELF_TRADES,
  SIDES,
  TRIGGERS_BY,
} from './choices.ts'
import {
  bodyHash,
  flag,
  i32,
  i64,
  list,
  nullable,
  oneOf,
  type Schema,
  struct,
  text,
  u32,
  u53,
} from './fields.ts'

type Of<Union extends { kind: string }, K extends Union['kind']> = Omit<
  Extract<Union, { kind: K }>,
  'kind'
>
type CommandPayload<K extends CommandBody['kind']> = Schema<Of<CommandBody, K>>
type EventPayload<K extends EventBody['kind']> = Schema<Of<EventBody, K>>
type HotCommand = 'place' | 'cancel' | 'amend'
type HotEvent =
  | 'accepted'
  | 'rested'
  | 'fill'
  | 'cancelled'
  | 'reduced'
  | 'balance'
  | 'posting'
  | 'refused'
  | 'triggered'
  | 'amended'
  | 'refreshed'
  | 'prevented'

export type PayloadCommandKind = Exclude<CommandBody['kind'], HotCommand>
export type PayloadEventKind = Exclude<EventBody['kind'], HotEvent>

const CALLER = { bodyHash, sentAt: u53<Micros>(), sentAtGiven: flag, requestId: text } as const
const LISTED_ASSET = { symbol: text, scale: u32(), chainDecimals: i64() } as const
const LISTED_MARKET = {
  symbol: text,
  marketKind: oneOf(MARKET_KINDS),
  base: u32<AssetId>(),
  quote: u32<AssetId>(),
  priceScale: u32(),
  tickUnits: u53(),
  lotUnits: u53(),
  minNotional: u53<Amount>(),
  makerRate: i32<FeeRate>(),
  takerRate: i32<FeeRate>(),
} as const
const MARKET = { market: u32<MarketId>() } as const
const RULES = {
  minNotional: u53<Amount>(),
  collarBps: u32(),
  bandBps: u32(),
  bandWindowUs: u53(),
  haltUs: u53(),
  auctionUs: u53(),
  sessionOpenUs: u53(),
  sessionCloseUs: u53(),
} as const
const TIERS = list(
  struct({ minNotional: u53<Amount>(), makerRate: i32<FeeRate>(), takerRate: i32<FeeRate>() }),
)
const PRICED = { ...MARKET, price: u53<PriceTicks>() } as const
const KEYED = { account: u32<AccountId>(), key: u32() } as const
const ON_CHAIN = { instance: text, txHash: text, logIndex: u32() } as const
const SIGNED = { instance: text, nonce: u53(), txHash: text, rawTransaction: text } as const
const WITHDRAWN = {
  account: u32<AccountId>(),
  asset: u32<AssetId>(),
  amount: u53<Amount>(),
  fee: u53<Amount>(),
  address: text,
} as const
const MOVED = {
  account: u32<AccountId>(),
  from: u32<AccountId>(),
  to: u32<AccountId>(),
  asset: u32<AssetId>(),
  amount: u53<Amount>(),
} as const

/** Payloads of commands. */
export const COMMAND_SCHEMAS: { readonly [K in PayloadCommandKind]: CommandPayload<K> } = {
  cancelAll: {
    account: u32<AccountId>(),
    market: nullable(u32<MarketId>()),
    side: nullable(oneOf(SIDES)),
  },
  tick: {},
  listAsset: LISTED_ASSET,
  listMarket: LISTED_MARKET,
  openAccount: { userId: text },
  openSubAccount: { ...CALLER, account: u32<AccountId>(), name: text },
  transfer: { ...CALLER, ...MOVED },
  faucet: {
    ...CALLER,
    account: u32<AccountId>(),
    amounts: list(struct({ asset: u32<AssetId>(), amount: u53<Amount>() })),
  },
  issue: { asset: u32<AssetId>(), amount: u53<Amount>() },
  credit: { account: u32<AccountId>(), asset: u32<AssetId>(), amount: u53<Amount>(), ...ON_CHAIN },
  requestWithdrawal: { ...CALLER, ...WITHDRAWN },
  signWithdrawal: { withdrawalId: u53<OrderId>(), ...SIGNED },
  settleWithdrawal: { withdrawalId: u53<OrderId>(), txHash: text },
  failWithdrawal: { withdrawalId: u53<OrderId>() },
  chainReset: { instance: text },
  cancelSession: { account: u32<AccountId>(), session: u32() },
  cancelAfter: { ...KEYED, cancelAfterMs: u53() },
  setMarket: { ...MARKET, ...RULES },
  setFees: { ...MARKET, tiers: TIERS },
  setPhase: { ...MARKET, phase: oneOf(PHASES), endsAt: u53<Micros>() },
  setMark: PRICED,
  delistMarket: MARKET,
  freezeAccount: { account: u32<AccountId>(), frozen: flag },
  closeAccount: { ...CALLER, account: u32<AccountId>(), closing: u32<AccountId>() },
}

/** Payloads of events. */
export const EVENT_SCHEMAS: { readonly [K in PayloadEventKind]: EventPayload<K> } = {
  assetListed: { asset: u32<AssetId>(), ...LISTED_ASSET },
  marketListed: { market: u32<MarketId>(), ...LISTED_MARKET, quotePerTickLot: u53() },
  accountOpened: {
    account: u32<AccountId>(),
    owner: u32<AccountId>(),
    accountKind: oneOf(ACCOUNT_KINDS),
    userId: text,
    name: text,
  },
  deposited: {
    account: u32<AccountId>(),
    asset: u32<AssetId>(),
    amount: u53<Amount>(),
    ...ON_CHAIN,
  },
  withdrawalRequested: { withdrawalId: u53<OrderId>(), ...WITHDRAWN, requestId: text },
  withdrawalSigned: { withdrawalId: u53<OrderId>(), account: u32<AccountId>(), ...SIGNED },
  withdrawalSettled: { withdrawalId: u53<OrderId>(), account: u32<AccountId>(), txHash: text },
  withdrawalFailed: { withdrawalId: u53<OrderId>(), account: u32<AccountId>() },
  transferred: { ...MOVED, requestId: text },
  chainReset: { instance: text },
  exitOpened: {
    orderId: u53<OrderId>(),
    entryOrderId: u53<OrderId>(),
    account: u32<AccountId>(),
    accountSeq: u53(),
    ...MARKET,
    side: oneOf(SIDES),
    selfTrade: oneOf(SELF_TRADES),
    price: u32<PriceTicks>(),
    triggerPrice: u32<PriceTicks>(),
    triggerBy: oneOf(TRIGGERS_BY),
    stopPrice: u32<PriceTicks>(),
    size: u53<SizeLots>(),
    makerRate: i32<FeeRate>(),
    takerRate: i32<FeeRate>(),
  },
  phaseChanged: {
    ...MARKET,
    phase: oneOf(PHASES),
    endsAt: u53<Micros>(),
    reason: oneOf(PHASE_REASONS),
  },
  indicative: { ...PRICED, volume: u53<SizeLots>() },
  uncrossed: { ...PRICED, volume: u53<SizeLots>() },
  markSet: PRICED,
  marketChanged: { ...MARKET, ...RULES },
  feesSet: { ...MARKET, tiers: TIERS },
  marketDelisted: MARKET,
  accountFrozen: { account: u32<AccountId>(), frozen: flag },
  accountClosed: { account: u32<AccountId>() },
  deadManSet: { ...KEYED, dueAt: u53<Micros>() },
  deadManFired: KEYED,
}

// Fields: how the rows of each section stand in bytes.
//
// The order of fields is the order of bytes; it changes only with a new engine version.

import type { Amount, FeeRate } from '#kernel/amount.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'
import {
  ACCOUNT_KINDS,
  MARKET_KINDS,
  ORDER_TYPES,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
} from '../codec/choices.ts'
import {
  bodyHash,
  type Field,
  flag,
  i32,
  i64,
  list,
  nullable,
  oneOf,
  struct,
  text,
  u32,
} from '../codec/fields.ts'
import type { SectionName, Sections } from './rows.ts'

const NUMBERED = { account: u32<AccountId>() } as const
const ORDER_MONEY = {
  size: i64(),
  remaining: i64(),
  reducedBy: i64(),
  held: i64(),
  makerNotional: i64(),
  takerNotional: i64(),
} as const

const RULES = {
  endsAt: i64(),
  indicativeAt: i64(),
  toldVolume: i64(),
  toldPrice: u32(),
  uncrossPrice: u32(),
  next: u32(),
  sessionsFrom: i64(),
  sessionOpenUs: i64(),
  sessionCloseUs: i64(),
  bandWindowUs: i64(),
  bandWindow: i64(),
  bandPrice: u32(),
  bandBps: u32(),
  haltUs: i64(),
  auctionUs: i64(),
  mark: u32(),
} as const

export const SECTION_FIELDS: { readonly [S in SectionName]: Field<Sections[S]> } = {
  clock: struct({ seq: i64(), time: i64(), eventNo: i64() }),
  chain: struct({ instance: text }),
  assets: struct({ asset: u32<AssetId>(), symbol: text, scale: u32(), chainDecimals: i64() }),
  markets: struct({
    market: u32<MarketId>(),
    symbol: text,
    marketKind: oneOf(MARKET_KINDS),
    base: u32<AssetId>(),
    quote: u32<AssetId>(),
    priceScale: u32(),
    tickUnits: i64(),
    lotUnits: i64(),
    minNotional: i64<Amount>(),
    makerRate: i32<FeeRate>(),
    takerRate: i32<FeeRate>(),
    quotePerTickLot: i64(),
    bookNumber: i64(),
    lastTradeId: i64(),
    lastPrice: i64(),
  }),
  rules: struct({
    market: u32<MarketId>(),
    minNotional: i64(),
    phase: u32(),
    collarBps: u32(),
    ...RULES,
    delisted: flag,
    tiers: list(
      struct({ minNotional: i64<Amount>(), makerRate: i32<FeeRate>(), takerRate: i32<FeeRate>() }),
    ),
  }),
  accounts: struct({
    ...NUMBERED,
    owner: u32<AccountId>(),
    accountKind: oneOf(ACCOUNT_KINDS),
    userId: text,
    name: text,
  }),
  marks: struct({ ...NUMBERED, marks: u32() }),
  accountSeqs: struct({ ...NUMBERED, accountSeq: i64() }),
  balances: struct({
    ...NUMBERED,
    asset: u32<AssetId>(),
    cash: i64<Amount>(),
    held: i64<Amount>(),
  }),
  volumes: struct({ owner: u32(), asset: u32(), day: u32(), traded: i64(), before: list(i64()) }),
  orders: struct({
    orderId: i64<OrderId>(),
    ...NUMBERED,
    market: u32<MarketId>(),
    side: oneOf(SIDES),
    type: oneOf(ORDER_TYPES),
    timeInForce: oneOf(TIMES_IN_FORCE),
    postOnly: flag,
    selfTrade: oneOf(SELF_TRADES),
    draining: flag,
    price: u32(),
    makerRate: i32(),
    takerRate: i32(),
    ...ORDER_MONEY,
    priority: i64(),
    createdAt: i64(),
    updatedAt: i64(),
    clientOrderId: text,
  }),
  paid: struct({
    orderId: i64<OrderId>(),
    inBase: flag,
    fee: i64(),
    makerBase: i64(),
    takerBase: i64(),
  }),
  withdrawals: struct({
    withdrawalId: i64<OrderId>(),
    ...NUMBERED,
    asset: u32<AssetId>(),
    amount: i64<Amount>(),
    fee: i64<Amount>(),
    address: text,
    requestId: text,
    requestedAt: i64<Micros>(),
    signed: nullable(struct({ instance: text, nonce: i64(), txHash: text, rawTransaction: text })),
  }),
  withdrawalIds: struct({ key: text, seq: i64(), bodyHash }),
  credits: struct({ key: text }),
  window: struct({ evictedSentAt: i64() }),
  outcomes: struct({
    who: u32(),
    id: text,
    bodyHash,
    code: u32(),
    seq: i64(),
    sentAt: i64(),
    time: i64(),
  }),
}

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
  i64,
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
    makerRate: u32<FeeRate>(),
    takerRate: u32<FeeRate>(),
    quotePerTickLot: i64(),
    bookNumber: i64(),
    lastTradeId: i64(),
    lastPrice: i64(),
  }),
  accounts: struct({
    ...NUMBERED,
    owner: u32<AccountId>(),
    accountKind: oneOf(ACCOUNT_KINDS),
    userId: text,
    name: text,
  }),
  accountSeqs: struct({ ...NUMBERED, accountSeq: i64() }),
  balances: struct({
    ...NUMBERED,
    asset: u32<AssetId>(),
    cash: i64<Amount>(),
    held: i64<Amount>(),
  }),
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
    makerRate: u32(),
    takerRate: u32(),
    ...ORDER_MONEY,
    priority: i64(),
    createdAt: i64(),
    updatedAt: i64(),
    clientOrderId: text,
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

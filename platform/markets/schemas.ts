// Schemas of assets, markets, market data and fees.
//
// One schema gives type, validation, OpenAPI and serialisation; the client takes its types from
// here. Prices and sizes are decimal strings in the scales of their market.

import { type Static, Type } from 'typebox'
import {
  closed,
  Decimal,
  DecimalInput,
  DecimalOrNull,
  Instant,
  LimitText,
  oneOf,
  pageOf,
  SymbolParam,
  WholeNumber,
  WholeText,
} from '#platform/http/port.ts'

export const Interval = oneOf(['1s', '1m', '5m', '15m', '1h', '4h', '1d'])
export type Interval = Static<typeof Interval>

const Short = Type.String({ maxLength: 20 })

export const Asset = closed({
  symbol: Short,
  scale: WholeNumber,
  chain: Type.Optional(
    closed({
      token: Type.String({ maxLength: 64 }),
      decimals: WholeNumber,
    }),
  ),
})
export type Asset = Static<typeof Asset>

/** A rate, not an amount: in basis points, hundredths allowed. */
const Rate = Type.Number({ minimum: 0, maximum: 10_000 })

const InstantOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })

/** [price, size] */
export const BookSide = Type.Unsafe<[string, string][]>({
  type: 'array',
  maxItems: 1_000,
  items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'string', maxLength: 40 } },
})

export const Pool = closed({
  venue: Type.String({ maxLength: 40 }),
  address: Type.String({ maxLength: 64 }),
  feeBps: Rate,
  price: DecimalOrNull,
  /** In whole coins, of a pool that has them. */
  baseReserve: Type.Optional(Decimal),
  quoteReserve: Type.Optional(Decimal),
  /**
   * [price, base coins traded until there], from the pool's price on; told of one market alone.
   * Between two prices the amount is linear in one over the root of the price.
   */
  ladder: Type.Optional(closed({ bids: BookSide, asks: BookSide })),
  at: InstantOrNull,
})
export type Pool = Static<typeof Pool>

const SignedRate = Type.Number({ minimum: -10_000, maximum: 10_000 })

export const FeeTier = closed({
  /** Traded in 30 days, in the quote asset, from which the tier holds. */
  minNotional: Decimal,
  makerFeeBps: SignedRate,
  takerFeeBps: Rate,
})

/** What a customer pays in a market. */
export const Fees = closed({
  market: Short,
  quote: Short,
  /** What decides the tier: traded in 30 days by all accounts of the owner, in the quote asset. */
  quoteVolume30d: DecimalOrNull,
  /** From 1. */
  tier: WholeNumber,
  makerFeeBps: SignedRate,
  takerFeeBps: Rate,
  nextTier: Type.Unsafe<Static<typeof FeeTier> | null>({ ...FeeTier, type: ['object', 'null'] }),
})
export type Fees = Static<typeof Fees>

export const Phase = oneOf(['pre-open', 'auction', 'continuous', 'post-only', 'halted', 'closed'])

/** What changes from moment to moment; the stream tells it in the channel `market`. */
export const MarketPhase = closed({
  phase: Phase,
  /** null: when somebody says so. */
  phaseEndsAt: InstantOrNull,
  markPrice: DecimalOrNull,
  /** What the auction would trade now. */
  indicative: Type.Unsafe<{ price: string; volume: string } | null>({
    type: ['object', 'null'],
    properties: { price: Decimal, volume: Decimal },
    required: ['price', 'volume'],
    additionalProperties: false,
  }),
})
export type MarketPhase = Static<typeof MarketPhase>

export const MarketRules = closed({
  collarBps: WholeNumber,
  bandBps: WholeNumber,
  bandWindowMs: Type.Number({ minimum: 0 }),
  haltMs: Type.Number({ minimum: 0 }),
  auctionMs: Type.Number({ minimum: 0 }),
  /** Milliseconds of the UTC day; equal: around the clock. */
  sessionOpenMs: Type.Number({ minimum: 0 }),
  sessionCloseMs: Type.Number({ minimum: 0 }),
})

export const Market = closed({
  symbol: Short,
  kind: oneOf(['spot', 'margin', 'perpetual']),
  base: Short,
  quote: Short,
  tickSize: Decimal,
  lotSize: Decimal,
  minNotional: Decimal,
  /** Of the first tier. Below 0: a rebate. */
  makerFeeBps: SignedRate,
  takerFeeBps: Rate,
  feeTiers: Type.Array(FeeTier, { minItems: 1, maxItems: 16 }),
  ...MarketPhase.properties,
  rules: MarketRules,
  /** Not traded any more; what is open is being cancelled. */
  delisted: Type.Optional(Type.Boolean()),
  pools: Type.Array(Pool, { maxItems: 16 }),
})
export type Market = Static<typeof Market>

export const Assets = closed({ items: Type.Array(Asset, { maxItems: 64 }), next: Type.Null() })
export const Markets = closed({ items: Type.Array(Market, { maxItems: 256 }), next: Type.Null() })

export const Book = closed({
  market: Short,
  number: WholeNumber,
  bids: BookSide,
  asks: BookSide,
  at: Instant,
})
export type Book = Static<typeof Book>

export const Trade = closed({
  id: WholeNumber,
  price: Decimal,
  size: Decimal,
  takerSide: oneOf(['buy', 'sell']),
  at: Instant,
})
export type Trade = Static<typeof Trade>

export const Ticker = closed({
  market: Short,
  bid: DecimalOrNull,
  ask: DecimalOrNull,
  last: DecimalOrNull,
  open24h: DecimalOrNull,
  high24h: DecimalOrNull,
  low24h: DecimalOrNull,
  volume24h: Decimal,
  quoteVolume24h: Decimal,
  at: Instant,
})
export type Ticker = Static<typeof Ticker>

export const Candle = closed({
  openAt: Instant,
  open: Decimal,
  high: Decimal,
  low: Decimal,
  close: Decimal,
  volume: Decimal,
  trades: WholeNumber,
  backfilled: Type.Optional(Type.Boolean()),
})
export type Candle = Static<typeof Candle>

export const TradePage = pageOf(Trade)
export const CandlePage = pageOf(Candle)

export const FeesAnswer = closed({
  items: Type.Array(Fees, { maxItems: 256 }),
  next: Type.Null(),
  asOfSeq: WholeNumber,
})

export const MarketParams = closed({ market: SymbolParam })
export const MarkBody = closed({ price: DecimalInput }, { examples: [{ price: '46000.0' }] })
/** The command that said it. */
export const MarkDone = closed({ seq: WholeNumber })
export const DepthQuery = closed({ depth: Type.Optional(LimitText) })
export const FeesQuery = closed({
  account: Type.Optional(WholeText),
  market: Type.Optional(SymbolParam),
})
export const TradesQuery = closed({
  after: Type.Optional(WholeText),
  limit: Type.Optional(LimitText),
})
export const CandlesQuery = closed({
  interval: Interval,
  from: Type.Optional(WholeText),
  to: Type.Optional(WholeText),
  limit: Type.Optional(LimitText),
})

// Markets: what matching needs of a market: units, rates, counters, its two sides, and its rules.
//
// Symbols and scales stay outside. By side: what an order of that side holds (quote of a buy, base
// of a sale) and the levels it rests in. `mood` is 0 in a market that is continuous and has nothing
// out of the ordinary, so that one test spares an order all others. Rules lie behind the sides:
// what phases, bands, sessions and fee schedules look at.

import { FEE_TIERS_MAX, MARKETS_MAX } from '../limits.ts'
import { createSide, levelAt, Side } from './ladder.ts'
import { allocate, tables } from './memory.ts'
import { BUY, SELL } from './orders.ts'

@unmanaged
export class Market {
  /** In this order, so that they can be read by side. */
  quote: u32
  base: u32
  quotePerTickLot: i64
  lotUnits: i64
  minNotional: i64
  /** Of the first tier. */
  makerRate: i32
  takerRate: i32
  bookNumber: i64
  lastTradeId: i64
  /** Ticks of the last fill; 0 before the first. */
  lastPrice: i64
  /** One of the phases below. */
  phase: u32
  /** How many triggers are armed, one more while an order may arm one: triggers.ts. */
  watched: u32
  /** How far from the best price a market order trades; 0: no collar. */
  collarBps: i32
  /** Bits of what is out of the ordinary. */
  mood: u32
}

@unmanaged
export class Rules {
  /** When a halt or an auction is over; 0 when somebody says so. */
  endsAt: i64
  /** When an auction next tells what it would trade. */
  indicativeAt: i64
  /** What it told last. */
  toldVolume: i64
  toldPrice: i32
  /** 0 unless an uncross is going on. */
  uncrossPrice: i32
  /** The phase after this auction; continuous in every other phase. */
  next: u32
  /** 1 while a delisted market may still have orders. */
  delisting: u32
  /** The time after which the next session boundary is sought. */
  sessionsFrom: i64
  sessionOpenUs: i64
  sessionCloseUs: i64
  bandWindowUs: i64
  /** The window in which the reference of the band was taken. */
  bandWindow: i64
  bandPrice: i32
  bandBps: u32
  haltUs: i64
  auctionUs: i64
  tierCount: u32
  /** Ticks; 0 before the first setMark. */
  mark: i32
}

/** From which volume on which rates hold. */
@unmanaged
export class Tier {
  minNotional: i64
  makerRate: i32
  takerRate: i32
}

/** Phases, as in codec/choices.ts. */
export const AUCTION: u32 = 1
export const CONTINUOUS: u32 = 2
export const POST_ONLY_PHASE: u32 = 3
export const HALTED: u32 = 4
export const CLOSED: u32 = 5

/** Bits of the mood. */
export const NOT_CONTINUOUS: u32 = 1
export const BANDED: u32 = 2
/** Several tiers, or rebates: the rates of an order must be sought. */
export const SCHEDULED: u32 = 4
export const DELISTED: u32 = 8

const SIDES_AT: usize = 80
const SIDE_BYTES: usize = 24
const RULES_AT: usize = 128
const TIERS_AT: usize = 256
const TIER_BYTES: usize = 16
const ROW_BYTES: usize = 512

export function createMarkets(): void {
  assert(TIERS_AT + usize(FEE_TIERS_MAX) * TIER_BYTES <= ROW_BYTES, 'tiers have room in the row')
  tables.markets = allocate(usize(MARKETS_MAX) * ROW_BYTES)
}

export function marketAt(market: u32): Market {
  return changetype<Market>(tables.markets + usize(market) * ROW_BYTES)
}

/** The number of a market. */
export function numberOf(market: Market): u32 {
  return u32((changetype<usize>(market) - tables.markets) / ROW_BYTES)
}

/** The next market, continuous, with an empty book. */
export function addMarket(): Market {
  const market = marketAt(tables.marketsUsed)
  tables.marketsUsed += 1
  market.phase = CONTINUOUS
  createSide(sideOfBook(market, BUY), BUY)
  createSide(sideOfBook(market, SELL), SELL)
  rulesOf(market).next = CONTINUOUS
  return market
}

export function sideOfBook(market: Market, side: u32): Side {
  return changetype<Side>(changetype<usize>(market) + SIDES_AT + usize(side) * SIDE_BYTES)
}

export function rulesOf(market: Market): Rules {
  return changetype<Rules>(changetype<usize>(market) + RULES_AT)
}

export function tierAt(market: Market, tier: u32): Tier {
  return changetype<Tier>(changetype<usize>(market) + TIERS_AT + usize(tier) * TIER_BYTES)
}

/** What an order of a side holds. */
export function heldAsset(market: Market, side: u32): u32 {
  return load<u32>(changetype<usize>(market) + (usize(side) << 2))
}

/** The next book number, used up. */
export function takeBookNumber(market: Market): i64 {
  market.bookNumber += 1
  return market.bookNumber
}

/** Whether the best bid meets the best ask. */
export function isCrossed(market: Market): bool {
  const buys = sideOfBook(market, BUY)
  const sales = sideOfBook(market, SELL)
  if (buys.best === 0 || sales.best === 0) return false
  return (levelAt(buys.best).rank ^ buys.flip) >= (levelAt(sales.best).rank ^ sales.flip)
}

/** Finds out anew what is out of the ordinary. */
export function settleMood(market: Market): void {
  const rules = rulesOf(market)
  let mood = market.mood & DELISTED
  if (market.phase !== CONTINUOUS) mood |= NOT_CONTINUOUS
  if (rules.bandBps !== 0) mood |= BANDED
  if (rules.tierCount > 1 || tierAt(market, 0).makerRate < 0) mood |= SCHEDULED
  market.mood = mood
}

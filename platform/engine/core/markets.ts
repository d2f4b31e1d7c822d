// Markets: what matching needs of a market: units, rates, counters and its two sides.
//
// Symbols and scales stay outside. By side: what an order of that side holds (quote of a buy, base
// of a sale) and the levels it rests in.

import { MARKETS_MAX } from '../limits.ts'
import { createSide, Side } from './ladder.ts'
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
  spare: u32
}

/** Phases, by their places in PHASES. */
export const PRE_OPEN: u32 = 0
export const AUCTION: u32 = 1
export const CONTINUOUS: u32 = 2
export const POST_ONLY_PHASE: u32 = 3
export const HALTED: u32 = 4
export const CLOSED: u32 = 5

const SIDES_AT: usize = 80
const SIDE_BYTES: usize = 24
const ROW_BYTES: usize = 128

export function createMarkets(): void {
  tables.markets = allocate(usize(MARKETS_MAX) * ROW_BYTES)
}

export function marketAt(market: u32): Market {
  return changetype<Market>(tables.markets + usize(market) * ROW_BYTES)
}

/** The number of a market's row. */
export function marketNumber(market: Market): u32 {
  return u32((changetype<usize>(market) - tables.markets) / ROW_BYTES)
}

/** The next market, with an empty book. */
export function addMarket(): Market {
  const market = marketAt(tables.marketsUsed)
  tables.marketsUsed += 1
  market.phase = CONTINUOUS
  createSide(sideOfBook(market, BUY), BUY)
  createSide(sideOfBook(market, SELL), SELL)
  return market
}

export function sideOfBook(market: Market, side: u32): Side {
  return changetype<Side>(changetype<usize>(market) + SIDES_AT + usize(side) * SIDE_BYTES)
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

// Values: what an order is worth at least, and the worst price it may ever trade at.
//
// V and W of docs/rules/orders.md. A collar keeps an order without a limit near its trigger, or
// near the best price when it is a market order.

import { PRICE_TICKS_MAX } from '../limits.ts'
import * as types from './commands.ts'
import { feeRoundedUp, holdForNotional } from './fees.ts'
import { levelAt, Side } from './ladder.ts'
import { Market } from './markets.ts'
import { BUY } from './orders.ts'

const BPS: i64 = 10_000
export const SAFE_MAX: i64 = 9_007_199_254_740_991

/** A price with the collar of a market: the worst that a side may pay or get. */
export function collared(side: u32, price: i32, collarBps: i32): i32 {
  const up = i64(price) * (BPS + collarBps)
  if (side === BUY) return i32(min(up / BPS, i64(PRICE_TICKS_MAX)))
  return i32(max((i64(price) * (BPS - collarBps) + BPS - 1) / BPS, 1))
}

/** The worst price of a market order of a side, from the best that there is. */
export function marketWorst(market: Market, makers: Side, side: u32): i32 {
  const none = side === BUY ? PRICE_TICKS_MAX : 1
  if (market.collarBps === 0 || makers.best === 0) return none
  return collared(side, levelAt(makers.best).rank ^ makers.flip, market.collarBps)
}

/** How far a trailing stop keeps from its peak or trough. */
export function trailDistance(peak: i32, trail: i64, isBps: bool): i64 {
  return isBps ? max(1, (i64(peak) * trail) / BPS) : trail
}

/** The trigger of a trailing stop; it may lie outside of all prices. */
export function trailedTrigger(side: u32, peak: i32, trail: i64, isBps: bool): i64 {
  const distance = trailDistance(peak, trail, isBps)
  return side === BUY ? i64(peak) + distance : i64(peak) - distance
}

/** Whether a type waits for a trigger and does nothing before. */
export function onlyWaits(type: u32): bool {
  return type >= types.STOP && type !== types.OCO
}

/** Whether the price of a type is the limit that it works at once triggered. */
export function hasStopLimit(type: u32): bool {
  return type === types.STOP_LIMIT || type === types.TAKE_PROFIT_LIMIT
}

/** What a buyer must have for a notional; a fee in what he receives costs no quote. */
export function holdOfBuy(notional: i64, makerRate: i32, takerRate: i32, inBase: bool): i64 {
  return inBase ? notional : holdForNotional(notional, makerRate, takerRate)
}

/** Whether a product of three whole numbers passes 2^53 - 1. */
export function isUnsafe(price: i64, size: i64, unit: i64): bool {
  return f64(price) * f64(size) * f64(unit) > f64(SAFE_MAX)
}

/** The fee in quote that a market buy pays on the notional of its walk. */
export function costOfWalk(notional: i64, takerRate: i32, inBase: bool): i64 {
  return inBase ? notional : notional + feeRoundedUp(notional, takerRate)
}

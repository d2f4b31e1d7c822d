// Shape: which fields a type of order needs and may have; the others are 0.
//
// Only for orders that are more than a plain limit or market order: place.ts knows those.

import { PRICE_TICKS_MAX, TRAIL_BPS_MAX } from '../limits.ts'
import * as codes from './codes.ts'
import * as types from './commands.ts'
import { ExtendedPlace } from './commands.ts'
import { BUY } from './orders.ts'

/** Fields that an order may have, one bit each. */
const PRICE: u32 = 1
const SIZE: u32 = 2
const QUOTE: u32 = 4
const TRIGGER: u32 = 8
const STOP_PRICE: u32 = 16
const PROFIT: u32 = 32
const DISPLAY: u32 = 64
const TRAIL: u32 = 128

/** 0, or why fields and type do not fit, or which price is out of bounds. */
export function extendedShapeRefusal(order: ExtendedPlace): i32 {
  if (order.orderType > types.OCO || order.timeInForce > types.DAY) return codes.REQUEST_MALFORMED
  if ((given(order) & ~allowed(order)) !== 0) return codes.REQUEST_MALFORMED
  if (!fitsTime(order) || !fitsSize(order) || !fitsTrail(order)) return codes.REQUEST_MALFORMED
  if (order.takeProfitPrice !== 0 && !fitsBracket(order)) return codes.REQUEST_MALFORMED
  if (order.orderType === types.OCO && !fitsOco(order.side, order.price, order.triggerPrice)) {
    return codes.REQUEST_MALFORMED
  }
  return pricesFit(order) ? 0 : codes.ORDER_PRICE_OUT_OF_BAND
}

/** Whether the stop of an oco lies behind its limit; prices that are missing fit. */
export function fitsOco(side: u32, price: i64, trigger: i64): bool {
  if (price === 0 || trigger === 0) return true
  return side === BUY ? price < trigger : trigger < price
}

export function isPrice(price: i64): bool {
  return price >= 1 && price <= PRICE_TICKS_MAX
}

/** Whether what is left of an order may stay or wait. */
export function mayStay(timeInForce: u32): bool {
  return timeInForce !== types.IOC && timeInForce !== types.FOK
}

function given(order: ExtendedPlace): u32 {
  return (
    bit(order.price, PRICE) |
    bit(order.size, SIZE) |
    bit(order.quoteAmount, QUOTE) |
    bit(order.triggerPrice, TRIGGER) |
    bit(order.stopPrice, STOP_PRICE) |
    bit(order.takeProfitPrice, PROFIT) |
    bit(order.displaySize, DISPLAY) |
    bit(order.trail, TRAIL)
  )
}

function bit(field: i64, mask: u32): u32 {
  return field === 0 ? 0 : mask
}

function allowed(order: ExtendedPlace): u32 {
  const type: u32 = order.orderType
  const bracket = order.takeProfitPrice === 0 ? 0 : TRIGGER | STOP_PRICE | PROFIT
  if (type === types.LIMIT) return PRICE | SIZE | DISPLAY | bracket
  if (type === types.MARKET_ORDER) return SIZE | (order.size === 0 ? QUOTE : bracket)
  if (type === types.TRAILING_STOP) return SIZE | TRAIL
  if (type === types.OCO) return SIZE | PRICE | TRIGGER | STOP_PRICE
  const hasLimit = type === types.STOP_LIMIT || type === types.TAKE_PROFIT_LIMIT
  return SIZE | TRIGGER | (hasLimit ? PRICE : 0)
}

function fitsTime(order: ExtendedPlace): bool {
  const type: u32 = order.orderType
  const stays = mayStay(order.timeInForce)
  if (type === types.MARKET_ORDER ? stays : type !== types.LIMIT && !stays) return false
  if (order.expireAt !== 0 && order.timeInForce !== types.GTD) return false
  const isPostOnly = (order.flags & types.POST_ONLY) !== 0
  if ((order.extraFlags & types.SLIDE) !== 0 && !isPostOnly) return false
  const rests = type === types.LIMIT || type === types.OCO
  return !isPostOnly || (rests && stays)
}

function fitsSize(order: ExtendedPlace): bool {
  if (order.size === 0 && order.quoteAmount === 0) return false
  if (order.quoteAmount !== 0 && (order.extraFlags & types.REDUCE_ONLY) !== 0) return false
  if (order.displaySize === 0) return true
  return order.displaySize <= order.size && mayStay(order.timeInForce)
}

function fitsTrail(order: ExtendedPlace): bool {
  if (order.orderType !== types.TRAILING_STOP) return true
  const isBps = (order.extraFlags & types.TRAIL_IN_BPS) !== 0
  return order.trail >= 1 && order.trail <= (isBps ? TRAIL_BPS_MAX : PRICE_TICKS_MAX)
}

function fitsBracket(order: ExtendedPlace): bool {
  if (order.side !== BUY || (order.extraFlags & types.FEE_IN_RECEIVED) !== 0) return false
  const triggerPrice = order.triggerPrice
  const takeProfitPrice = order.takeProfitPrice
  const price = order.price
  if (price !== 0 && price >= takeProfitPrice) return false
  if (triggerPrice === 0) return true
  return price === 0 ? triggerPrice < takeProfitPrice : triggerPrice < price
}

function pricesFit(order: ExtendedPlace): bool {
  const type: u32 = order.orderType
  const needsPrice = type === types.LIMIT || type === types.OCO || hasStopLimitType(type)
  if ((needsPrice || order.price !== 0) && !isPrice(order.price)) return false
  const waits = type > types.MARKET_ORDER && type !== types.TRAILING_STOP
  const needsTrigger = waits || order.takeProfitPrice !== 0
  if ((needsTrigger || order.triggerPrice !== 0) && !isPrice(order.triggerPrice)) return false
  if (order.stopPrice !== 0 && !isPrice(order.stopPrice)) return false
  return order.takeProfitPrice === 0 || isPrice(order.takeProfitPrice)
}

function hasStopLimitType(type: u32): bool {
  return type === types.STOP_LIMIT || type === types.TAKE_PROFIT_LIMIT
}

// Place, extended: checks and draft of orders that are more than a plain limit or market order.
//
// The record is brought to three cells first, so that there is one shape; a slide and reduce-only
// change it where it lies, before anything remembers it. The order of checks is that of
// docs/rules/orders.md.

import { SIZE_LOTS_MAX } from '../limits.ts'
import { available, cellOf } from './balances.ts'
import { openBracket } from './brackets.ts'
import { clock } from './clock.ts'
import * as codes from './codes.ts'
import * as types from './commands.ts'
import { ExtendedPlace } from './commands.ts'
import { expireAtTime, nextDayTime } from './expiry.ts'
import { Extra, extraOf, takeExtra } from './extras.ts'
import { levelAt } from './ladder.ts'
import { Market, marketAt, NOT_CONTINUOUS, rulesOf, sideOfBook } from './markets.ts'
import * as bits from './orders.ts'
import { BUY, indexSlot, orderAt } from './orders.ts'
import { minds, refuseInPhase } from './phase-checks.ts'
import { granted } from './rates.ts'
import { extendedShapeRefusal, isPrice, mayStay } from './shape.ts'
import * as triggers from './triggers.ts'
import * as values from './values.ts'

/** What the checks found out for the draft. */
@unmanaged
class Terms {
  /** V, W and the price once triggered. */
  value: i64
  worst: i64
  works: i64
  trigger: i64
}

const found = changetype<Terms>(memory.data(32, 8))

/** Gives a record of two cells an empty third one; the record is the core's own copy. */
export function extend(command: ExtendedPlace): void {
  if (command.cells === 2) memory.fill(changetype<usize>(command) + 128, 0, 64)
}

/** The checks that do not need the book's orders: those up to the notional. */
export function extendedRefusal(market: Market, command: ExtendedPlace): i32 {
  const shape = extendedShapeRefusal(command)
  if (shape !== 0) return shape
  const isReduceOnly = (command.extraFlags & types.REDUCE_ONLY) !== 0
  if (isReduceOnly && !reduce(market, command)) return codes.ORDER_REDUCE_ONLY
  if (command.size > SIZE_LOTS_MAX) return codes.ORDER_TOO_LARGE
  if (values.isUnsafe(1, command.size, market.lotUnits)) return codes.ORDER_TOO_LARGE
  if ((market.mood & NOT_CONTINUOUS) !== 0) {
    const phase = phaseRefusal(market, command)
    if (phase !== 0) return phase
  }
  if (market.collarBps === 0 && needsCollar(command)) return codes.MARKET_NO_COLLAR
  const isLate = command.timeInForce === types.GTD && command.expireAt <= clock.time
  if (isLate) return codes.ORDER_EXPIRED
  const waiting = triggerRefusal(command)
  if (waiting !== 0) return waiting
  if ((command.extraFlags & types.SLIDE) !== 0 && minds(market)) slide(market, command)
  return worthRefusal(market, command)
}

// The stop of a bracket stays below its price, or it keeps the price and is refused as a taker.
function slide(market: Market, command: ExtendedPlace): void {
  const price = slid(market, command.side, command.price)
  const isBracket = command.takeProfitPrice !== 0
  if (!isBracket || price > command.triggerPrice) command.price = price
}

/** The price of a post-only order that may slide: one tick behind what it would take. */
export function slid(market: Market, side: u32, price: i64): i64 {
  const makers = sideOfBook(market, side ^ 1)
  if (makers.best === 0) return price
  const rank = levelAt(makers.best).rank
  if (rank > (i32(price) ^ makers.flip)) return price
  const behind = i64(rank ^ makers.flip) + (side === BUY ? -1 : 1)
  return isPrice(behind) ? behind : price
}

/** 0, or why a value and a worst price at a size are too large or too small. */
export function notionalRefusal(
  market: Market,
  side: u32,
  size: i64,
  value: i64,
  worst: i64,
  mayBeSmall: bool,
  makerRate: i32,
  takerRate: i32,
  inBase: bool,
): i32 {
  const unit = market.quotePerTickLot
  if (values.isUnsafe(value, size, unit) || values.isUnsafe(worst, size, unit)) {
    return codes.ORDER_TOO_LARGE
  }
  if (side === BUY) {
    const hold = values.holdOfBuy(worst * size * unit, makerRate, takerRate, inBase)
    if (hold > values.SAFE_MAX) return codes.ORDER_TOO_LARGE
  }
  const isSmall = !mayBeSmall && value * size * unit < market.minNotional
  return isSmall ? codes.ORDER_NOTIONAL_TOO_SMALL : 0
}

// A sale can only sell what the account has; what it holds already is spoken for.
function reduce(market: Market, command: ExtendedPlace): bool {
  if (command.side === BUY) return false
  const lots = available(cellOf(command.account, market.base)) / market.lotUnits
  command.size = min(command.size, lots)
  command.displaySize = min(command.displaySize, command.size)
  return command.size > 0
}

function phaseRefusal(market: Market, command: ExtendedPlace): i32 {
  const stays = mayStay(command.timeInForce)
  const isPostOnly = (command.flags & types.POST_ONLY) !== 0
  return refuseInPhase(market, command.orderType, stays, isPostOnly)
}

function needsCollar(command: ExtendedPlace): bool {
  const type: u32 = command.orderType
  if (type === types.OCO || command.takeProfitPrice !== 0) return command.stopPrice === 0
  return type === types.STOP || type === types.TAKE_PROFIT || type === types.TRAILING_STOP
}

function triggerRefusal(command: ExtendedPlace): i32 {
  const type: u32 = command.orderType
  const isBracket = command.takeProfitPrice !== 0
  found.trigger = command.triggerPrice
  if (type < types.STOP && !isBracket) return 0
  const by: u32 = command.extraFlags & types.BY_MARK
  if (type === types.TRAILING_STOP) {
    const reference = triggers.priceBy(command.market, by)
    if (reference === 0) return codes.ORDER_NO_REFERENCE
    const isBps = (command.extraFlags & types.TRAIL_IN_BPS) !== 0
    found.trigger = values.trailedTrigger(command.side, reference, command.trail, isBps)
    return isPrice(found.trigger) ? 0 : codes.ORDER_PRICE_OUT_OF_BAND
  }
  // What waits of a bracket is its exit, which sells.
  const up = !isBracket && triggers.firesUp(type, command.side)
  const isDue = triggers.wouldTrigger(command.market, by, up, found.trigger)
  return isDue ? codes.ORDER_WOULD_TRIGGER : 0
}

function worthRefusal(market: Market, command: ExtendedPlace): i32 {
  const type: u32 = command.orderType
  // What the exit of a bracket may come to; 0 for everything else.
  if (values.isUnsafe(command.takeProfitPrice, command.size, market.quotePerTickLot)) {
    return codes.ORDER_TOO_LARGE
  }
  if (type === types.MARKET_ORDER) {
    const isSmall = command.quoteAmount !== 0 && command.quoteAmount < market.minNotional
    return isSmall ? codes.ORDER_NOTIONAL_TOO_SMALL : 0
  }
  const side: u32 = command.side
  const isPriced = type === types.LIMIT || type === types.OCO || values.hasStopLimit(type)
  found.value = isPriced ? command.price : found.trigger
  found.works = worksAt(market, type, command)
  found.worst = worstOf(type, side, command.price, found.works)
  const mayBeSmall = (command.extraFlags & types.REDUCE_ONLY) !== 0
  return notionalRefusal(
    market,
    side,
    command.size,
    found.value,
    found.worst,
    mayBeSmall,
    granted.makerRate,
    granted.takerRate,
    (command.extraFlags & types.FEE_IN_RECEIVED) !== 0,
  )
}

function worksAt(market: Market, type: u32, command: ExtendedPlace): i64 {
  if (type === types.LIMIT || values.hasStopLimit(type)) return command.price
  if (command.stopPrice !== 0) return command.stopPrice
  return values.collared(command.side, i32(found.trigger), market.collarBps)
}

/** W: of an oco the worse of its two prices. */
export function worstOf(type: u32, side: u32, price: i64, works: i64): i64 {
  if (type !== types.OCO) return works
  return side === BUY ? max(price, works) : price
}

/** The flags that an order has besides those of a plain one. */
export function extendedFlags(command: ExtendedPlace): u32 {
  const stays = mayStay(command.timeInForce) && command.orderType !== types.MARKET_ORDER
  const inBase = command.side === BUY && (command.extraFlags & types.FEE_IN_RECEIVED) !== 0
  return (
    bits.HAS_EXTRA |
    (stays ? bits.STAYS : 0) |
    (command.displaySize !== 0 ? bits.ICEBERG : 0) |
    (inBase ? bits.FEE_IN_BASE : 0)
  )
}

/** Writes the extra of a drafted order; nothing points to it yet. */
export function draftExtra(command: ExtendedPlace, slot: u32): void {
  const extra = takeExtra(slot)
  extra.displaySize = command.displaySize
  extra.trail = command.trail
  extra.trigger = i32(found.trigger)
  extra.takeProfit = i32(command.takeProfitPrice)
  extra.stopPrice = i32(command.stopPrice)
  extra.worst = i32(found.worst)
  extra.works = i32(found.works)
  extra.firstTrigger = i32(found.trigger)
  extra.session = command.session
  extra.key = command.key
  extra.flags = command.extraFlags
  extra.peak = triggers.priceBy(command.market, command.extraFlags & types.BY_MARK)
  setEnd(command, extra)
}

function setEnd(command: ExtendedPlace, extra: Extra): void {
  if (command.timeInForce === types.GTD) extra.expireAt = command.expireAt
  if (command.timeInForce !== types.DAY) return
  extra.expireAt = nextDayTime(clock.time, rulesOf(marketAt(command.market)).sessionCloseUs)
}

/** After the wall: what an accepted order begins to wait for; answers whether it works at once. */
export function begin(command: ExtendedPlace, slot: u32): bool {
  const order = orderAt(slot)
  if (extraOf(order).expireAt !== 0) expireAtTime(slot, extraOf(order).expireAt)
  if (command.takeProfitPrice !== 0) openBracket(slot, command)
  if (!values.onlyWaits(command.orderType)) return true
  indexSlot(slot, order.id)
  triggers.arm(slot)
  return false
}

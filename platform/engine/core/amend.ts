// Amend: an open order is changed in place, by one command; never a moment with two orders.
//
// An order in the book keeps its place when it only gets smaller; otherwise it leaves the book and
// is taken in like a new one. An order that waits stays armed. Rates, type and times never change.

import { SIZE_LOTS_MAX } from '../limits.ts'
import { refuseAccount } from './accounts.ts'
import { available, changeHeld } from './balances.ts'
import { leaveBook, shownOf } from './book.ts'
import { isEntry, isLinkedOpen } from './brackets.ts'
import { clock } from './clock.ts'
import * as codes from './codes.ts'
import * as types from './commands.ts'
import { Amend } from './commands.ts'
import { Extra, extraOf } from './extras.ts'
import { levelAt } from './ladder.ts'
import {
  CLOSED,
  DELISTED,
  HALTED,
  Market,
  marketAt,
  POST_ONLY_PHASE,
  sideOfBook,
} from './markets.ts'
import { heldCell } from './open-orders.ts'
import { emitAmended } from './order-events.ts'
import * as bits from './orders.ts'
import { BUY, findSlot, isDraining, Order, orderAt, sideOf, termsAt, typeOf } from './orders.ts'
import { minds } from './phase-checks.ts'
import { notionalRefusal, slid, worstOf } from './place-extended.ts'
import { fitsOco, isPrice } from './shape.ts'
import { takeIn } from './take-in.ts'
import * as triggers from './triggers.ts'
import * as values from './values.ts'

/** The order as it will be, found out by the checks. */
@unmanaged
class Next {
  price: i64
  size: i64
  trigger: i64
  /** Lots that are left then. */
  remaining: i64
  worst: i64
  works: i64
  held: i64
  leaves: u32
  rearms: u32
}

const next = changetype<Next>(memory.data(64, 8))

/** Changes an account's order; answers 0 or the refusal's number. */
export function amend(command: Amend): i32 {
  const slot = findSlot(command.orderId)
  if (slot === 0 || i32(orderAt(slot).account) !== command.account) return codes.NOT_FOUND
  const order = orderAt(slot)
  const refused = refuseAccount(command.account)
  if (refused !== 0) return refused
  const market = marketAt(order.flags & bits.MARKET_MASK)
  if (isDraining(order) || isEntry(order) || isLinkedOpen(order)) return codes.ORDER_NOT_AMENDABLE
  const shape = shapeRefusal(order, command)
  if (shape !== 0) return shape
  plan(order, command)
  const sized = sizeRefusal(market, command)
  if (sized !== 0) return sized
  if (isSame(order)) return 0
  const refusal = changeRefusal(market, order)
  if (refusal !== 0) return refusal
  // From here nothing may fail.
  change(market, slot)
  return 0
}

function hasFixedTrigger(order: Order): bool {
  const type = typeOf(order)
  return type >= types.STOP && type !== types.TRAILING_STOP
}

function hasPrice(order: Order): bool {
  const type = typeOf(order)
  return type === types.LIMIT || type === types.OCO || values.hasStopLimit(type)
}

function isTriggered(order: Order): bool {
  return (order.flags & bits.TRIGGERED) !== 0
}

function triggerOf(order: Order): i64 {
  return hasFixedTrigger(order) ? extraOf(order).trigger : 0
}

function shapeRefusal(order: Order, command: Amend): i32 {
  const price = command.price
  const trigger = command.triggerPrice
  if ((price | command.size | trigger) === 0) return codes.REQUEST_MALFORMED
  const isOco = typeOf(order) === types.OCO
  if (price !== 0 && !hasPrice(order)) return codes.REQUEST_MALFORMED
  if (trigger !== 0 && (!hasFixedTrigger(order) || isTriggered(order))) {
    return codes.REQUEST_MALFORMED
  }
  if (isOco && isTriggered(order) && price !== 0) return codes.REQUEST_MALFORMED
  if (isOco && !isTriggered(order)) {
    const limit = price === 0 ? i64(order.price) : price
    const stop = trigger === 0 ? triggerOf(order) : trigger
    if (!fitsOco(sideOf(order), limit, stop)) return codes.REQUEST_MALFORMED
  }
  const isPriceOut = price !== 0 && !isPrice(price)
  const isTriggerOut = trigger !== 0 && !isPrice(trigger)
  return isPriceOut || isTriggerOut ? codes.ORDER_PRICE_OUT_OF_BAND : 0
}

/** What the command asks for, with what it leaves as it is. */
function plan(order: Order, command: Amend): void {
  const terms = termsAt(bits.slotOf(order))
  next.price = command.price === 0 ? i64(order.price) : command.price
  next.size = command.size === 0 ? terms.size : command.size
  next.trigger = command.triggerPrice === 0 ? triggerOf(order) : command.triggerPrice
  next.remaining = next.size - (terms.size - order.remaining)
  next.rearms = u32(next.trigger !== triggerOf(order))
}

function sizeRefusal(market: Market, command: Amend): i32 {
  if (command.size > SIZE_LOTS_MAX) return codes.ORDER_TOO_LARGE
  if (values.isUnsafe(1, command.size, market.lotUnits)) return codes.ORDER_TOO_LARGE
  return next.remaining <= 0 ? codes.ORDER_AMEND_BELOW_FILLED : 0
}

function isSame(order: Order): bool {
  if (next.rearms !== 0 || next.remaining !== order.remaining) return false
  return next.price === i64(order.price)
}

function changeRefusal(market: Market, order: Order): i32 {
  const isPlain = (order.flags & bits.HAS_EXTRA) === 0
  if ((market.mood & DELISTED) !== 0) return codes.MARKET_DELISTED
  if (market.phase === CLOSED) return codes.MARKET_CLOSED
  if (market.phase === HALTED) return codes.MARKET_HALTED
  if (next.rearms !== 0) {
    const refusal = triggerRefusal(market, order)
    if (refusal !== 0) return refusal
  }
  const stands = order.level !== 0
  const grows = next.remaining > order.remaining
  next.leaves = u32(stands && (grows || next.price !== i64(order.price)))
  const slides = !isPlain && (extraOf(order).flags & types.SLIDE) !== 0
  if (next.leaves !== 0 && slides && minds(market))
    next.price = slid(market, sideOf(order), next.price)
  value(market, order)
  const worth = worthRefusal(market, order)
  if (worth !== 0) return worth
  const isPostOnly = ((order.flags >> bits.POST_ONLY_BIT) & 1) !== 0
  if (next.leaves !== 0 && minds(market) && wouldTake(market, order)) {
    if (isPostOnly) return codes.ORDER_POST_ONLY_WOULD_TAKE
    if (market.phase === POST_ONLY_PHASE) return codes.MARKET_POST_ONLY
  }
  next.held = heldThen(market, order)
  const more = next.held - order.held
  return more > available(heldCell(market, order)) ? codes.FUNDS_INSUFFICIENT : 0
}

function triggerRefusal(market: Market, order: Order): i32 {
  const type = typeOf(order)
  const extra = extraOf(order)
  const hasLimit = values.hasStopLimit(type) || (type === types.OCO && extra.stopPrice !== 0)
  if (!hasLimit && market.collarBps === 0) return codes.MARKET_NO_COLLAR
  const up = triggers.firesUp(type, sideOf(order))
  const number = order.flags & bits.MARKET_MASK
  const by: u32 = extra.flags & types.BY_MARK
  return triggers.wouldTrigger(number, by, up, next.trigger) ? codes.ORDER_WOULD_TRIGGER : 0
}

/** W and the price once triggered, anew where they depend on what changes. */
function value(market: Market, order: Order): void {
  next.works = next.price
  next.worst = next.price
  const type = typeOf(order)
  if (type === types.LIMIT || isTriggered(order) || values.hasStopLimit(type)) return
  const extra = extraOf(order)
  next.works = extra.works
  const isCollared = next.rearms !== 0 && extra.stopPrice === 0
  if (isCollared) {
    next.works = values.collared(sideOf(order), i32(next.trigger), market.collarBps)
  }
  next.worst = worstOf(type, sideOf(order), next.price, next.works)
}

function worthRefusal(market: Market, order: Order): i32 {
  const isPlain = (order.flags & bits.HAS_EXTRA) === 0
  const mayBeSmall = !isPlain && (extraOf(order).flags & types.REDUCE_ONLY) !== 0
  // What waits without a price is worth its trigger; one that follows, the trigger it began with.
  const follows = typeOf(order) === types.TRAILING_STOP
  const waits = follows ? i64(extraOf(order).firstTrigger) : next.trigger
  const worth = hasPrice(order) ? next.price : waits
  const terms = termsAt(bits.slotOf(order))
  return notionalRefusal(
    market,
    sideOf(order),
    next.size,
    worth,
    next.worst,
    mayBeSmall,
    terms.makerRate,
    terms.takerRate,
    (order.flags & bits.FEE_IN_BASE) !== 0,
  )
}

function wouldTake(market: Market, order: Order): bool {
  const makers = sideOfBook(market, sideOf(order) ^ 1)
  return makers.best !== 0 && levelAt(makers.best).rank <= (i32(next.price) ^ makers.flip)
}

function heldThen(market: Market, order: Order): i64 {
  if (sideOf(order) !== BUY) return next.remaining * market.lotUnits
  const terms = termsAt(bits.slotOf(order))
  const notional = next.worst * next.remaining * market.quotePerTickLot
  const inBase = (order.flags & bits.FEE_IN_BASE) !== 0
  const needed = values.holdOfBuy(notional, terms.makerRate, terms.takerRate, inBase)
  const onlySmaller = next.rearms === 0 && next.price === i64(order.price)
  return onlySmaller && next.remaining < order.remaining ? min(order.held, needed) : needed
}

function change(market: Market, slot: u32): void {
  const order = orderAt(slot)
  const terms = termsAt(slot)
  const oldPrice = order.price
  const level = order.level
  const shown = level === 0 ? 0 : leaveOrShrink(market, order)
  terms.size = next.size
  terms.updatedAt = clock.time
  order.remaining = next.remaining
  order.price = i32(next.price)
  changeHeld(heldCell(market, order), next.held - order.held)
  order.held = next.held
  if ((order.flags & bits.HAS_EXTRA) !== 0) changeExtra(order, extraOf(order))
  // It left the book already, but its event still takes a book number.
  order.level = level
  emitAmended(market, order, oldPrice, shown)
  if (next.rearms !== 0) rearm(slot)
  if (next.leaves === 0) return
  order.level = 0
  order.flags |= bits.KNOWN
  takeIn(market, slot)
}

/** Takes from the level what it loses, and answers how much that is. */
function leaveOrShrink(market: Market, order: Order): i64 {
  const shown = shownOf(order)
  if (next.leaves !== 0) {
    leaveBook(sideOfBook(market, sideOf(order)), order)
    return shown
  }
  const lost = shown - min(shown, next.remaining)
  const row = levelAt(order.level)
  row.hidden += next.remaining - (shown - lost) - (order.remaining - shown)
  row.lots -= lost
  if ((order.flags & bits.ICEBERG) !== 0) extraOf(order).shown -= lost
  return lost
}

function changeExtra(order: Order, extra: Extra): void {
  extra.worst = i32(next.worst)
  extra.works = i32(next.works)
  if (next.rearms === 0) return
  if ((order.flags & bits.ARMED) !== 0) triggers.disarm(bits.slotOf(order))
  extra.trigger = i32(next.trigger)
}

function rearm(slot: u32): void {
  triggers.arm(slot)
}

// Take in: an accepted order is matched, and what is left of it rests, drains, ends or is
// cancelled.
//
// The same for a new order and for one that a tick goes on with. INV-06: what was ordered is
// filled, reduced, cancelled or open afterwards, nothing else.

import { isFull, restInBook } from './book.ts'
import { clock } from './clock.ts'
import * as codes from './codes.ts'
import { MARKET_ORDER, OCO } from './commands.ts'
import { extraOf } from './extras.ts'
import { Market, NOT_CONTINUOUS, numberOf, sideOfBook } from './markets.ts'
import { matchByQuote, matchBySize } from './match.ts'
import { closeKnownOrder, closeOrder } from './open-orders.ts'
import { emitCancelled, emitRested } from './order-events.ts'
import {
  ARMED,
  DRAINING,
  HAS_EXTRA,
  ICEBERG,
  indexSlot,
  isDraining,
  KNOWN,
  MARKET_MASK,
  Order,
  orderAt,
  park,
  STAYS,
  sideOf,
  TRIGGERED,
  termsAt,
  typeOf,
  unpark,
} from './orders.ts'
import { refuseRest } from './phase-checks.ts'
import { breach } from './phases.ts'
import { BREACH, FILLED, FILLS_LIMIT, RAN_OUT, SELF_TRADE } from './plan.ts'
import { arm, beginWatch, endWatch } from './triggers.ts'

/** Matches an order as far as one command may, and settles what becomes of its rest. */
export function takeIn(market: Market, slot: u32): void {
  if ((market.mood & NOT_CONTINUOUS) !== 0) {
    restUnmatched(market, slot)
    return
  }
  if (termsAt(slot).quoteAmount === 0) takeInBySize(market, slot)
  else takeInByQuote(market, slot)
}

function takeInBySize(market: Market, slot: u32): void {
  const arms = mayArm(orderAt(slot))
  if (arms) beginWatch(orderAt(slot).flags & MARKET_MASK)
  settleRest(market, slot, matchBySize(market, slot))
  if (arms) endWatch(numberOf(market))
}

/** What becomes of an order whose matching ended. */
function settleRest(market: Market, slot: u32, end: u32): void {
  if (end === FILLED) close(market, slot)
  else if (end === SELF_TRADE) cancelRest(market, slot, codes.ORDER_SELF_TRADE)
  else if (end === BREACH) haltAt(market, slot)
  else if ((orderAt(slot).flags & STAYS) === 0) cancelRest(market, slot, codeFor(market, slot, end))
  else if (end === RAN_OUT) rest(market, slot)
  else if (!isDraining(orderAt(slot))) {
    makeKnown(slot)
    park(slot)
  }
}

/** An order that is taken in anew could be found all the time. */
function makeKnown(slot: u32): void {
  const order = orderAt(slot)
  if ((order.flags & KNOWN) === 0) indexSlot(slot, order.id)
  else order.flags &= ~KNOWN
}

/** Whether an order arms its stop when it comes to rest. */
function mayArm(order: Order): bool {
  return (order.flags & (HAS_EXTRA | ARMED | TRIGGERED)) === HAS_EXTRA && typeOf(order) === OCO
}

function takeInByQuote(market: Market, slot: u32): void {
  const end = matchByQuote(market, slot)
  if (end === SELF_TRADE) cancelRest(market, slot, codes.ORDER_SELF_TRADE)
  else if (end === BREACH) haltAt(market, slot)
  else if (end === FILLED && hasTraded(slot)) closeOrder(market, slot)
  else cancelRest(market, slot, codeFor(market, slot, end))
}

/** The market halts, or collects for an auction; the rest goes on under its new phase. */
function haltAt(market: Market, slot: u32): void {
  breach(market)
  restUnmatched(market, slot)
}

/** Rests an order without matching it, or cancels it where it cannot. */
function restUnmatched(market: Market, slot: u32): void {
  const code = refuseRest(market, orderAt(slot))
  if (code === 0) rest(market, slot)
  else cancelRest(market, slot, code)
}

function codeFor(market: Market, slot: u32, end: u32): i32 {
  if (end === FILLS_LIMIT) return codes.ORDER_FILLS_LIMIT
  if (end === RAN_OUT && isCollared(market, orderAt(slot))) return codes.ORDER_COLLAR
  return hasTraded(slot) ? codes.ORDER_IMMEDIATE_REMAINDER : codes.ORDER_NO_LIQUIDITY
}

function hasTraded(slot: u32): bool {
  return (termsAt(slot).takerNotional | orderAt(slot).makerNotional) !== 0
}

/** Whether a maker is left beyond the worst price of an order without a limit. */
function isCollared(market: Market, order: Order): bool {
  if (typeOf(order) !== MARKET_ORDER && (order.flags & TRIGGERED) === 0) return false
  return sideOfBook(market, sideOf(order) ^ 1).best !== 0
}

function rest(market: Market, slot: u32): void {
  const order = orderAt(slot)
  if (isFull(sideOfBook(market, sideOf(order)), order.price)) {
    cancelRest(market, slot, codes.CAPACITY_EXHAUSTED)
    return
  }
  if (isDraining(order)) unpark(slot)
  else makeKnown(slot)
  if ((order.flags & ICEBERG) !== 0) {
    const extra = extraOf(order)
    extra.shown = min(extra.displaySize, order.remaining)
  }
  restInBook(sideOfBook(market, sideOf(order)), slot)
  emitRested(market, order)
  const terms = termsAt(slot)
  terms.priority = market.bookNumber
  terms.updatedAt = clock.time
  if (mayArm(order)) arm(slot)
}

function cancelRest(market: Market, slot: u32, code: i32): void {
  emitCancelled(market, orderAt(slot), code)
  close(market, slot)
}

function close(market: Market, slot: u32): void {
  if ((orderAt(slot).flags & (DRAINING | KNOWN)) !== 0) closeKnownOrder(market, slot)
  else closeOrder(market, slot)
}

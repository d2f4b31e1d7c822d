// Take in: an accepted order is matched, and what is left of it rests, drains, ends or is
// cancelled.
//
// The same for a new order and for one that a tick goes on with. INV-06: what was ordered is
// filled, reduced, cancelled or open afterwards, nothing else.

import { isFull, restInBook } from './book.ts'
import { clock } from './clock.ts'
import * as codes from './codes.ts'
import { Market, NOT_CONTINUOUS, sideOfBook } from './markets.ts'
import { matchByQuote, matchBySize } from './match.ts'
import { closeKnownOrder, closeOrder } from './open-orders.ts'
import { emitCancelled, emitRested } from './order-events.ts'
import { indexSlot, isDraining, orderAt, park, STAYS, sideOf, termsAt, unpark } from './orders.ts'
import { refuseRest } from './phase-checks.ts'
import { breach } from './phases.ts'
import { BREACH, FILLED, FILLS_LIMIT, RAN_OUT, SELF_TRADE } from './plan.ts'

/** Matches an order as far as one command may, and settles what becomes of its rest. */
export function takeIn(market: Market, slot: u32): void {
  if ((market.mood & NOT_CONTINUOUS) !== 0) {
    settleRest(market, slot)
    return
  }
  if (termsAt(slot).quoteAmount === 0) takeInBySize(market, slot)
  else takeInByQuote(market, slot)
}

function takeInBySize(market: Market, slot: u32): void {
  const end = matchBySize(market, slot)
  if (end === FILLED) close(market, slot)
  else if (end === SELF_TRADE) cancelRest(market, slot, codes.ORDER_SELF_TRADE)
  else if (end === BREACH) haltAt(market, slot)
  else if ((orderAt(slot).flags & STAYS) === 0) cancelRest(market, slot, codeFor(slot, end))
  else if (end === RAN_OUT) rest(market, slot)
  else if (!isDraining(orderAt(slot))) {
    indexSlot(slot, orderAt(slot).id)
    park(slot)
  }
}

function takeInByQuote(market: Market, slot: u32): void {
  const end = matchByQuote(market, slot)
  if (end === SELF_TRADE) cancelRest(market, slot, codes.ORDER_SELF_TRADE)
  else if (end === BREACH) haltAt(market, slot)
  else if (end === FILLED && hasTraded(slot)) closeOrder(market, slot)
  else cancelRest(market, slot, codeFor(slot, end))
}

/** The market halts, or collects for an auction; the rest goes on under its new phase. */
function haltAt(market: Market, slot: u32): void {
  breach(market)
  settleRest(market, slot)
}

/** Rests an order without matching it, or cancels it where it cannot. */
function settleRest(market: Market, slot: u32): void {
  const code = refuseRest(market, orderAt(slot))
  if (code === 0) rest(market, slot)
  else cancelRest(market, slot, code)
}

function codeFor(slot: u32, end: u32): i32 {
  if (end === FILLS_LIMIT) return codes.ORDER_FILLS_LIMIT
  return hasTraded(slot) ? codes.ORDER_IMMEDIATE_REMAINDER : codes.ORDER_NO_LIQUIDITY
}

// Only takers are asked, and a taker has traded as such or not at all.
function hasTraded(slot: u32): bool {
  return termsAt(slot).takerNotional !== 0
}

function rest(market: Market, slot: u32): void {
  const order = orderAt(slot)
  if (isFull(sideOfBook(market, sideOf(order)), order.price)) {
    cancelRest(market, slot, codes.CAPACITY_EXHAUSTED)
    return
  }
  if (isDraining(order)) unpark(slot)
  else indexSlot(slot, order.id)
  restInBook(sideOfBook(market, sideOf(order)), slot)
  emitRested(market, order)
  const terms = termsAt(slot)
  terms.priority = market.bookNumber
  terms.updatedAt = clock.time
}

function cancelRest(market: Market, slot: u32, code: i32): void {
  emitCancelled(market, orderAt(slot), code)
  close(market, slot)
}

function close(market: Market, slot: u32): void {
  if (isDraining(orderAt(slot))) closeKnownOrder(market, slot)
  else closeOrder(market, slot)
}

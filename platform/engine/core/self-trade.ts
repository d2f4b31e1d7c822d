// Self-trade: what happens when a taker meets an order of the same owner.
//
// The owner is the customer, so it spans the main account and all sub-accounts. Nobody ever trades
// with himself: one of the two orders, or both, give way, without a fill and without a fee.

import { leaveBook, takeLots } from './book.ts'
import { clock } from './clock.ts'
import { ORDER_SELF_TRADE } from './codes.ts'
import { CANCEL_BOTH, CANCEL_MAKER, CANCEL_TAKER } from './commands.ts'
import { endMaker, keepHold } from './fill.ts'
import { Market, sideOfBook } from './markets.ts'
import { closeKnownOrder } from './open-orders.ts'
import { emitCancelled, emitReduced } from './order-events.ts'
import { orderAt, sideOf, termsAt } from './orders.ts'
import { selfTradeOf } from './plan.ts'

/** Makes one order give way; answers whether the taker goes on. */
export function meetOwn(market: Market, takerSlot: u32, makerSlot: u32): bool {
  const how = selfTradeOf(orderAt(takerSlot))
  if (how === CANCEL_TAKER) return false
  if (how === CANCEL_MAKER || how === CANCEL_BOTH) {
    cancelStanding(market, makerSlot, ORDER_SELF_TRADE)
    return how === CANCEL_MAKER
  }
  if (termsAt(takerSlot).quoteAmount !== 0) return false
  decrement(market, takerSlot, makerSlot)
  return true
}

/** Cancels an order that stands in the book. */
export function cancelStanding(market: Market, slot: u32, code: i32): void {
  const order = orderAt(slot)
  emitCancelled(market, order, code)
  leaveBook(sideOfBook(market, sideOf(order)), order)
  closeKnownOrder(market, slot)
}

function decrement(market: Market, takerSlot: u32, makerSlot: u32): void {
  const taker = orderAt(takerSlot)
  const maker = orderAt(makerSlot)
  const by = min(taker.remaining, maker.remaining)
  takeLots(maker, by)
  taker.remaining -= by
  noteReduced(market, makerSlot, by)
  noteReduced(market, takerSlot, by)
  if (maker.remaining === 0) endMaker(market, makerSlot)
}

export function noteReduced(market: Market, slot: u32, by: i64): void {
  const terms = termsAt(slot)
  terms.reducedBy += by
  terms.updatedAt = clock.time
  keepHold(market, slot, 0)
  emitReduced(market, orderAt(slot), by)
}

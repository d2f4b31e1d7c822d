// Self-trade: what happens when a taker meets an order of the same owner.
//
// The owner is the customer, so it spans the main account and all sub-accounts. Nobody ever trades
// with himself: one of the two orders, or both, give way, without a fill and without a fee.

import { takeLots } from './book.ts'
import { clock } from './clock.ts'
import { ORDER_SELF_TRADE } from './codes.ts'
import { CANCEL_BOTH, CANCEL_MAKER, CANCEL_TAKER, DECREMENT } from './commands.ts'
import { cancelSlot } from './ends.ts'
import { endMaker, keepHold } from './fill.ts'
import { showAfter, showBefore } from './icebergs.ts'
import { Market } from './markets.ts'
import { emitPrevented, emitReduced } from './order-events.ts'
import { ICEBERG, orderAt, termsAt } from './orders.ts'
import { selfTradeOf } from './plan.ts'

/** Makes one order give way; answers whether the taker goes on. */
export function meetOwn(market: Market, takerSlot: u32, makerSlot: u32, lots: i64): bool {
  const asked = selfTradeOf(orderAt(takerSlot))
  // An amount of quote cannot be made smaller by lots.
  const byQuote = termsAt(takerSlot).quoteAmount !== 0
  const how = asked === DECREMENT && byQuote ? CANCEL_TAKER : asked
  const price = orderAt(makerSlot).price
  emitPrevented(orderAt(takerSlot), orderAt(makerSlot), how, price, lots)
  if (how === CANCEL_TAKER) return false
  if (how === CANCEL_MAKER || how === CANCEL_BOTH) {
    cancelSlot(makerSlot, ORDER_SELF_TRADE)
    return how === CANCEL_MAKER
  }
  decrement(market, takerSlot, makerSlot, lots)
  return true
}

function decrement(market: Market, takerSlot: u32, makerSlot: u32, by: i64): void {
  const taker = orderAt(takerSlot)
  const maker = orderAt(makerSlot)
  const isIceberg = (maker.flags & ICEBERG) !== 0
  if (isIceberg) showBefore(market, maker, by)
  takeLots(maker, by)
  taker.remaining -= by
  noteReduced(market, makerSlot, by)
  noteReduced(market, takerSlot, by)
  if (maker.remaining === 0) endMaker(market, makerSlot)
  else if (isIceberg) showAfter(market, maker)
}

export function noteReduced(market: Market, slot: u32, by: i64): void {
  const terms = termsAt(slot)
  terms.reducedBy += by
  terms.updatedAt = clock.time
  keepHold(market, slot, 0)
  emitReduced(market, orderAt(slot), by)
}

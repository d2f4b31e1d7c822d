// Own pairs: two orders of one owner that an uncross would pair.
//
// As in continuous matching the taker chooses, but both stand in the book: what is cancelled leaves
// it at once, and the uncross goes on.

import { takeLots } from './book.ts'
import { ORDER_SELF_TRADE } from './codes.ts'
import { CANCEL_MAKER, CANCEL_TAKER, DECREMENT } from './commands.ts'
import { cancelSlot } from './ends.ts'
import { endOrShow, isIceberg } from './fill.ts'
import { showBefore } from './icebergs.ts'
import { Market } from './markets.ts'
import { emitPrevented } from './order-events.ts'
import { orderAt } from './orders.ts'
import { selfTradeOf } from './plan.ts'
import { noteReduced } from './self-trade.ts'

/** Makes one of a pair give way, or both. */
export function meetOwnInPair(
  market: Market,
  takerSlot: u32,
  makerSlot: u32,
  price: i32,
  lots: i64,
): void {
  const how = selfTradeOf(orderAt(takerSlot))
  emitPrevented(orderAt(takerSlot), orderAt(makerSlot), how, price, lots)
  if (how === DECREMENT) {
    reducePair(market, takerSlot, makerSlot, lots)
    return
  }
  if (how !== CANCEL_TAKER) cancelSlot(makerSlot, ORDER_SELF_TRADE)
  if (how !== CANCEL_MAKER) cancelSlot(takerSlot, ORDER_SELF_TRADE)
}

function reducePair(market: Market, takerSlot: u32, makerSlot: u32, lots: i64): void {
  if (isIceberg(makerSlot)) showBefore(market, orderAt(makerSlot), lots)
  if (isIceberg(takerSlot)) showBefore(market, orderAt(takerSlot), lots)
  takeLots(orderAt(makerSlot), lots)
  takeLots(orderAt(takerSlot), lots)
  noteReduced(market, makerSlot, lots)
  noteReduced(market, takerSlot, lots)
  endOrShow(market, makerSlot)
  endOrShow(market, takerSlot)
}

// Order events: what is told of an order's life, from its acceptance to its end.
//
// INV-09: what changes a book takes the market's next book number, a fill its next trade id.

import { takeSeqs } from './accounts.ts'
import { Place } from './commands.ts'
import * as events from './events.ts'
import { Market, takeBookNumber } from './markets.ts'
import * as bits from './orders.ts'
import { Order, orderAt, sideOf, termsAt } from './orders.ts'

/** The order in a slot was accepted; the caller's id is the command's. */
export function emitAccepted(slot: u32, command: Place): void {
  const order = orderAt(slot)
  const terms = termsAt(slot)
  const event = changetype<events.Accepted>(events.begin(events.ACCEPTED, sideOf(order), 2))
  event.word1 = shapeWord(order.flags)
  event.price = order.price
  event.market = marketOf(order)
  event.size = terms.size
  event.account = order.account
  event.makerRate = terms.makerRate
  event.quoteAmount = terms.quoteAmount
  event.name0 = command.name0
  event.name1 = command.name1
  event.name2 = command.name2
  event.name3 = command.name3
  event.name4 = command.name4
  event.accountSeq = takeSeqs(order.account, 1)
  event.takerRate = terms.takerRate
  event.spare0 = 0
  event.spare1 = 0
}

/** The order came to rest. */
export function emitRested(market: Market, order: Order): void {
  const event = changetype<events.Rested>(events.begin(events.RESTED, sideOf(order), 1))
  event.word1 = order.account
  event.price = order.price
  event.market = marketOf(order)
  event.orderId = order.id
  event.remaining = order.remaining
  event.bookNumber = takeBookNumber(market)
}

/** Bits of a fill beside the taker's side, as in codec/events.ts. */
export const IN_AUCTION: u32 = 1 << 1
export const MAKER_FEE_IN_BASE: u32 = 1 << 2
export const TAKER_FEE_IN_BASE: u32 = 1 << 3

/** A fill: lots and fees of both sides; what is left of both stands in their rows. */
export function emitFill(
  market: Market,
  taker: Order,
  maker: Order,
  price: i32,
  lots: i64,
  makerFee: i64,
  takerFee: i64,
  kind: u32,
): void {
  const event = changetype<events.Fill>(events.begin(events.FILL, sideOf(taker) | kind, 2))
  market.lastTradeId += 1
  market.lastPrice = price
  event.word1 = maker.account | (taker.account << 16)
  event.price = price
  event.market = marketOf(maker)
  event.size = lots
  event.makerOrderId = maker.id
  event.takerOrderId = taker.id
  event.tradeId = market.lastTradeId
  event.makerAccountSeq = takeSeqs(maker.account, 2)
  event.takerAccountSeq = takeSeqs(taker.account, 2)
  event.makerFee = makerFee
  event.takerFee = takerFee
  event.makerRemaining = maker.remaining
  event.takerRemaining = taker.remaining
  event.bookNumber = takeBookNumber(market)
}

/** Two orders of one owner met; what becomes of them follows. */
export function emitPrevented(
  market: Market,
  taker: Order,
  maker: Order,
  how: u32,
  price: i32,
  lots: i64,
): void {
  const small = sideOf(taker) | (how << 1)
  const event = changetype<events.Prevented>(events.begin(events.PREVENTED, small, 1))
  event.word1 = maker.account | (taker.account << 16)
  event.price = price
  event.market = marketOf(maker)
  event.size = lots
  event.makerOrderId = maker.id
  event.takerOrderId = taker.id
}

/** The rest of an order is over; takes a book number when it stands in the book. */
export function emitCancelled(market: Market, order: Order, code: i32): void {
  const small = sideOf(order) | (u32(code) << 1)
  const event = changetype<events.Cancelled>(events.begin(events.CANCELLED, small, 1))
  const high = u32(order.remaining >> 32)
  event.word1 = order.account | (marketOf(order) << 16) | (high << 24)
  event.price = order.price
  event.remainingLow = u32(order.remaining)
  event.orderId = order.id
  event.bookNumber = order.level === 0 ? 0 : takeBookNumber(market)
  event.accountSeq = takeSeqs(order.account, 1)
}

/** Lots were taken from an order without a fill. */
export function emitReduced(market: Market, order: Order, by: i64): void {
  const event = changetype<events.Reduced>(events.begin(events.REDUCED, sideOf(order), 2))
  event.word1 = order.account
  event.price = order.price
  event.market = marketOf(order)
  event.orderId = order.id
  event.by = by
  event.remaining = order.remaining
  event.bookNumber = order.level === 0 ? 0 : takeBookNumber(market)
  event.accountSeq = takeSeqs(order.account, 1)
  event.spare0 = 0
  event.spare1 = 0
  event.spare2 = 0
  event.spare3 = 0
  event.spare4 = 0
  event.spare5 = 0
}

function marketOf(order: Order): u32 {
  return order.flags & bits.MARKET_MASK
}

/** Type, time in force, post-only and self-trade as the four bytes of word 1. */
function shapeWord(flags: u32): u32 {
  const type = (flags >> bits.TYPE_BIT) & 7
  const timeInForce = ((flags >> bits.TIME_IN_FORCE_BIT) & 7) << 8
  const postOnly = ((flags >> bits.POST_ONLY_BIT) & 1) << 16
  return type | timeInForce | postOnly | (((flags >> bits.SELF_TRADE_BIT) & 3) << 24)
}

// Order events: what is told of an order's life, from its acceptance to its end.
//
// INV-09: what changes a book takes the market's next book number, a fill its next trade id.

import { takeSeqs } from './accounts.ts'
import { shownOf } from './book.ts'
import { Place, STOP, TRAILING_STOP } from './commands.ts'
import * as events from './events.ts'
import { Extra, extraOf } from './extras.ts'
import { Market, takeBookNumber } from './markets.ts'
import * as bits from './orders.ts'
import { Order, orderAt, sideOf, slotOf, termsAt, typeOf } from './orders.ts'
import { noteMarket } from './triggers.ts'

const CELL_BYTES: usize = 64

/** The order in a slot was accepted; the caller's id is the command's. */
export function emitAccepted(slot: u32, command: Place): void {
  const order = orderAt(slot)
  const terms = termsAt(slot)
  const cells = u32(command.cells)
  const event = changetype<events.Accepted>(events.begin(events.ACCEPTED, sideOf(order), cells))
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
  if (cells === 3) {
    memory.copy(changetype<usize>(event) + 128, changetype<usize>(command) + 128, CELL_BYTES)
  }
}

/** The order came to rest. */
export function emitRested(market: Market, order: Order): void {
  const cells = showsLess(order)
  const event = changetype<events.Rested>(events.begin(events.RESTED, sideOf(order), cells))
  event.word1 = order.account
  event.price = order.price
  event.market = marketOf(order)
  event.orderId = order.id
  event.remaining = order.remaining
  event.bookNumber = takeBookNumber(market)
  if (cells === 2) tellShown(changetype<usize>(event), order)
}

/** Cells of an event that says what an order shows only when that is not all. */
function showsLess(order: Order): u32 {
  if ((order.flags & bits.ICEBERG) === 0 || order.level === 0) return 1
  return extraOf(order).shown === order.remaining ? 1 : 2
}

function tellShown(event: usize, order: Order): void {
  memory.fill(event + CELL_BYTES, 0, CELL_BYTES)
  changetype<events.Shown>(event + CELL_BYTES).shown = extraOf(order).shown
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
  if (market.watched !== 0) noteMarket(marketOf(maker))
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
export function emitPrevented(taker: Order, maker: Order, how: u32, price: i32, lots: i64): void {
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
  const cells = showsLess(order)
  const event = changetype<events.Cancelled>(events.begin(events.CANCELLED, small, cells))
  const high = u32(order.remaining >> 32)
  event.word1 = order.account | (marketOf(order) << 16) | (high << 24)
  event.price = order.price
  event.remainingLow = u32(order.remaining)
  event.orderId = order.id
  event.bookNumber = order.level === 0 ? 0 : takeBookNumber(market)
  event.accountSeq = takeSeqs(order.account, 1)
  if (cells === 2) tellShown(changetype<usize>(event), order)
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

/** A waiting order was triggered; its row is as it was before. */
export function emitTriggered(
  market: Market,
  order: Order,
  extra: Extra,
  works: i32,
  reference: i32,
  leftPrice: i32,
): void {
  const at = events.begin(events.TRIGGERED, sideOf(order), 2)
  const event = changetype<events.Triggered>(at)
  startChanged(market, order, event)
  event.price = works
  event.shown = order.level === 0 ? 0 : shownOf(order)
  event.triggerPrice = extra.trigger
  event.reference = reference
  event.leftPrice = leftPrice
  event.spare0 = 0
  memory.fill(at + 96, 0, 32)
}

/** An open order was changed; its row has the values after the change. */
export function emitAmended(market: Market, order: Order, oldPrice: i32, shown: i64): void {
  const at = events.begin(events.AMENDED, sideOf(order), 2)
  const event = changetype<events.Amended>(at)
  startChanged(market, order, event)
  event.shown = shown
  event.size = termsAt(slotOf(order)).size
  event.oldPrice = oldPrice
  event.triggerPrice = fixedTriggerOf(order)
  memory.fill(at + 96, 0, 32)
}

function startChanged(market: Market, order: Order, event: events.Changed): void {
  event.word1 = order.account
  event.price = order.price
  event.market = marketOf(order)
  event.orderId = order.id
  event.remaining = order.remaining
  event.bookNumber = order.level === 0 ? 0 : takeBookNumber(market)
  event.accountSeq = takeSeqs(order.account, 1)
}

function fixedTriggerOf(order: Order): i32 {
  const type = typeOf(order)
  if (type < STOP || type === TRAILING_STOP) return 0
  return extraOf(order).trigger
}

/** An iceberg shows more lots. */
export function emitRefreshed(market: Market, order: Order, added: i64, requeued: bool): void {
  const small = sideOf(order) | (u32(requeued) << 1)
  const event = changetype<events.Refreshed>(events.begin(events.REFRESHED, small, 1))
  event.word1 = order.account
  event.price = order.price
  event.market = marketOf(order)
  event.orderId = order.id
  event.added = added
  event.bookNumber = takeBookNumber(market)
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

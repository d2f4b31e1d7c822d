// Fill: one trade between a taker and the order it meets, with its postings, fees and holds.
//
// INV-05: base one way, quote the other, at the maker's price, and both sides' fees to the fees
// account; so INV-01 holds by construction. Fees are cumulated apart for maker and taker notional.

import { FEES } from './accounts.ts'
import { cellOf, changeCash, changeHeld } from './balances.ts'
import { leaveBook, takeLots } from './book.ts'
import { noteFill } from './brackets.ts'
import { clock } from './clock.ts'
import { MARKET_ORDER } from './commands.ts'
import { extraOf } from './extras.ts'
import { feeBetween } from './fees.ts'
import { showAfter, showBefore } from './icebergs.ts'
import { Market, sideOfBook } from './markets.ts'
import { closeKnownOrder, heldCell } from './open-orders.ts'
import { emitFill, IN_AUCTION, MAKER_FEE_IN_BASE, TAKER_FEE_IN_BASE } from './order-events.ts'
import * as bits from './orders.ts'
import { BUY, Order, orderAt, sideOf, Terms, TYPE_BIT, termsAt } from './orders.ts'
import { charged, inQuote, payStored } from './paying.ts'
import { holdOfBuy } from './values.ts'
import { countVolume } from './volumes.ts'

/** Fills a maker with so many lots for a taker; a maker without rest leaves the book and closes. */
export function fill(market: Market, takerSlot: u32, makerSlot: u32, lots: i64): void {
  const taker = orderAt(takerSlot)
  const maker = orderAt(makerSlot)
  const price = maker.price
  const notional = price * lots * market.quotePerTickLot
  takeLots(maker, lots)
  if (taker.remaining !== 0) taker.remaining -= lots
  if (((taker.flags | maker.flags) & bits.FEES_STORED) !== 0) {
    payStored(market, takerSlot, makerSlot, lots, notional, false)
    tellStored(market, takerSlot, makerSlot, price, lots, notional, 0)
  } else {
    const makerFee = chargeMaker(maker, termsAt(makerSlot), notional)
    const takerFee = chargeTaker(termsAt(takerSlot), notional)
    settle(market, maker, lots, notional, makerFee)
    settle(market, taker, lots, notional, takerFee)
    changeCash(cellOf(FEES, market.quote), makerFee + takerFee)
    keepHold(market, makerSlot, notional + makerFee)
    keepHold(market, takerSlot, notional + takerFee)
    emitFill(market, taker, maker, price, lots, makerFee, takerFee, 0)
  }
  countVolume(market, maker.account, notional)
  countVolume(market, taker.account, notional)
  if (((taker.flags | maker.flags) & bits.LINKED) !== 0) noteFill(makerSlot, takerSlot, lots)
  if (maker.remaining === 0) endMaker(market, makerSlot)
}

/** A pair of an uncross: both stand in the book and pay as makers, at the auction's price. */
export function fillPair(
  market: Market,
  takerSlot: u32,
  makerSlot: u32,
  price: i32,
  lots: i64,
): void {
  const notional = price * lots * market.quotePerTickLot
  if (isIceberg(makerSlot)) showBefore(market, orderAt(makerSlot), lots)
  if (isIceberg(takerSlot)) showBefore(market, orderAt(takerSlot), lots)
  takeLots(orderAt(makerSlot), lots)
  takeLots(orderAt(takerSlot), lots)
  payStored(market, takerSlot, makerSlot, lots, notional, true)
  tellStored(market, takerSlot, makerSlot, price, lots, notional, IN_AUCTION)
  countVolume(market, orderAt(makerSlot).account, notional)
  countVolume(market, orderAt(takerSlot).account, notional)
  if (((orderAt(takerSlot).flags | orderAt(makerSlot).flags) & bits.LINKED) !== 0) {
    noteFill(makerSlot, takerSlot, lots)
  }
  endOrShow(market, makerSlot)
  endOrShow(market, takerSlot)
}

/** After lots of an order in the book were taken. */
export function endOrShow(market: Market, slot: u32): void {
  if (orderAt(slot).remaining === 0) endMaker(market, slot)
  else if (isIceberg(slot)) showAfter(market, orderAt(slot))
}

export function isIceberg(slot: u32): bool {
  return (orderAt(slot).flags & bits.ICEBERG) !== 0
}

function tellStored(
  market: Market,
  takerSlot: u32,
  makerSlot: u32,
  price: i32,
  lots: i64,
  notional: i64,
  kind: u32,
): void {
  const maker = orderAt(makerSlot)
  const taker = orderAt(takerSlot)
  keepHold(market, makerSlot, notional + inQuote(maker, charged.makerFee))
  keepHold(market, takerSlot, notional + inQuote(taker, charged.takerFee))
  const makerBit = (maker.flags & bits.FEE_IN_BASE) !== 0 ? MAKER_FEE_IN_BASE : 0
  const takerBit = (taker.flags & bits.FEE_IN_BASE) !== 0 ? TAKER_FEE_IN_BASE : 0
  const all = kind | makerBit | takerBit
  emitFill(market, taker, maker, price, lots, charged.makerFee, charged.takerFee, all)
}

/** Takes a maker without rest out of the book and closes it. */
export function endMaker(market: Market, slot: u32): void {
  const maker = orderAt(slot)
  leaveBook(sideOfBook(market, sideOf(maker)), maker)
  closeKnownOrder(market, slot)
}

function chargeMaker(maker: Order, terms: Terms, notional: i64): i64 {
  const before = maker.makerNotional
  maker.makerNotional = before + notional
  terms.updatedAt = clock.time
  return feeBetween(before, before + notional, terms.makerRate)
}

function chargeTaker(terms: Terms, notional: i64): i64 {
  const before = terms.takerNotional
  terms.takerNotional = before + notional
  terms.updatedAt = clock.time
  return feeBetween(before, before + notional, terms.takerRate)
}

// One side's legs: base, and quote with the fee. A buyer gets base, a seller gives it.
function settle(market: Market, order: Order, lots: i64, notional: i64, fee: i64): void {
  const sign: i64 = 1 - 2 * i64(sideOf(order))
  changeCash(cellOf(order.account, market.base), sign * lots * market.lotUnits)
  changeCash(cellOf(order.account, market.quote), -sign * notional - fee)
}

/**
 * Lowers what a limit order holds to what its rest needs, after `spent` was paid out of it. Market
 * orders are over when their command is: what they hold in between does not matter.
 */
export function keepHold(market: Market, slot: u32, spent: i64): void {
  const order = orderAt(slot)
  if (((order.flags >> TYPE_BIT) & 7) === MARKET_ORDER) return
  const kept = neededFor(market, slot, order.held - spent)
  changeHeld(heldCell(market, order), kept - order.held)
  order.held = kept
}

function neededFor(market: Market, slot: u32, left: i64): i64 {
  const order = orderAt(slot)
  if (order.remaining === 0) return 0
  if (sideOf(order) !== BUY) return order.remaining * market.lotUnits
  const terms = termsAt(slot)
  const isPlain = (order.flags & bits.HAS_EXTRA) === 0
  const worst = isPlain ? order.price : extraOf(order).worst
  const notional = worst * order.remaining * market.quotePerTickLot
  const inBase = (order.flags & bits.FEE_IN_BASE) !== 0
  return min(holdOfBuy(notional, terms.makerRate, terms.takerRate, inBase), left)
}

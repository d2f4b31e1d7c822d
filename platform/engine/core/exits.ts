// Exits: what protects the lots that the entry of a bracket bought: a take-profit with a stop.
//
// A tick handles one bracket: it ends an entry whose exit went off, and opens or enlarges the exit.
// INV-03: an exit holds the lots it sells from the moment it has them.

import { available, cellOf, changeHeld } from './balances.ts'
import { leaveBook, shownOf } from './book.ts'
import { Bracket, bracketAt, endsEntry, judge, releaseExit, unlist } from './brackets.ts'
import { clock } from './clock.ts'
import * as codes from './codes.ts'
import { BY_MARK, GTC, OCO } from './commands.ts'
import { emitExitOpened } from './deep-events.ts'
import { cancelSlot } from './ends.ts'
import { Extra, extraOf, takeExtra } from './extras.ts'
import { DELISTED, Market, marketAt, sideOfBook } from './markets.ts'
import { tables } from './memory.ts'
import { heldCell, openOrder } from './open-orders.ts'
import { emitAmended } from './order-events.ts'
import * as bits from './orders.ts'
import { isDraining, nameAt, orderAt, SELL, takeSlot, termsAt } from './orders.ts'
import { granted, putRates } from './rates.ts'
import { takeIn } from './take-in.ts'
import { collared } from './values.ts'

/** The id of an exit is that of its entry and this: no command has so high a number. */
export const EXIT_ID_FIRST: i64 = 4_503_599_627_370_496

/** Handles the first bracket that needs attention. */
export function mindBracket(): void {
  const row = tables.attentionHead
  const bracket = bracketAt(row)
  unlist(row)
  bracket.isBusy = 1
  if (endsEntry(bracket)) cancelSlot(bracket.entry, codes.ORDER_LINKED)
  cover(row)
  bracketAt(row).isBusy = 0
  judge(row)
}

function cover(row: u32): void {
  const bracket = bracketAt(row)
  const uncovered = bracket.uncovered
  bracket.uncovered = 0
  const market = marketAt(bracket.market)
  const lots = min(uncovered, available(cellOf(bracket.account, market.base)) / market.lotUnits)
  const isOver = bracket.exitId !== 0 && bracket.exit === 0
  if (lots === 0 || isOver || (market.mood & DELISTED) !== 0) return
  if (bracket.exitId === 0) openExit(market, row, lots)
  else growExit(market, bracket.exit, lots)
}

function openExit(market: Market, row: u32, lots: i64): void {
  const slot = draftExit(market, row, lots)
  const bracket = bracketAt(row)
  const order = orderAt(slot)
  releaseExit(bracket)
  bracket.exitId = order.id
  bracket.exit = slot
  order.held = lots * market.lotUnits
  changeHeld(heldCell(market, order), order.held)
  openOrder(slot)
  emitExitOpened(order, termsAt(slot), extraOf(order), bracket.entryId)
  takeIn(market, slot)
}

function draftExit(market: Market, row: u32, lots: i64): u32 {
  const slot = takeSlot()
  const bracket = bracketAt(row)
  const order = orderAt(slot)
  order.id = EXIT_ID_FIRST + bracket.entryId
  order.remaining = lots
  order.held = 0
  order.makerNotional = 0
  order.level = 0
  order.account = bracket.account
  order.price = bracket.takeProfit
  order.flags = exitFlags(bracket)
  const terms = termsAt(slot)
  terms.takerNotional = 0
  terms.size = lots
  terms.reducedBy = 0
  terms.quoteAmount = 0
  terms.createdAt = clock.time
  terms.updatedAt = clock.time
  terms.priority = 0
  granted.makerRate = bracket.makerRate
  granted.takerRate = bracket.takerRate
  putRates(slot)
  nameAt(slot).word0 = 0
  fillExtra(market, bracket, takeExtra(slot), row)
  return slot
}

function exitFlags(bracket: Bracket): u32 {
  const shape = (SELL << bits.SIDE_BIT) | (OCO << bits.TYPE_BIT) | (GTC << bits.TIME_IN_FORCE_BIT)
  const selfTrade = (bracket.flags >> 1) << bits.SELF_TRADE_BIT
  return bracket.market | shape | selfTrade | bits.STAYS | bits.HAS_EXTRA | bits.LINKED
}

function fillExtra(market: Market, bracket: Bracket, extra: Extra, row: u32): void {
  extra.trigger = bracket.trigger
  extra.stopPrice = bracket.stopPrice
  extra.worst = bracket.takeProfit
  extra.flags = bracket.flags & BY_MARK
  extra.bracket = row
  if (bracket.stopPrice !== 0) extra.works = bracket.stopPrice
  else if (market.collarBps === 0) extra.works = 1
  else extra.works = collared(SELL, bracket.trigger, market.collarBps)
}

/** An exit gets more lots: it loses its place, and keeps its trigger. */
function growExit(market: Market, slot: u32, lots: i64): void {
  const order = orderAt(slot)
  const terms = termsAt(slot)
  const stands = order.level !== 0
  const shown = stands ? shownOf(order) : 0
  if (stands) {
    // The level must lose what it had, so the order leaves before it grows.
    const level = order.level
    leaveBook(sideOfBook(market, SELL), order)
    order.level = level
  }
  terms.size += lots
  order.remaining += lots
  order.held += lots * market.lotUnits
  changeHeld(heldCell(market, order), lots * market.lotUnits)
  terms.updatedAt = clock.time
  emitAmended(market, order, order.price, shown)
  order.level = 0
  if (isDraining(order)) return
  order.flags |= bits.KNOWN
  takeIn(market, slot)
}

// Brackets: entries and the exits that protect what they bought.
//
// A bracket has a row as long as its entry is open, lots of it are uncovered or its exit is open.
// Brackets that need attention stand in a list; a tick takes the first off and handles it.

import { accountAt } from './accounts.ts'
import { available, cellOf, changeHeld } from './balances.ts'
import { leaveBook, shownOf } from './book.ts'
import { clock, NEVER } from './clock.ts'
import * as codes from './codes.ts'
import { BY_MARK, GTC, OCO, Place } from './commands.ts'
import { emitExitOpened } from './deep-events.ts'
import { cancelSlot } from './ends.ts'
import { Extra, extraOf, takeExtra } from './extras.ts'
import { DELISTED, Market, marketAt, sideOfBook } from './markets.ts'
import { allocate, moved, tables } from './memory.ts'
import { heldCell, openOrder } from './open-orders.ts'
import { emitAmended } from './order-events.ts'
import * as bits from './orders.ts'
import { isDraining, nameAt, Order, orderAt, SELL, takeSlot, termsAt } from './orders.ts'
import { granted, putRates } from './rates.ts'
import { takeIn } from './take-in.ts'
import { collared } from './values.ts'

@unmanaged
export class Bracket {
  entryId: i64
  /** 0 before the exit was opened. */
  exitId: i64
  /** Lots that the entry bought and the exit does not have yet. */
  uncovered: i64
  /** 0 when the entry is over. */
  entry: u32
  /** 0 when the exit is over or was not opened. */
  exit: u32
  account: u32
  market: u32
  takeProfit: i32
  trigger: i32
  stopPrice: i32
  makerRate: i32
  takerRate: i32
  /** BY_MARK of the entry, and above it its self-trade choice. */
  flags: u32
  /** Neighbours among those that need attention, or the next free row. */
  next: u32
  prev: u32
  isListed: u32
  /** It is being handled: nobody else judges it meanwhile. */
  isBusy: u32
}

export const EXIT_ID_FIRST: i64 = 4_503_599_627_370_496

const ROW_BYTES: usize = 80
const FIRST_ROWS: u32 = 64

export function createBrackets(): void {
  tables.bracketRows = FIRST_ROWS
  tables.brackets = allocate(usize(FIRST_ROWS) * ROW_BYTES)
  tables.bracketsUsed = 1
}

export function bracketAt(row: u32): Bracket {
  return changetype<Bracket>(tables.brackets + usize(row) * ROW_BYTES)
}

/** Whether a bracket of an account needs attention: it may outlive its orders until then. */
export function needsAttention(account: u32): bool {
  let row = tables.attentionHead
  while (row !== 0 && bracketAt(row).account !== account) row = bracketAt(row).next
  return row !== 0
}

/** When a bracket needs attention: 0 or never. */
export function nextBracket(): i64 {
  return tables.attentionHead === 0 ? NEVER : 0
}

/** The bracket of an entry that is accepted now. */
export function openBracket(slot: u32, command: Place): void {
  const order = orderAt(slot)
  const extra = extraOf(order)
  const terms = termsAt(slot)
  const row = takeRow()
  const bracket = bracketAt(row)
  bracket.entryId = order.id
  bracket.entry = slot
  bracket.account = order.account
  bracket.market = command.market
  bracket.takeProfit = extra.takeProfit
  bracket.trigger = extra.trigger
  bracket.stopPrice = extra.stopPrice
  bracket.makerRate = terms.makerRate
  bracket.takerRate = terms.takerRate
  bracket.flags = (extra.flags & BY_MARK) | (u32(command.selfTrade) << 1)
  reserveExit(bracket)
  extra.bracket = row
  order.flags |= bits.LINKED
}

/** The place that an exit takes before it is opened. */
export function reserveExit(bracket: Bracket): void {
  accountAt(bracket.account).openCount += 1
  tables.unopened += 1
}

/** Links a restored order to its bracket. */
export function linkOrder(slot: u32, row: u32): void {
  orderAt(slot).flags |= bits.LINKED
  extraOf(orderAt(slot)).bracket = row
}

/** A fill of one or two orders that belong to brackets: the maker's side first. */
export function noteFill(makerSlot: u32, takerSlot: u32, lots: i64): void {
  noteFilled(makerSlot, lots)
  noteFilled(takerSlot, lots)
}

function noteFilled(slot: u32, lots: i64): void {
  const order = orderAt(slot)
  if ((order.flags & bits.LINKED) === 0) return
  const row = extraOf(order).bracket
  if (bracketAt(row).entry === slot) bracketAt(row).uncovered += lots
  judge(row)
}

/** An exit was triggered. */
export function noteExitMoved(slot: u32): void {
  judge(extraOf(orderAt(slot)).bracket)
}

/** An entry or an exit is over. */
export function noteOver(slot: u32): void {
  const row = extraOf(orderAt(slot)).bracket
  const bracket = bracketAt(row)
  if (bracket.entry === slot) bracket.entry = 0
  else bracket.exit = 0
  judge(row)
}

/** Whether an order may not be amended because its bracket's entry is open. */
export function isLinkedOpen(order: Order): bool {
  if ((order.flags & bits.LINKED) === 0) return false
  return bracketAt(extraOf(order).bracket).entry !== 0
}

/** Gives up what is uncovered in a market: it was delisted. */
export function isEntry(order: Order): bool {
  if ((order.flags & bits.LINKED) === 0) return false
  return bracketAt(extraOf(order).bracket).entryId === order.id
}

function endsEntry(bracket: Bracket): bool {
  if (bracket.entry === 0 || bracket.exitId === 0) return false
  if (bracket.exit === 0) return true
  const exit = orderAt(bracket.exit)
  const traded = (exit.makerNotional | termsAt(bracket.exit).takerNotional) !== 0
  return traded || (exit.flags & bits.TRIGGERED) !== 0
}

/** Puts a bracket into the list or takes it out, and lets it go when nothing is left of it. */
function judge(row: u32): void {
  const bracket = bracketAt(row)
  if (bracket.isBusy !== 0) return
  const needs = bracket.uncovered > 0 || endsEntry(bracket)
  if (needs && bracket.isListed === 0) listBracket(row)
  else if (!needs && bracket.isListed !== 0) unlist(row)
  if (bracket.entry !== 0 || bracket.uncovered !== 0 || bracket.exit !== 0) return
  if (bracket.exitId === 0) release(bracket)
  bracket.entryId = 0
  bracket.next = tables.bracketsFree
  tables.bracketsFree = row
}

function release(bracket: Bracket): void {
  accountAt(bracket.account).openCount -= 1
  tables.unopened -= 1
}

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
  release(bracket)
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

/** Adds a row to use; everything in it is zero. */
export function takeRow(): u32 {
  let row = tables.bracketsFree
  if (row !== 0) tables.bracketsFree = bracketAt(row).next
  else {
    if (tables.bracketsUsed === tables.bracketRows) {
      const bytes = usize(tables.bracketRows) * ROW_BYTES
      tables.brackets = moved(tables.brackets, bytes, bytes * 2)
      tables.bracketRows *= 2
    }
    row = tables.bracketsUsed
    tables.bracketsUsed += 1
  }
  memory.fill(changetype<usize>(bracketAt(row)), 0, ROW_BYTES)
  return row
}

/** Puts a bracket at the end of those that need attention. */
export function listBracket(row: u32): void {
  const bracket = bracketAt(row)
  bracket.isListed = 1
  bracket.next = 0
  bracket.prev = tables.attentionTail
  if (tables.attentionTail === 0) tables.attentionHead = row
  else bracketAt(tables.attentionTail).next = row
  tables.attentionTail = row
}

function unlist(row: u32): void {
  const bracket = bracketAt(row)
  if (bracket.prev === 0) tables.attentionHead = bracket.next
  else bracketAt(bracket.prev).next = bracket.next
  if (bracket.next === 0) tables.attentionTail = bracket.prev
  else bracketAt(bracket.next).prev = bracket.prev
  bracket.isListed = 0
}

// Brackets: entries and the exits that protect what they bought.
//
// A bracket has a row as long as its entry is open, lots of it are uncovered or its exit is open.
// Brackets that need attention stand in a list; a tick takes the first off, and exits.ts handles
// it. This file only notes what happened, so that fills and ends may call it.

import { accountAt, countClosed, countOpened } from './accounts.ts'
import { NEVER } from './clock.ts'
import { BY_MARK, Place } from './commands.ts'
import { extraOf } from './extras.ts'
import { allocate, moved, tables } from './memory.ts'
import * as bits from './orders.ts'
import { Order, orderAt, termsAt } from './orders.ts'

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
  countOpened(accountAt(bracket.account))
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

/** Whether an order is the entry of a bracket. */
export function isEntry(order: Order): bool {
  if ((order.flags & bits.LINKED) === 0) return false
  return bracketAt(extraOf(order).bracket).entryId === order.id
}

/** Whether what its exit did ends the entry. */
export function endsEntry(bracket: Bracket): bool {
  if (bracket.entry === 0 || bracket.exitId === 0) return false
  if (bracket.exit === 0) return true
  const exit = orderAt(bracket.exit)
  const traded = (exit.makerNotional | termsAt(bracket.exit).takerNotional) !== 0
  return traded || (exit.flags & bits.TRIGGERED) !== 0
}

/** Puts a bracket into the list or takes it out, and lets it go when nothing is left of it. */
export function judge(row: u32): void {
  const bracket = bracketAt(row)
  if (bracket.isBusy !== 0) return
  const needs = bracket.uncovered > 0 || endsEntry(bracket)
  if (needs && bracket.isListed === 0) listBracket(row)
  else if (!needs && bracket.isListed !== 0) unlist(row)
  if (bracket.entry !== 0 || bracket.uncovered !== 0 || bracket.exit !== 0) return
  if (bracket.exitId === 0) releaseExit(bracket)
  bracket.entryId = 0
  bracket.next = tables.bracketsFree
  tables.bracketsFree = row
}

/** Gives back the place of an exit. */
export function releaseExit(bracket: Bracket): void {
  countClosed(accountAt(bracket.account))
  tables.unopened -= 1
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

export function unlist(row: u32): void {
  const bracket = bracketAt(row)
  if (bracket.prev === 0) tables.attentionHead = bracket.next
  else bracketAt(bracket.prev).next = bracket.next
  if (bracket.next === 0) tables.attentionTail = bracket.prev
  else bracketAt(bracket.next).prev = bracket.prev
  bracket.isListed = 0
}

// Order calls: what images read of orders that are more than plain ones, and snapshots put back.
//
// Never called within a command. Lists are walked in their order; rows are read by their addresses,
// after the layouts of rows.ts.

import { restInBook } from './book.ts'
import { Bracket, bracketAt, linkOrder, listBracket, reserveExit, takeRow } from './brackets.ts'
import { addTimer, firstTimer as firstTimerOf, timerAt } from './dead-man.ts'
import { EXIT_ID_FIRST } from './exits.ts'
import { expireAtTime } from './expiry.ts'
import { extraOf, takeExtra } from './extras.ts'
import { firstLevelBeyond, levelAt } from './ladder.ts'
import { marketAt, sideOfBook } from './markets.ts'
import { tables } from './memory.ts'
import * as bits from './orders.ts'
import { findSlot, orderAt, park, sideOf } from './orders.ts'
import * as triggers from './triggers.ts'

/** Where a walk over the armed triggers of a market is. */
@unmanaged
class Cursor {
  market: u32
  list: u32
  level: u32
}

const cursor = changetype<Cursor>(memory.data(12, 4))

export function extraAddress(slot: u32): usize {
  return changetype<usize>(extraOf(orderAt(slot)))
}

/** Gives a restored order its extra; answers the address. */
export function addExtra(slot: u32): usize {
  return changetype<usize>(takeExtra(slot))
}

/** After the extra of a restored order was written. */
export function adoptExtra(slot: u32): void {
  const extra = extraOf(orderAt(slot))
  if (extra.expireAt !== 0) expireAtTime(slot, extra.expireAt)
}

export function restById(orderId: f64): void {
  const slot = findSlot(i64(orderId))
  const order = orderAt(slot)
  restInBook(sideOfBook(marketAt(order.flags & bits.MARKET_MASK), sideOf(order)), slot)
}

export function parkById(orderId: f64): void {
  park(findSlot(i64(orderId)))
}

export function armById(orderId: f64): void {
  triggers.arm(findSlot(i64(orderId)))
}

/** The list of armed orders that fires first in a market; 0 = none. */
export function firstArmedList(market: u32): u32 {
  cursor.market = market
  cursor.list = 0
  cursor.level = 0
  return nextArmedList()
}

/** The one after it. */
export function nextArmedList(): u32 {
  while (cursor.list < 6) {
    if (cursor.list < 4) {
      const reference = triggers.referenceOf(cursor.market, cursor.list >> 1)
      const ladder = triggers.ladderOf(reference, (cursor.list & 1) === 0)
      cursor.level = firstLevelBeyond(ladder, cursor.level)
      if (cursor.level !== 0) return 1
    } else if (triggers.referenceOf(cursor.market, cursor.list - 4).trailHead !== 0) {
      cursor.list += 1
      return 1
    }
    cursor.list += 1
  }
  return 0
}

export function armedListHead(): u32 {
  if (cursor.level !== 0) return levelAt(cursor.level).head
  return triggers.referenceOf(cursor.market, cursor.list - 5).trailHead
}

export function bracketsUsed(): u32 {
  return tables.bracketsUsed
}

export function bracketAddress(row: u32): usize {
  return changetype<usize>(bracketAt(row))
}

export function attentionHead(): u32 {
  return tables.attentionHead
}

/** A row for a restored bracket. */
export function addBracket(): u32 {
  return takeRow()
}

/** Links a restored bracket to its orders, after its row was written. */
export function adoptBracket(row: u32): void {
  const bracket: Bracket = bracketAt(row)
  bracket.entry = findSlot(bracket.entryId)
  if (bracket.entry !== 0) linkOrder(bracket.entry, row)
  if (bracket.exitId === 0) reserveExit(bracket)
  else bracket.exit = findSlot(EXIT_ID_FIRST + bracket.entryId)
  if (bracket.exit !== 0) linkOrder(bracket.exit, row)
}

/** Puts the bracket of an entry behind the others that need attention. */
export function attend(entryId: f64): void {
  let row: u32 = 1
  while (bracketAt(row).entryId !== i64(entryId)) row += 1
  listBracket(row)
}

export function firstTimer(account: u32): u32 {
  return firstTimerOf(account)
}

export function timerAddress(row: u32): usize {
  return changetype<usize>(timerAt(row))
}

export function restoreTimer(account: u32, key: u32, dueAt: f64): void {
  addTimer(account, key, i64(dueAt))
}

export function referenceAddress(market: u32, by: u32): usize {
  return changetype<usize>(triggers.referenceOf(market, by))
}

/** Whether a market has armed triggers: otherwise its ranges are points. */
export function isWatched(market: u32): bool {
  return marketAt(market).watched !== 0
}

/** After all was restored: which markets have triggers that are due. */
export function judgeTriggers(): void {
  for (let market: u32 = 0; market < tables.marketsUsed; market += 1) {
    triggers.watchOf(market).isNoted = 0
    triggers.judge(market)
  }
  tables.settleCount = 0
}

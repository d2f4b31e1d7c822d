// Triggers: armed orders by the price that fires them, and the references that reach it.
//
// Each market has two references, last and mark; each has two ladders of fixed triggers (those that
// a rising price meets and those that a falling one meets) and a list of trailing stops. What was
// touched stays due: a pending range per reference says what was. Rules: docs/rules/triggers.md.

import { MARKETS_MAX } from '../limits.ts'
import { accountAt } from './accounts.ts'
import * as types from './commands.ts'
import { Extra, extraAt, extraOf } from './extras.ts'
import { createSide, dropLevel, levelAt, levelFor, priceOf, Side } from './ladder.ts'
import { CONTINUOUS, Market, marketAt, rulesOf } from './markets.ts'
import { allocate, tables } from './memory.ts'
import {
  ARMED,
  BUY,
  extraRefAt,
  MARKET_MASK,
  Order,
  orderAt,
  SELL,
  sideOf,
  typeOf,
} from './orders.ts'
import { trailedTrigger } from './values.ts'

/** One reference of a market. */
@unmanaged
export class Reference {
  low: i32
  high: i32
  /** Its price at the start of the running command. */
  before: i32
  trailHead: u32
  trailTail: u32
  spare: u32
}

@unmanaged
export class Watch {
  /** It is among those that settle at the end of this command. */
  isNoted: u32
  /** Continuous trading began in this command. */
  began: u32
  isDue: u32
  /** Trailing stops that are armed. */
  trailing: u32
  spare: i64
}

export const LAST: u32 = 0
export const MARK: u32 = 1

const REFERENCES_AT: usize = 24
const REFERENCE_BYTES: usize = 72
const UP_AT: usize = 24
const DOWN_AT: usize = 48
const ROW_BYTES: usize = 168

const toSettle: usize = memory.data(1024, 8)

export function createTriggers(): void {
  tables.watches = allocate(usize(MARKETS_MAX) * ROW_BYTES)
}

/** The triggers of a new market. */
export function startWatch(market: u32): void {
  for (let by: u32 = LAST; by <= MARK; by += 1) {
    createSide(ladderOf(referenceOf(market, by), true), SELL)
    createSide(ladderOf(referenceOf(market, by), false), BUY)
  }
}

export function watchOf(market: u32): Watch {
  return changetype<Watch>(tables.watches + usize(market) * ROW_BYTES)
}

export function referenceOf(market: u32, by: u32): Reference {
  const row = tables.watches + usize(market) * ROW_BYTES
  return changetype<Reference>(row + REFERENCES_AT + usize(by) * REFERENCE_BYTES)
}

/** Triggers that a rising price meets, the lowest first, or a falling one, the highest first. */
export function ladderOf(reference: Reference, up: bool): Side {
  return changetype<Side>(changetype<usize>(reference) + (up ? UP_AT : DOWN_AT))
}

export function priceBy(market: u32, by: u32): i32 {
  const row = marketAt(market)
  return by === MARK ? rulesOf(row).mark : i32(row.lastPrice)
}

/** Before a price changes, trading begins or ends, or a trigger is no longer armed. */
export function noteMarket(market: u32): void {
  const watch = watchOf(market)
  if (watch.isNoted !== 0) return
  watch.isNoted = 1
  referenceOf(market, LAST).before = priceBy(market, LAST)
  referenceOf(market, MARK).before = priceBy(market, MARK)
  store<u32>(toSettle + (usize(tables.settleCount) << 2), market)
  tables.settleCount += 1
}

/** Continuous trading begins in this command. */
export function noteContinuous(market: u32): void {
  noteMarket(market)
  watchOf(market).began = 1
}

/** A trigger is armed now or may be before the command ends; references are followed from here. */
export function beginWatch(market: u32): void {
  const row = marketAt(market)
  if (row.watched === 0) {
    startRange(market, LAST)
    startRange(market, MARK)
  }
  row.watched += 1
}

export function endWatch(market: u32): void {
  marketAt(market).watched -= 1
}

function startRange(market: u32, by: u32): void {
  const reference = referenceOf(market, by)
  reference.low = priceBy(market, by)
  reference.high = reference.low
}

/** Whether a rising price meets the triggers of such an order. */
export function firesUp(type: u32, side: u32): bool {
  const isProfit = type === types.TAKE_PROFIT || type === types.TAKE_PROFIT_LIMIT
  return isProfit === (side === SELL)
}

/** Whether a new trigger would be due at once. */
export function wouldTrigger(market: u32, by: u32, up: bool, trigger: i64): bool {
  const price = priceBy(market, by)
  if (price === 0) return false
  const reference = referenceOf(market, by)
  const isFollowed = marketAt(market).watched !== 0
  if (up) return trigger <= i64(isFollowed ? reference.high : price)
  return trigger >= i64(isFollowed ? reference.low : price)
}

/** Arms the trigger of an order, behind the others of its price. */
export function arm(slot: u32): void {
  const order = orderAt(slot)
  const market = order.flags & MARKET_MASK
  const extra = extraOf(order)
  beginWatch(market)
  noteMarket(market)
  order.flags |= ARMED
  extra.armedNext = 0
  const reference = referenceOf(market, extra.flags & types.BY_MARK)
  if (typeOf(order) === types.TRAILING_STOP) {
    watchOf(market).trailing += 1
    extra.armedPrev = reference.trailTail
    if (reference.trailTail === 0) reference.trailHead = slot
    else armedOf(reference.trailTail).armedNext = slot
    reference.trailTail = slot
    return
  }
  const ladder = ladderOf(reference, firesUp(typeOf(order), sideOf(order)))
  const level = levelFor(ladder, extra.trigger)
  const row = levelAt(level)
  extra.armedLevel = level
  extra.armedPrev = row.tail
  if (row.tail === 0) row.head = slot
  else armedOf(row.tail).armedNext = slot
  row.tail = slot
}

/** Takes the trigger of an armed order away. */
export function disarm(slot: u32): void {
  const order = orderAt(slot)
  const market = order.flags & MARKET_MASK
  const extra = extraOf(order)
  noteMarket(market)
  endWatch(market)
  order.flags &= ~ARMED
  const next = extra.armedNext
  const prev = extra.armedPrev
  const reference = referenceOf(market, extra.flags & types.BY_MARK)
  if (prev !== 0) armedOf(prev).armedNext = next
  if (next !== 0) armedOf(next).armedPrev = prev
  if (typeOf(order) === types.TRAILING_STOP) {
    watchOf(market).trailing -= 1
    if (prev === 0) reference.trailHead = next
    if (next === 0) reference.trailTail = prev
    return
  }
  const level = extra.armedLevel
  const row = levelAt(level)
  if (prev === 0) row.head = next
  if (next === 0) row.tail = prev
  extra.armedLevel = 0
  if ((prev | next) !== 0) return
  dropLevel(ladderOf(reference, firesUp(typeOf(order), sideOf(order))), level)
}

export function armedOf(slot: u32): Extra {
  return extraAt(extraRefAt(slot))
}

/** The first fixed trigger of a direction that is due; 0 = none. */
export function firstDue(reference: Reference, up: bool): u32 {
  const ladder = ladderOf(reference, up)
  if (ladder.best === 0) return 0
  const trigger = priceOf(ladder, ladder.best)
  const isDue = up ? trigger <= reference.high : trigger >= reference.low
  return isDue ? levelAt(ladder.best).head : 0
}

/** The first armed order of a market, as if all were due; 0 = none. */
export function firstArmed(market: u32): u32 {
  for (let by: u32 = LAST; by <= MARK; by += 1) {
    const up = ladderOf(referenceOf(market, by), true)
    if (up.best !== 0) return levelAt(up.best).head
    const down = ladderOf(referenceOf(market, by), false)
    if (down.best !== 0) return levelAt(down.best).head
  }
  const first = referenceOf(market, LAST).trailHead
  return first === 0 ? referenceOf(market, MARK).trailHead : first
}

/** How many trailing stops of an owner are armed in a market: looks at all of the market's. */
export function trailingOf(market: u32, owner: u32): u32 {
  const byLast = countOf(referenceOf(market, LAST), owner)
  return byLast + countOf(referenceOf(market, MARK), owner)
}

function countOf(reference: Reference, owner: u32): u32 {
  let count: u32 = 0
  for (let slot = reference.trailHead; slot !== 0; slot = armedOf(slot).armedNext) {
    if (accountAt(orderAt(slot).account).owner === owner) count += 1
  }
  return count
}

/** Settles the references of every market that was noted. */
export function settleAll(): void {
  for (let i: u32 = 0; i < tables.settleCount; i += 1) {
    settleMarket(load<u32>(toSettle + (usize(i) << 2)))
  }
  tables.settleCount = 0
}

function settleMarket(market: u32): void {
  const watch = watchOf(market)
  settleReference(marketAt(market), market, LAST)
  settleReference(marketAt(market), market, MARK)
  watch.isNoted = 0
  watch.began = 0
  judge(market)
}

/** Counts the market among those in which a trigger is due, or no longer. */
export function judge(market: u32): void {
  const watch = watchOf(market)
  const isDue = u32(
    marketAt(market).phase === CONTINUOUS && (isDueBy(market, LAST) || isDueBy(market, MARK)),
  )
  tables.dueMarkets += isDue - watch.isDue
  watch.isDue = isDue
}

function isDueBy(market: u32, by: u32): bool {
  const reference = referenceOf(market, by)
  return hasFixedDue(reference, priceBy(market, by)) || firstTrailing(reference) !== 0
}

function hasFixedDue(reference: Reference, price: i32): bool {
  if (price === 0) return false
  return (firstDue(reference, true) | firstDue(reference, false)) !== 0
}

/** The first trailing stop of a reference that is due; 0 = none. */
export function firstTrailing(reference: Reference): u32 {
  let slot = reference.trailHead
  while (slot !== 0 && armedOf(slot).isDue === 0) slot = armedOf(slot).armedNext
  return slot
}

function settleReference(row: Market, market: u32, by: u32): void {
  const reference = referenceOf(market, by)
  const price = priceBy(market, by)
  const before = reference.before
  const began = watchOf(market).began !== 0
  const isOpen = row.phase === CONTINUOUS
  if (!isOpen || began || before === 0) {
    reference.low = price
    reference.high = price
  }
  reference.low = min(reference.low, price)
  reference.high = max(reference.high, price)
  if (!isOpen || began || price !== before) moveTrailing(reference, price, isOpen)
  if (hasFixedDue(reference, price)) return
  reference.low = price
  reference.high = price
}

function moveTrailing(reference: Reference, price: i32, isOpen: bool): void {
  for (let slot = reference.trailHead; slot !== 0; slot = armedOf(slot).armedNext) {
    const extra = armedOf(slot)
    if (!isOpen) extra.isDue = 0
    else if (extra.isDue === 0) follow(orderAt(slot), extra, price)
  }
}

function follow(order: Order, extra: Extra, price: i32): void {
  const side = sideOf(order)
  const isMet = side === BUY ? price >= extra.trigger : price <= extra.trigger
  if (isMet) {
    extra.isDue = 1
    return
  }
  extra.peak = side === BUY ? min(extra.peak, price) : max(extra.peak, price)
  const isBps = (extra.flags & types.TRAIL_IN_BPS) !== 0
  extra.trigger = i32(trailedTrigger(side, extra.peak, extra.trail, isBps))
}

// Place: the checks of a new order in their fixed order, then the wall, then what it does.
//
// The order is drafted into a free slot first, which changes nothing that counts; a refusal gives
// the slot back (INV-10). After the wall nothing may fail.

import {
  ORDERS_MAX,
  PRICE_TICKS_MAX,
  SIZE_LOTS_MAX,
  TRAILING_PER_MARKET_MAX,
  TRAILING_PER_OWNER_MAX,
} from '../limits.ts'
import { accountAt, hasPlaces, refuseAccount } from './accounts.ts'
import { available, changeHeld } from './balances.ts'
import { clock } from './clock.ts'
import * as codes from './codes.ts'
import {
  ExtendedPlace,
  FOK,
  GTC,
  LIMIT,
  MARKET_ORDER,
  Place,
  POST_ONLY,
  TRAILING_STOP,
} from './commands.ts'
import { extraOf, freeExtra } from './extras.ts'
import { holdForNotional } from './fees.ts'
import { DELISTED, Market, marketAt, NOT_CONTINUOUS } from './markets.ts'
import { tables } from './memory.ts'
import { heldCell, openOrder } from './open-orders.ts'
import { emitAccepted } from './order-events.ts'
import * as bits from './orders.ts'
import {
  BUY,
  freeSlot,
  nameAt,
  Order,
  orderAt,
  setNameRef,
  sideOf,
  takeSlot,
  termsAt,
  typeOf,
} from './orders.ts'
import { minds, refuseInPhase, wouldTake } from './phase-checks.ts'
import { begin, draftExtra, extend, extendedFlags, extendedRefusal } from './place-extended.ts'
import { FILLED, FILLS_LIMIT, plan, planByQuote, planBySize, timeInForceOf } from './plan.ts'
import { granted, grantRates, putRates } from './rates.ts'
import { takeIn } from './take-in.ts'
import { trailingOf, watchOf } from './triggers.ts'
import { costOfWalk, holdOfBuy } from './values.ts'

/** STAYS as a count of places. */
const STAYS_SHIFT: u32 = 20
const SAFE_MAX: f64 = 9007199254740991

/** Places an order; answers 0 or the refusal's number. */
export function place(command: Place): i32 {
  const refused = refuseAccount(command.account)
  if (refused !== 0) return refused
  if (command.market >= tables.marketsUsed) return codes.MARKET_UNKNOWN
  const market = marketAt(command.market)
  if ((market.mood & DELISTED) !== 0) return codes.MARKET_DELISTED
  grantRates(market, command.account)
  if (isExtended(command)) return placeExtended(market, changetype<ExtendedPlace>(command))
  const refusal = shapeRefusal(market, command)
  if (refusal !== 0) return refusal
  const slot = draft(command)
  const second = bookRefusal(market, slot)
  if (second !== 0) {
    freeSlot(slot)
    return second
  }
  // From here nothing may fail.
  accept(market, command, slot)
  takeIn(market, slot)
  return 0
}

function placeExtended(market: Market, command: ExtendedPlace): i32 {
  extend(command)
  const refusal = extendedRefusal(market, command)
  if (refusal !== 0) return refusal
  const slot = draft(command)
  draftExtra(command, slot)
  const second = bookRefusal(market, slot)
  if (second !== 0) {
    freeExtra(slot)
    freeSlot(slot)
    return second
  }
  // From here nothing may fail.
  accept(market, command, slot)
  if (begin(command, slot)) takeIn(market, slot)
  return 0
}

function accept(market: Market, command: Place, slot: u32): void {
  const order = orderAt(slot)
  changeHeld(heldCell(market, order), order.held)
  openOrder(slot)
  emitAccepted(slot, command)
}

/** Whether it is more than a limit or market order without an extra. */
function isExtended(command: Place): bool {
  return command.cells !== 2 || command.orderType > MARKET_ORDER || command.timeInForce > FOK
}

function shapeRefusal(market: Market, command: Place): i32 {
  const isLimit = command.orderType === LIMIT
  const isGtc = command.timeInForce === GTC
  const price = command.price
  const size = command.size
  const quoteAmount = command.quoteAmount
  if ((command.flags & POST_ONLY) !== 0 && !(isLimit && isGtc)) return codes.REQUEST_MALFORMED
  if (isLimit) {
    if (quoteAmount !== 0 || size === 0) return codes.REQUEST_MALFORMED
    if (price < 1 || price > PRICE_TICKS_MAX) return codes.ORDER_PRICE_OUT_OF_BAND
  } else {
    if (price !== 0 || isGtc) return codes.REQUEST_MALFORMED
    if ((size === 0) === (quoteAmount === 0)) return codes.REQUEST_MALFORMED
  }
  if (size > SIZE_LOTS_MAX) return codes.ORDER_TOO_LARGE
  if (f64(size) * f64(market.lotUnits) > SAFE_MAX) return codes.ORDER_TOO_LARGE
  if ((market.mood & NOT_CONTINUOUS) !== 0) {
    const isPostOnly = (command.flags & POST_ONLY) !== 0
    const refusal = refuseInPhase(market, command.orderType, isGtc, isPostOnly)
    if (refusal !== 0) return refusal
  }
  if (isLimit) return notionalRefusal(market, command.side, price, size)
  const isSmall = quoteAmount !== 0 && quoteAmount < market.minNotional
  return isSmall ? codes.ORDER_NOTIONAL_TOO_SMALL : 0
}

// The product of doubles says whether the exact one would pass 2^53, and whether a fee of at most
// FEE_RATE_MAX could lift the hold beyond it.
function notionalRefusal(market: Market, side: u32, price: i64, size: i64): i32 {
  const about = f64(price) * f64(size) * f64(market.quotePerTickLot)
  if (about > SAFE_MAX) return codes.ORDER_TOO_LARGE
  const notional = price * size * market.quotePerTickLot
  if (side === BUY && about > SAFE_MAX / 2) {
    const hold = holdForNotional(notional, granted.makerRate, granted.takerRate)
    if (f64(hold) > SAFE_MAX) return codes.ORDER_TOO_LARGE
  }
  return notional < market.minNotional ? codes.ORDER_NOTIONAL_TOO_SMALL : 0
}

/** Writes the order into a slot; nothing points to it yet. */
function draft(command: Place): u32 {
  const slot = takeSlot()
  const order = orderAt(slot)
  order.id = clock.seq
  order.remaining = command.size
  order.held = 0
  order.makerNotional = 0
  order.level = 0
  order.account = command.account
  order.price = i32(command.price)
  order.flags = flagsOf(command)
  const terms = termsAt(slot)
  terms.takerNotional = 0
  terms.size = command.size
  terms.reducedBy = 0
  terms.quoteAmount = command.quoteAmount
  terms.createdAt = clock.time
  terms.updatedAt = clock.time
  terms.priority = 0
  putRates(slot)
  // With an id this command's outcome is the next that is remembered.
  if (u8(command.name0) === 0) nameAt(slot).word0 = 0
  else setNameRef(slot, tables.outcomesCame)
  return slot
}

function flagsOf(command: Place): u32 {
  const side = u32(command.side) << bits.SIDE_BIT
  const type = u32(command.orderType) << bits.TYPE_BIT
  const timeInForce = u32(command.timeInForce) << bits.TIME_IN_FORCE_BIT
  const postOnly = (u32(command.flags) & POST_ONLY) << bits.POST_ONLY_BIT
  const selfTrade = u32(command.selfTrade) << bits.SELF_TRADE_BIT
  const name = u8(command.name0) === 0 ? 0 : bits.NAME_REMEMBERED
  const stays = (type | timeInForce) === 0 ? bits.STAYS : 0
  const plain = command.market | side | type | timeInForce | postOnly | selfTrade | name | stays
  return isExtended(command) ? plain | extendedFlags(changetype<ExtendedPlace>(command)) : plain
}

/** The checks that need the book or the balances; sets what the order will hold. */
function bookRefusal(market: Market, slot: u32): i32 {
  const order = orderAt(slot)
  const isPlain = (order.flags & bits.HAS_EXTRA) === 0
  const places = isPlain ? (order.flags & bits.STAYS) >> STAYS_SHIFT : placesOf(order)
  if (places !== 0) {
    if (!hasPlaces(accountAt(order.account), places)) return codes.ORDER_TOO_MANY_OPEN
    if (!isPlain && hasTooManyTrailing(order)) return codes.ORDER_TOO_MANY_TRAILING
    const all = tables.openOrders + tables.unopened
    if (all + places > u32(ORDERS_MAX)) return codes.CAPACITY_EXHAUSTED
  }
  const isPostOnly = ((order.flags >> bits.POST_ONLY_BIT) & 1) !== 0
  if (isPostOnly && minds(market) && wouldTake(market, order)) {
    return codes.ORDER_POST_ONLY_WOULD_TAKE
  }
  if (timeInForceOf(order) === FOK) {
    const refusal = fillOrKillRefusal(market, slot)
    if (refusal !== 0) return refusal
  }
  const needed = neededFor(market, slot)
  if (needed > available(heldCell(market, order))) return codes.FUNDS_INSUFFICIENT
  order.held = needed
  return 0
}

/** Places that an order takes among the open ones: a bracket has its exit's as well. */
function placesOf(order: Order): u32 {
  if (extraOf(order).takeProfit !== 0) return 2
  return (order.flags & bits.STAYS) === 0 ? 0 : 1
}

function hasTooManyTrailing(order: Order): bool {
  if (typeOf(order) !== TRAILING_STOP) return false
  const market = order.flags & bits.MARKET_MASK
  if (watchOf(market).trailing >= u32(TRAILING_PER_MARKET_MAX)) return true
  return trailingOf(market, accountAt(order.account).owner) >= u32(TRAILING_PER_OWNER_MAX)
}

// Own orders on the way never count as liquidity: only cancel-maker goes past them.
function fillOrKillRefusal(market: Market, slot: u32): i32 {
  const order = orderAt(slot)
  const terms = termsAt(slot)
  const byQuote = terms.quoteAmount !== 0
  const end = byQuote ? planByQuote(market, order, terms) : planBySize(market, order)
  if (end === FILLS_LIMIT) return codes.ORDER_FILLS_LIMIT
  const isWhole = byQuote || plan.lots === terms.size
  return end === FILLED && plan.lots > 0 && isWhole ? 0 : codes.ORDER_FOK_UNFILLABLE
}

/** What the order must hold: quote of a buy, base of a sale. */
function neededFor(market: Market, slot: u32): i64 {
  const order = orderAt(slot)
  const terms = termsAt(slot)
  if (sideOf(order) === BUY) {
    if (terms.quoteAmount !== 0) return terms.quoteAmount
    if (typeOf(order) === MARKET_ORDER) return costOf(market, order)
    const isPlain = (order.flags & bits.HAS_EXTRA) === 0
    const worst = isPlain ? order.price : extraOf(order).worst
    const notional = worst * order.remaining * market.quotePerTickLot
    const inBase = (order.flags & bits.FEE_IN_BASE) !== 0
    return holdOfBuy(notional, granted.makerRate, granted.takerRate, inBase)
  }
  if (terms.quoteAmount === 0) return order.remaining * market.lotUnits
  planByQuote(market, order, terms)
  return plan.lots * market.lotUnits
}

function costOf(market: Market, order: Order): i64 {
  planBySize(market, order)
  const inBase = (order.flags & bits.FEE_IN_BASE) !== 0
  return costOfWalk(plan.notional, granted.takerRate, inBase)
}

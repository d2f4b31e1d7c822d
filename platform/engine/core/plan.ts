// Plan: what matching an order would do, walked without changing anything.
//
// It answers whether a fill-or-kill order fills, what a market buy costs and how much a sale by
// quote amount sells. Its steps are those of match.ts: the same order of questions at each maker,
// the same bound FILLS_PER_COMMAND_MAX.

import { FILLS_PER_COMMAND_MAX } from '../limits.ts'
import { accountAt } from './accounts.ts'
import { rankWithin } from './bands.ts'
import { firstOrder } from './book.ts'
import {
  CANCEL_BOTH,
  CANCEL_MAKER,
  CANCEL_TAKER,
  DECREMENT,
  FOK,
  MARKET_ORDER,
} from './commands.ts'
import { feeRoundedUp, notionalWithin } from './fees.ts'
import { Side } from './ladder.ts'
import { Market, sideOfBook } from './markets.ts'
import * as bits from './orders.ts'
import { BUY, Order, orderAt, sideOf, Terms } from './orders.ts'
import { marketWorst } from './values.ts'
import { nextInWalk, offerInWalk, startWalk } from './walk.ts'

/** How a walk along the other side of the book ended. */
export const FILLED: u32 = 0
/** No maker is left, or none within the limit price. */
export const RAN_OUT: u32 = 1
export const FILLS_LIMIT: u32 = 2
export const SELF_TRADE: u32 = 3
/** The next price is beyond the band of the market. */
export const BREACH: u32 = 4

/** What the last walk came to: lots and notional of its fills. */
@unmanaged
class Plan {
  lots: i64
  notional: i64
}

export const plan = changetype<Plan>(memory.data(16, 8))

/** The last rank that a taker accepts; a market order has a collar or accepts every price. */
export function worstRank(market: Market, makers: Side, taker: Order): i32 {
  if (((taker.flags >> bits.TYPE_BIT) & 7) !== MARKET_ORDER) return taker.price ^ makers.flip
  return marketWorst(market, makers, sideOf(taker)) ^ makers.flip
}

export function isOwn(a: Order, b: Order): bool {
  return accountAt(a.account).owner === accountAt(b.account).owner
}

export function selfTradeOf(taker: Order): u32 {
  return (taker.flags >> bits.SELF_TRADE_BIT) & 3
}

export function timeInForceOf(order: Order): u32 {
  return (order.flags >> bits.TIME_IN_FORCE_BIT) & 7
}

/** Whether an order's quote amount pays for its fee as well: a buyer's does, unless in base. */
function paysFeeOfAmount(taker: Order): bool {
  return sideOf(taker) === BUY && (taker.flags & bits.FEE_IN_BASE) === 0
}

/** The greatest notional that an order by quote amount may trade. */
export function budgetOf(taker: Order, terms: Terms): i64 {
  if (!paysFeeOfAmount(taker)) return terms.quoteAmount
  return notionalWithin(terms.quoteAmount, terms.takerRate)
}

/** Whether an order by quote amount has used its amount up to the last unit. */
export function isSpent(taker: Order, terms: Terms, notional: i64): bool {
  if (!paysFeeOfAmount(taker)) return notional === terms.quoteAmount
  return notional + feeRoundedUp(notional, terms.takerRate) === terms.quoteAmount
}

/** Walks for a taker by size; lots and notional of the fills stand in the plan. */
export function planBySize(market: Market, taker: Order): u32 {
  const makers = sideOfBook(market, sideOf(taker) ^ 1)
  const worst = worstRank(market, makers, taker)
  const last = rankWithin(market, makers, worst)
  startWalk(taker)
  let remaining = taker.remaining
  plan.lots = 0
  plan.notional = 0
  let slot = firstOrder(makers)
  let steps = 0
  while (true) {
    if (remaining === 0) return FILLED
    if (slot === 0) return RAN_OUT
    const maker = orderAt(slot)
    const rank = maker.price ^ makers.flip
    if (rank > last) return rank > worst ? RAN_OUT : BREACH
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    const lots = min(remaining, offerInWalk(maker))
    if (!isOwn(taker, maker)) {
      addToPlan(lots, maker.price * lots * market.quotePerTickLot)
      remaining -= lots
    } else {
      const how = selfTradeOf(taker)
      if (how === CANCEL_TAKER || how === CANCEL_BOTH) return SELF_TRADE
      // To be filled whole, an order cannot give lots away: decrementing stops it.
      if (how === DECREMENT && timeInForceOf(taker) === FOK) return SELF_TRADE
      if (how === DECREMENT) remaining -= lots
    }
    slot = nextInWalk(makers, maker)
    steps += 1
  }
}

/** Walks for a taker by quote amount. */
export function planByQuote(market: Market, taker: Order, terms: Terms): u32 {
  const makers = sideOfBook(market, sideOf(taker) ^ 1)
  const worst = worstRank(market, makers, taker)
  startWalk(taker)
  const budget = budgetOf(taker, terms)
  const last = rankWithin(market, makers, worst)
  plan.lots = 0
  plan.notional = 0
  let slot = firstOrder(makers)
  let steps = 0
  while (true) {
    if (isSpent(taker, terms, plan.notional)) return FILLED
    if (slot === 0) return RAN_OUT
    const maker = orderAt(slot)
    const rank = maker.price ^ makers.flip
    if (rank > worst) return RAN_OUT
    const unit = maker.price * market.quotePerTickLot
    const affordable = (budget - plan.notional) / unit
    const standing = offerInWalk(maker)
    if (affordable === 0) return FILLED
    if (rank > last) return BREACH
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    if (!isOwn(taker, maker)) {
      const lots = min(affordable, standing)
      addToPlan(lots, lots * unit)
      if (affordable < standing) return FILLED
    } else if (selfTradeOf(taker) !== CANCEL_MAKER) return SELF_TRADE
    slot = nextInWalk(makers, maker)
    steps += 1
  }
}

function addToPlan(lots: i64, notional: i64): void {
  plan.lots += lots
  plan.notional += notional
}

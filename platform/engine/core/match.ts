// Match: a taker meets the other side of the book in price-time priority.
//
// One command takes at most FILLS_PER_COMMAND_MAX steps (fills or self-trade steps). INV-04: makers
// are met best price first, oldest first. INV-05: never beyond the taker's limit.

import { FILLS_PER_COMMAND_MAX } from '../limits.ts'
import { moveBand, rankWithin } from './bands.ts'
import { firstOrder } from './book.ts'
import { fill } from './fill.ts'
import { offerOf, showAfter, showBefore } from './icebergs.ts'
import { Market, sideOfBook } from './markets.ts'
import { ICEBERG, orderAt, sideOf, termsAt } from './orders.ts'
import {
  BREACH,
  budgetOf,
  FILLED,
  FILLS_LIMIT,
  isOwn,
  isSpent,
  RAN_OUT,
  SELF_TRADE,
  worstRank,
} from './plan.ts'
import { meetOwn } from './self-trade.ts'

/** Matches a taker by size; answers how it ended. */
export function matchBySize(market: Market, takerSlot: u32): u32 {
  const taker = orderAt(takerSlot)
  const makers = sideOfBook(market, sideOf(taker) ^ 1)
  const worst = worstRank(market, makers, taker)
  moveBand(market)
  const last = rankWithin(market, makers, worst)
  let steps = 0
  while (true) {
    if (taker.remaining === 0) return FILLED
    const slot = firstOrder(makers)
    if (slot === 0) return RAN_OUT
    const maker = orderAt(slot)
    const rank = maker.price ^ makers.flip
    if (rank > last) return rank > worst ? RAN_OUT : BREACH
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    const lots = min(taker.remaining, offerOf(maker))
    if (!isOwn(taker, maker)) meet(market, takerSlot, slot, lots)
    else if (!meetOwn(market, takerSlot, slot, lots)) return SELF_TRADE
    steps += 1
  }
}

/** Matches a taker by quote amount; its remaining stays 0. */
export function matchByQuote(market: Market, takerSlot: u32): u32 {
  const taker = orderAt(takerSlot)
  const terms = termsAt(takerSlot)
  const makers = sideOfBook(market, sideOf(taker) ^ 1)
  const worst = worstRank(market, makers, taker)
  const budget = budgetOf(taker, terms)
  moveBand(market)
  const last = rankWithin(market, makers, worst)
  let steps = 0
  while (true) {
    if (isSpent(taker, terms, terms.takerNotional)) return FILLED
    const slot = firstOrder(makers)
    if (slot === 0) return RAN_OUT
    const maker = orderAt(slot)
    const rank = maker.price ^ makers.flip
    if (rank > worst) return RAN_OUT
    const affordable = (budget - terms.takerNotional) / (maker.price * market.quotePerTickLot)
    const standing = offerOf(maker)
    if (affordable === 0) return FILLED
    if (rank > last) return BREACH
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    const lots = min(affordable, standing)
    if (!isOwn(taker, maker)) {
      meet(market, takerSlot, slot, lots)
      if (affordable < standing) return FILLED
    } else if (!meetOwn(market, takerSlot, slot, lots)) return SELF_TRADE
    steps += 1
  }
}

/** A fill; an iceberg shows what is taken before, and the next part after. */
function meet(market: Market, takerSlot: u32, makerSlot: u32, lots: i64): void {
  const maker = orderAt(makerSlot)
  if ((maker.flags & ICEBERG) === 0) {
    fill(market, takerSlot, makerSlot, lots)
    return
  }
  const isLast = lots === maker.remaining
  showBefore(market, maker, lots)
  fill(market, takerSlot, makerSlot, lots)
  if (!isLast) showAfter(market, maker)
}

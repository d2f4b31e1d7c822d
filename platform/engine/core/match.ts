// Match: a taker meets the other side of the book in price-time priority.
//
// One command takes at most FILLS_PER_COMMAND_MAX steps (fills or self-trade steps). INV-04: makers
// are met best price first, oldest first. INV-05: never beyond the taker's limit.

import { FILLS_PER_COMMAND_MAX } from '../limits.ts'
import { moveBand, rankWithin } from './bands.ts'
import { firstOrder } from './book.ts'
import { fill } from './fill.ts'
import { Market, sideOfBook } from './markets.ts'
import { orderAt, sideOf, termsAt } from './orders.ts'
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
  const worst = worstRank(makers, taker)
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
    if (!isOwn(taker, maker)) {
      fill(market, takerSlot, slot, min(taker.remaining, maker.remaining))
    } else if (!meetOwn(market, takerSlot, slot)) return SELF_TRADE
    steps += 1
  }
}

/** Matches a taker by quote amount; its remaining stays 0. */
export function matchByQuote(market: Market, takerSlot: u32): u32 {
  const taker = orderAt(takerSlot)
  const terms = termsAt(takerSlot)
  const makers = sideOfBook(market, sideOf(taker) ^ 1)
  const budget = budgetOf(taker, terms)
  const worst = worstRank(makers, taker)
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
    const standing = maker.remaining
    if (affordable === 0) return FILLED
    if (rank > last) return BREACH
    if (steps === FILLS_PER_COMMAND_MAX) return FILLS_LIMIT
    if (!isOwn(taker, maker)) {
      fill(market, takerSlot, slot, min(affordable, standing))
      if (affordable < standing) return FILLED
    } else if (!meetOwn(market, takerSlot, slot)) return SELF_TRADE
    steps += 1
  }
}

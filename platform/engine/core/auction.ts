// Auction: how a market that collected orders trades at one price, and when phases end.
//
// One tick prices the book, or pairs at most FILLS_PER_COMMAND_MAX orders and leaves the rest to
// the next; commands in between may cancel what would have been met, or rest more. When no pair is
// left and nothing crosses any more, the market goes on to its next phase.

import { FILLS_PER_COMMAND_MAX } from '../limits.ts'
import { firstOrder } from './book.ts'
import { clearing, findClearing } from './clearing.ts'
import { fillPair } from './fill.ts'
import { BY_SCHEDULE, BY_UNCROSS, emitUncrossed } from './market-events.ts'
import { AUCTION, isCrossed, Market, marketAt, rulesOf, sideOfBook } from './markets.ts'
import { BUY, orderAt, SELL, termsAt } from './orders.ts'
import { meetOwnInPair } from './own-pairs.ts'
import { openTo, reopen } from './phases.ts'
import { isOwn } from './plan.ts'
import { reschedule, schedule } from './schedule.ts'

/** When the next uncross goes on, or a halt or an auction ends. */
export function nextPhase(): i64 {
  return schedule.phaseAt
}

/** Goes on with the first uncross, or ends the first phase that is over. */
export function endPhase(): void {
  const market = marketAt(schedule.phase)
  if (market.phase === AUCTION) uncross(market)
  else reopen(market, BY_SCHEDULE)
}

function uncross(market: Market): void {
  const rules = rulesOf(market)
  if (rules.uncrossPrice === 0 && isCrossed(market)) {
    findClearing(market)
    rules.uncrossPrice = clearing.price
    emitUncrossed(market, clearing.price, clearing.volume)
    reschedule()
  }
  if (rules.uncrossPrice !== 0) {
    if (!pairAll(market, rules.uncrossPrice)) return
    rules.uncrossPrice = 0
    reschedule()
    if (isCrossed(market)) return
  }
  openTo(market, rules.next, BY_UNCROSS)
}

/** Pairs what meets the price; false when the next tick has to go on. */
function pairAll(market: Market, price: i32): bool {
  const buys = sideOfBook(market, BUY)
  const sales = sideOfBook(market, SELL)
  let pairs = 0
  while (true) {
    const buy = firstOrder(buys)
    const sale = firstOrder(sales)
    if (buy === 0 || sale === 0) return true
    if (orderAt(buy).price < price || orderAt(sale).price > price) return true
    if (pairs === FILLS_PER_COMMAND_MAX) return false
    pair(market, buy, sale, price)
    pairs += 1
  }
}

// Who came to rest later is the taker.
function pair(market: Market, buy: u32, sale: u32, price: i32): void {
  const isBuyFirst = termsAt(buy).priority < termsAt(sale).priority
  const maker = isBuyFirst ? buy : sale
  const taker = isBuyFirst ? sale : buy
  const lots = min(orderAt(buy).remaining, orderAt(sale).remaining)
  if (isOwn(orderAt(buy), orderAt(sale))) meetOwnInPair(market, taker, maker, price, lots)
  else fillPair(market, taker, maker, price, lots)
}

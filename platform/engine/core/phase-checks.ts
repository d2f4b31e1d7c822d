// Phase checks: what a market in another phase than continuous does with an order.
//
// Asked only when the market's mood says so: a plain order in a continuous market never comes here.

import * as codes from './codes.ts'
import { LIMIT, MARKET_ORDER, OCO } from './commands.ts'
import { levelAt } from './ladder.ts'
import { CLOSED, CONTINUOUS, HALTED, Market, POST_ONLY_PHASE, sideOfBook } from './markets.ts'
import * as bits from './orders.ts'
import { Order, sideOf } from './orders.ts'

/** Why an order cannot be placed in the phase that a market is in; 0 when it can. */
export function refuseInPhase(market: Market, type: u32, stays: bool, isPostOnly: bool): i32 {
  const phase = market.phase
  if (phase === CONTINUOUS) return 0
  if (phase === CLOSED) return codes.MARKET_CLOSED
  if (phase === HALTED) return codes.MARKET_HALTED
  if (phase === POST_ONLY_PHASE) {
    return isPostOnly || onlyWaits(type) ? 0 : codes.MARKET_POST_ONLY
  }
  return stays ? 0 : codes.MARKET_AUCTION
}

/** Whether a post-only order that would take is refused: where orders match, or soon will. */
export function minds(market: Market): bool {
  return market.phase === CONTINUOUS || market.phase === POST_ONLY_PHASE
}

/** What becomes of an order that is taken in without matching: 0, it rests, or why it cannot. */
export function refuseRest(market: Market, order: Order): i32 {
  const stays = (order.flags & bits.STAYS) !== 0
  if (market.phase !== POST_ONLY_PHASE) return stays ? 0 : codes.MARKET_HALTED
  return stays && !wouldTake(market, order) ? 0 : codes.MARKET_POST_ONLY
}

/** Whether the best opposite price meets an order's. */
export function wouldTake(market: Market, order: Order): bool {
  const makers = sideOfBook(market, sideOf(order) ^ 1)
  return makers.best !== 0 && levelAt(makers.best).rank <= (order.price ^ makers.flip)
}

function onlyWaits(type: u32): bool {
  return type !== LIMIT && type !== MARKET_ORDER && type !== OCO
}

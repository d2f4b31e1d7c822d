// Book: sorted arrays of price levels, each an array of orders in the order they came.
//
// INV-04 by construction: the best price is first, in a level the earliest is first, and a level
// without orders is removed.

import type { Side } from '#engine/command.ts'
import type { Level, Market, Order } from './world.ts'

/** The other side. */
export function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy'
}

/** Would a taker of this side and limit trade at this price? */
export function crosses(takerSide: Side, limit: number, price: number): boolean {
  return takerSide === 'buy' ? price <= limit : price >= limit
}

/** The best price of a side; undefined when nobody stands there. */
export function bestPrice(market: Market, side: Side): number | undefined {
  return market.levels[side][0]?.price
}

/** Would a taker with this limit meet somebody, whoever it is? */
export function wouldTake(market: Market, side: Side, limit: number): boolean {
  const best = bestPrice(market, opposite(side))
  return best !== undefined && crosses(side, limit, best)
}

/** Best bid >= best ask. */
export function isCrossed(market: Market): boolean {
  const bid = bestPrice(market, 'buy')
  const ask = bestPrice(market, 'sell')
  return bid !== undefined && ask !== undefined && bid >= ask
}

/** Takes the next number of a book's changes. */
export function nextBookNumber(market: Market): number {
  market.bookNumber += 1
  return market.bookNumber
}

/** Puts an order at the end of its level. */
export function insert(order: Order): void {
  const { price } = order
  const { side } = order.request
  const levels = order.market.levels[side]
  const better = (level: Level) => (side === 'buy' ? level.price > price : level.price < price)
  const found = levels.findIndex((level) => !better(level))
  const at = found < 0 ? levels.length : found
  const level = levels[at]
  if (level?.price === price) level.orders.push(order)
  else levels.splice(at, 0, { price, orders: [order] })
}

/** Takes an order out; its level goes with its last order. */
export function remove(order: Order): void {
  const levels = order.market.levels[order.request.side]
  const at = levels.findIndex((level) => level.price === order.price)
  const orders = levels[at]?.orders ?? []
  orders.splice(orders.indexOf(order), 1)
  if (orders.length === 0) levels.splice(at, 1)
}

/** Orders of a side in priority. */
export function inPriority(market: Market, side: Side): Order[] {
  return market.levels[side].flatMap((level) => level.orders)
}

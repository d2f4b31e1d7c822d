// Slide: a post-only order that would take stands one tick behind the best price instead.

import { PRICE_TICKS_MAX } from '#engine/limits.ts'
import { bestPrice, opposite, wouldTake } from './book.ts'
import { isBracket } from './terms.ts'
import type { Order } from './world.ts'

/** The price that an order asked for, or the one it slides to where it must. */
export function slidePrice({ market, request }: Order, price: number): number {
  const { side, extra } = request
  if (!extra.slide || (market.phase !== 'continuous' && market.phase !== 'post-only')) return price
  const best = bestPrice(market, opposite(side))
  if (best === undefined || !wouldTake(market, side, price)) return price
  const behind = side === 'buy' ? best - 1 : best + 1
  const isPrice = behind >= 1 && behind <= PRICE_TICKS_MAX
  const staysAboveStop = !isBracket(request) || behind > extra.triggerPrice
  return isPrice && staysAboveStop ? behind : price
}

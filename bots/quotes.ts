// Quotes: keeps a market maker's resting orders where it wants them.
//
// What rests near enough to a wish stays, with its place in the queue; what is off, half filled or
// not wished for is taken back, and what is missing is put up. It looks at the bot's own orders
// that are not final and at nothing else, so it remembers nothing and is right after a restart.
// Orders never take: one that would moves behind the best price instead.

import type { Market, OpenOrder } from './market.ts'
import type { Size } from './sizes.ts'

export type WantedQuote = {
  readonly side: 'buy' | 'sell'
  readonly price: number
  readonly size: Size
}

export type QuoteTolerance = {
  /** How far an order may be off its wish before it is moved. */
  readonly toleranceBps: number
}

const BPS = 10_000
/** An order with less than this share of its size left is put up again. */
const REFRESH_SHARE = 0.5

/** To be called again and again; without wishes it takes every order of the bot here back. */
export function keepQuotes(
  market: Market,
  wanted: readonly WantedQuote[],
  { toleranceBps }: QuoteTolerance,
): void {
  const missing = [...wanted]
  for (const order of market.orders()) {
    const at = missing.findIndex((wish) => isMet(wish, order, toleranceBps))
    if (at < 0) market.cancel(order.clientOrderId)
    else missing.splice(at, 1)
  }
  for (const wish of missing) market.place({ ...wish, postOnly: true, slide: true })
}

function isMet(wish: WantedQuote, { side, price, quantity, order }: OpenOrder, bps: number) {
  const offBps = Math.abs(Number(price) / wish.price - 1) * BPS
  const left = 1 - Number(order?.filledBase ?? 0) / Number(quantity.amount)
  return side === wish.side && offBps <= bps && left >= REFRESH_SHARE
}

// Plan: what matching an order would do, computed without doing it.
//
// One walk over the makers in price-time priority answers every question of the rules: whether a
// fill-or-kill order fills, what a market order costs, and which steps a match takes. Nothing here
// changes anything.

import { FILLS_PER_COMMAND_MAX } from '#engine/limits.ts'
import { crosses, inPriority, opposite } from './book.ts'
import { feeOn } from './fees.ts'
import type { Order } from './world.ts'

export type Step = {
  readonly act: 'fill' | 'cancel-taker' | 'cancel-maker' | 'cancel-both' | 'decrement'
  readonly maker: Order
  /** Lots filled or taken away; 0 when somebody is cancelled. */
  readonly lots: number
}

export type Plan = {
  readonly steps: readonly Step[]
  readonly notional: bigint
  readonly lots: number
  /** nothing: no maker is left, or none within the limit price. */
  readonly end: 'filled' | 'nothing' | 'fills-limit' | 'self-trade'
}

type Walk = { steps: Step[]; notional: bigint; lots: number; remaining: number }

/** Walks the other side of the book for a taker. */
export function planMatch(taker: Order): Plan {
  const walk: Walk = { steps: [], notional: 0n, lots: 0, remaining: taker.remaining }
  const end = walkBook(taker, walk)
  return { steps: walk.steps, notional: walk.notional, lots: walk.lots, end }
}

/** Notional of a number of lots at a price, in quote ledger units. */
export function notionalOf(order: Order, price: number, lots: number): bigint {
  return BigInt(price) * BigInt(lots) * BigInt(order.market.quotePerTickLot)
}

function walkBook(taker: Order, walk: Walk): Plan['end'] {
  const { side, type, price, quoteAmount } = taker.request
  for (const maker of inPriority(taker.market, opposite(side))) {
    if (isDone(taker, walk)) return 'filled'
    if (type === 'limit' && !crosses(side, price, maker.request.price)) return 'nothing'
    const lots = quoteAmount > 0 ? affordable(taker, maker, walk) : walk.remaining
    if (lots === 0) return 'filled'
    if (walk.steps.length === FILLS_PER_COMMAND_MAX) return 'fills-limit'
    const act = meet(taker, maker, Math.min(lots, maker.remaining), walk)
    if (act === 'cancel-taker' || act === 'cancel-both') return 'self-trade'
    if (act === 'fill' && quoteAmount > 0 && lots < maker.remaining) return 'filled'
  }
  return isDone(taker, walk) ? 'filled' : 'nothing'
}

function meet(taker: Order, maker: Order, lots: number, walk: Walk): Step['act'] {
  const act = actOf(taker, maker)
  const takes = act === 'fill' || act === 'decrement'
  walk.steps.push({ act, maker, lots: takes ? lots : 0 })
  if (takes) walk.remaining -= lots
  if (act === 'fill') {
    walk.lots += lots
    walk.notional += notionalOf(taker, maker.request.price, lots)
  }
  return act
}

// Decrementing would leave an order by quote amount, or one to be filled whole, half done.
function actOf(taker: Order, maker: Order): Step['act'] {
  if (taker.owner !== maker.owner) return 'fill'
  const { selfTrade, quoteAmount, timeInForce } = taker.request
  const mayShrink = quoteAmount === 0 && timeInForce !== 'FOK'
  return selfTrade === 'decrement' && !mayShrink ? 'cancel-taker' : selfTrade
}

function isDone(taker: Order, walk: Walk): boolean {
  const { quoteAmount } = taker.request
  if (quoteAmount === 0) return walk.remaining === 0
  return spent(taker, walk.notional) === BigInt(quoteAmount)
}

// A buyer's amount includes the fee, a seller's is what is sold for before the fee.
function spent(taker: Order, notional: bigint): bigint {
  const { side } = taker.request
  return side === 'buy' ? notional + feeOn(notional, taker.market.takerRate) : notional
}

// The largest number of the maker's lots that keep within the quote amount, by bisection.
function affordable(taker: Order, maker: Order, walk: Walk): number {
  const fits = (lots: number) =>
    spent(taker, walk.notional + notionalOf(taker, maker.request.price, lots)) <=
    BigInt(taker.request.quoteAmount)
  let low = 0
  let high = maker.remaining
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

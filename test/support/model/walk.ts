// Walk: what matching an order would do, computed without doing it.
//
// One walk over the makers in price-time priority answers every question of the rules: whether a
// fill-or-kill order fills, what a market order costs, and which steps a match takes. An iceberg is
// met a second time behind everybody at its price, with everything that it has. Nothing is changed.

import type { SelfTrade } from '#engine/command.ts'
import { FILLS_PER_COMMAND_MAX } from '#engine/limits.ts'
import { isOutside, readBand } from './band.ts'
import { crosses, opposite } from './book.ts'
import { feeOn, paysInBase } from './fees.ts'
import { marketWorst, notionalOf } from './terms.ts'
import type { Order, World } from './world.ts'

export type Step = {
  readonly act: 'fill' | SelfTrade
  readonly maker: Order
  /** Lots that trade, or would have. */
  readonly lots: number
}

export type Walk = {
  readonly steps: Step[]
  notional: bigint
  lots: number
  remaining: number
  /** It ran out although somebody was left, beyond the worst price. */
  makerLeft: boolean
}

export type Plan = Walk & {
  readonly end: 'filled' | 'ran-out' | 'fills-limit' | 'self-trade' | 'breach'
}

/** Walks the other side of the book for a taker. */
export function planMatch(world: World, taker: Order): Plan {
  const { remaining } = taker
  const walk: Walk = { steps: [], notional: 0n, lots: 0, remaining, makerLeft: false }
  const end = walkBook(world, taker, walk)
  return { ...walk, end }
}

function walkBook(world: World, taker: Order, walk: Walk): Plan['end'] {
  const { side, type, quoteAmount } = taker.request
  const worst = type === 'market' ? marketWorst(taker.market, side) : taker.price
  const band = readBand(world, taker.market)
  for (const level of taker.market.levels[opposite(side)]) {
    const offers = level.orders.map((maker) => ({ maker, lots: maker.shown, again: false }))
    for (const offer of offers) {
      if (isDone(taker, walk)) return 'filled'
      if (!crosses(side, worst, level.price)) {
        walk.makerLeft = true
        return 'ran-out'
      }
      const wanted = quoteAmount > 0 ? affordable(taker, offer, walk) : walk.remaining
      if (wanted === 0) return 'filled'
      if (isOutside(band, level.price)) return 'breach'
      if (walk.steps.length === FILLS_PER_COMMAND_MAX) return 'fills-limit'
      const lots = Math.min(wanted, offer.lots)
      const act = meet(taker, offer.maker, lots, walk)
      if (act === 'cancel-taker' || act === 'cancel-both') return 'self-trade'
      if (act === 'cancel-maker') continue
      if (quoteAmount > 0 && lots < offer.lots) return 'filled'
      const hidden = offer.maker.remaining - lots
      if (lots === offer.lots && !offer.again && hidden > 0) {
        offers.push({ maker: offer.maker, lots: hidden, again: true })
      }
    }
  }
  return isDone(taker, walk) ? 'filled' : 'ran-out'
}

function meet(taker: Order, maker: Order, lots: number, walk: Walk): Step['act'] {
  const act = taker.owner === maker.owner ? selfTradeOf(taker) : 'fill'
  walk.steps.push({ act, maker, lots })
  if (act === 'fill' || act === 'decrement') walk.remaining -= lots
  if (act === 'fill') {
    walk.lots += lots
    walk.notional += notionalOf(taker, maker.price, lots)
  }
  return act
}

/** Decrementing would leave an order by quote amount, or one to be filled whole, half done. */
export function selfTradeOf({ request }: Order): SelfTrade {
  const { selfTrade, quoteAmount, timeInForce } = request
  const mayShrink = quoteAmount === 0 && timeInForce !== 'FOK'
  return selfTrade === 'decrement' && !mayShrink ? 'cancel-taker' : selfTrade
}

function isDone(taker: Order, walk: Walk): boolean {
  const { quoteAmount } = taker.request
  if (quoteAmount === 0) return walk.remaining === 0
  return spent(taker, walk.notional) === BigInt(quoteAmount)
}

// A buyer's amount includes the fee in quote, a seller's is what is sold for before the fee.
function spent(taker: Order, notional: bigint): bigint {
  if (taker.request.side === 'sell' || paysInBase(taker)) return notional
  return notional + feeOn(notional, taker.takerRate)
}

type Offer = { readonly maker: Order; readonly lots: number }

// The largest number of the offered lots that keep within the quote amount, by bisection.
function affordable(taker: Order, { maker, lots }: Offer, walk: Walk): number {
  const fits = (count: number) =>
    spent(taker, walk.notional + notionalOf(taker, maker.price, count)) <=
    BigInt(taker.request.quoteAmount)
  let low = 0
  let high = lots
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

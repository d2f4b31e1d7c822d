// Crossing: what executors share when they take from a book: price, smallest size, patience.
//
// A price for taking rounds to the side that is sure to trade; without a bound on slippage the
// order is a market order and the venue's collar bounds it. An order that came to nothing is not
// sent again at once: each time in a row waits longer.

import type { Side } from '#connectors/venue.ts'
import type { NewOrder } from '../market.ts'
import { reachText } from '../steps.ts'
import type { EndedOrder, ExecutorMarket } from './executor.ts'

export type Crossing = {
  readonly market: ExecutorMarket
  readonly side: Side
  /** Beyond the touch; undefined: a market order. */
  readonly slippageBps: number | undefined
}

const BPS = 10_000
/** A pool has no collar. */
const POOL_SLIPPAGE_BPS = 50

/** Price and time in force of an order that takes now; undefined while nobody knows a price. */
export function crossing({ market, side, slippageBps }: Crossing): Partial<NewOrder> | undefined {
  const { kind, tick } = market.instrument
  const bps = slippageBps ?? (kind === 'pool' ? POOL_SLIPPAGE_BPS : undefined)
  if (bps === undefined) return { timeInForce: 'IOC' }
  const touch = touchOf(market, side)
  if (touch === undefined) return undefined
  const price = touch * (1 + ((side === 'buy' ? 1 : -1) * bps) / BPS)
  if (kind === 'pool') return { price: String(price), timeInForce: 'FOK' }
  const text = reachText(price, tick, side)
  return text === undefined ? undefined : { price: text, timeInForce: 'IOC' }
}

/** The best price of the other side, else whatever price is known. */
export function touchOf(market: ExecutorMarket, side: Side): number | undefined {
  const book = market.book()
  const best = Number((side === 'buy' ? book?.asks : book?.bids)?.[0]?.price)
  return best > 0 ? best : market.price()
}

/** The best price of its own side, where an order rests. */
export function restingAt(market: ExecutorMarket, side: Side): number | undefined {
  const book = market.book()
  const best = Number((side === 'buy' ? book?.bids : book?.asks)?.[0]?.price)
  return best > 0 ? best : market.price()
}

/** A pool takes as little as there is, and its gas is always dearer than this. */
const POOL_LEAST_QUOTE = 0.01

/** What the venue would not take as an order: less than a lot, or than its least notional. */
export function isDust({ instrument, price }: ExecutorMarket, base: number): boolean {
  if (isLessThanLot(base, Number(instrument.lot))) return true
  const none = instrument.kind === 'pool' ? POOL_LEAST_QUOTE : 0
  const least = Number(instrument.minNotional ?? none)
  return least > 0 && base * (price() ?? Number.POSITIVE_INFINITY) < least
}

/** How something that should be traded whole ended, by what is left of it. */
export function endOf({ instrument }: ExecutorMarket, left: number): 'done' | 'dust' {
  return isLessThanLot(Math.abs(left), Number(instrument.lot)) ? 'done' : 'dust'
}

/** What binary fractions lose of a lot is no lot. */
export function isLessThanLot(base: number, lot: number): boolean {
  return base < lot * (1 - 1e-7)
}

/** An order of our own that may leave more than we have would be refused whole. */
export function canReduce({ instrument, position }: ExecutorMarket, side: Side, base: number) {
  return instrument.kind === 'order-book' && side === 'sell' && position().size >= base * (1 - 1e-9)
}

export type Patience = { tries: number; waitUntil: number }

export const NO_HASTE: Patience = { tries: 0, waitUntil: 0 }

const FIRST_WAIT_US = 250_000
const WAIT_MAX_US = 30_000_000
const DOUBLINGS_MAX = 7

/** After an order is over: what came to nothing waits longer each time, a fill begins anew. */
export function wait(patience: Patience, { filledBase }: EndedOrder, now: number): void {
  patience.tries = filledBase > 0 ? 0 : patience.tries + 1
  if (patience.tries === 0) patience.waitUntil = 0
  else {
    const doubled = FIRST_WAIT_US * 2 ** Math.min(patience.tries - 1, DOUBLINGS_MAX)
    patience.waitUntil = now + Math.min(doubled, WAIT_MAX_US)
  }
}

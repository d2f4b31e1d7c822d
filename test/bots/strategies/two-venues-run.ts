// Two venues' run: quotes on a book and hedges on a pool for half an hour of seeded people.
//
// The pool walks, the book walks around it, and somebody may be faster than the hedge: then the
// pool refuses a swap for a second. Profit is what both venues hold at the pool's last price, less
// what they held, less half a USDC of gas a swap.

import { createGauss, createUniform, seedOf } from '#bots/random.ts'
import type { Strategy } from '#bots/strategy.ts'
import { createTwoVenues } from './two-venues.ts'

type Weather = {
  readonly name: string
  /** Of the pool's price, in basis points a second. */
  readonly walkBps: number
  /** Of the book around the pool. */
  readonly bookBps: number
  /** How often a swap comes too late. */
  readonly lateShare: number
}

const WEATHERS: readonly Weather[] = [
  { name: 'calm, quick hedges', walkBps: 2, bookBps: 40, lateShare: 0 },
  { name: 'calm, late hedges', walkBps: 2, bookBps: 40, lateShare: 0.8 },
  { name: 'wild, quick hedges', walkBps: 25, bookBps: 40, lateShare: 0 },
  { name: 'wild, late hedges', walkBps: 25, bookBps: 40, lateShare: 0.8 },
]
const SECONDS = 1_800
const START_PRICE = 1_000
const GAS_QUOTE = 0.5
const BPS = 10_000

export const MAKING_HEAD = `| market | profit | fills | swaps |
|---|---|---|---|`

/** The rows as they should be. */
export function carryOutMaking(strategy: Strategy): string {
  return [MAKING_HEAD, ...WEATHERS.map((weather) => rowOf(strategy, weather))].join('\n')
}

function rowOf(strategy: Strategy, { name, walkBps, bookBps, lateShare }: Weather): string {
  const uniform = createUniform(seedOf(name))
  const gauss = createGauss(uniform)
  const venues = createTwoVenues(strategy, {})
  const worth = (price: number) => venues.coins('USDC') + venues.coins('ETH') * price
  const [ether, start] = [venues.coins('ETH'), venues.coins('USDC')]
  let price = START_PRICE
  for (let second = 0; second < SECONDS; second += 1) {
    venues.pool.isBroken = uniform() < lateShare
    price *= 1 + (walkBps * gauss()) / BPS
    venues.movePool(price)
    venues.moveBook(price * (1 + (bookBps * gauss()) / BPS))
  }
  const { fills, swaps } = venues.found
  const profit = worth(price) - start - ether * price - swaps.length * GAS_QUOTE
  return `| ${name} | ${profit.toFixed(2)} | ${fills.length} | ${swaps.length} |`
}

// Priced pool: what swaps on a pool cost, whatever its kind, as stretches of constant product.
//
// A pool that tells its reserves is one stretch, and its quotes are exact. One that is told as a
// book has a stretch for each level: the virtual reserves that give the level's amounts and begin
// where the level before ends. Within evenly spread liquidity that is the pool's own curve; where
// it is not, an order's limit keeps what is expected from being missed by more than it may give.

import type { PoolSnapshot, Side } from '#connectors/venue.ts'
import type { Book } from '../market.ts'
import { type Coins, coinsOf, quoteUnitsFor } from './pool-maths.ts'

export type Stretch = {
  readonly coins: Coins
  /** Base coins until it ends. */
  readonly base: number
}

export type PricedPool = {
  readonly baseDecimals: number
  readonly quoteDecimals: number
  readonly stretches: Readonly<Record<Side, readonly Stretch[]>>
  /** Of a swap of so many base units; undefined: too much. */
  quoteUnits(swap: { readonly side: Side; readonly base: bigint }): bigint | undefined
}

export function pricedReserves(pool: PoolSnapshot): PricedPool {
  const coins = coinsOf(pool)
  const { baseDecimals, quoteDecimals } = pool
  return {
    ...{ baseDecimals, quoteDecimals },
    stretches: { buy: [{ coins, base: coins.base }], sell: [{ coins, base: Infinity }] },
    quoteUnits: (swap) => quoteUnitsFor(pool, swap),
  }
}

/** Finer than any quote coin; a book does not tell how many decimals its token has. */
const QUOTE_DECIMALS = 6

/** Undefined for a pool that one side of is missing: then its price is not known. */
export function pricedBook(
  book: Book,
  of: { readonly takerFee: number; readonly baseDecimals: number },
): PricedPool | undefined {
  const fee = of.takerFee
  const asks = book.asks.map(({ price, size }) => {
    return { price: Number(price) * (1 + fee) * (1 - fee), base: Number(size) }
  })
  const bids = book.bids.map(({ price, size }) => ({ price: Number(price), base: Number(size) }))
  const [ask, bid] = [asks[0], bids[0]]
  if (ask === undefined || bid === undefined) return undefined
  const middle = Math.sqrt(ask.price * bid.price)
  const stretches = {
    buy: stretchesOf(asks, { middle, takesPart: 1 - fee, isOut: true }),
    sell: stretchesOf(bids, { middle, takesPart: 1 - fee, isOut: false }),
  }
  const { baseDecimals } = of
  return {
    ...{ baseDecimals, quoteDecimals: QUOTE_DECIMALS, stretches },
    quoteUnits({ side, base }) {
      const quote = quoteAlong(stretches[side], side, Number(base) / 10 ** baseDecimals)
      return quote === undefined ? undefined : BigInt(Math.round(quote * 10 ** QUOTE_DECIMALS))
    },
  }
}

type Part = { readonly price: number; readonly base: number }
type Along = { readonly middle: number; readonly takesPart: number; readonly isOut: boolean }

/** On a constant product the average of a stretch is the geometric mean of its ends. */
function stretchesOf(levels: readonly Part[], { middle, takesPart, isOut }: Along): Stretch[] {
  return levels.map(({ price, base }, at) => {
    const before = levels[at - 1]
    const start = before === undefined ? middle : Math.sqrt(before.price * price)
    const moved = isOut ? base : base * takesPart
    const reserve = (moved * price) / Math.abs(price - start)
    return { coins: { base: reserve, quote: reserve * start, fee: takesPart }, base }
  })
}

function quoteAlong(stretches: readonly Stretch[], side: Side, base: number): number | undefined {
  let left = base
  let quote = 0
  for (const stretch of stretches) {
    const taken = Math.min(left, stretch.base)
    quote += quoteOf(stretch.coins, side, taken)
    left -= taken
    if (left <= base * 1e-12) return quote
  }
  return undefined
}

function quoteOf(coins: Coins, side: Side, taken: number): number {
  const { base, quote, fee } = coins
  if (side === 'buy') return (quote * taken) / ((base - taken) * fee)
  return (fee * taken * quote) / (base + fee * taken)
}

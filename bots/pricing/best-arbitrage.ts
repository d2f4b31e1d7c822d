// Best arbitrage: how much to trade between a pool and a book, and what it should earn.
//
// Profit over the size is concave: the pool gets dearer with every coin and the book worse with
// every level, so the best size is where the next coin earns nothing. It is found level by level,
// stretch by stretch, and rounded down to the book's lot; then the pool's leg is what the pool
// quotes for it, the book's what its levels give. Both legs are the same number of base coins.

import type { Level, Side } from '#connectors/venue.ts'
import { baseBoughtUpTo, baseSoldDownTo } from './pool-maths.ts'
import type { PricedPool } from './priced-pool.ts'

export type ArbitrageInput = {
  readonly pool: PricedPool
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  /** Of the book, as a ratio. */
  readonly takerFee: number
  /** Base coins of one lot, as a decimal that is a power of ten: '0.0001'. */
  readonly lot: string
  /** What the pool's leg costs beside its fee, in quote coins. */
  readonly gasQuote: number
  /** Base coins that may be bought from, or sold to, the pool: what both sides can pay. */
  readonly baseMax: Readonly<Record<Side, number>>
}

export type Arbitrage = {
  /** Of the pool's leg; the book's is the other one. */
  readonly side: Side
  /** Base coins of both legs, a whole number of lots. */
  readonly base: string
  /** Quote coins of the pool's leg, its fee included. */
  readonly poolQuote: number
  readonly poolQuoteUnits: bigint
  /** Quote coins of the book's leg, its fee included. */
  readonly bookQuote: number
  /** The worst level the book's leg reaches. */
  readonly bookPrice: number
  /** Quote coins after all fees and gas. */
  readonly edge: number
}

/** The better of both directions, undefined when neither earns anything. */
export function bestArbitrage(input: ArbitrageInput): Arbitrage | undefined {
  const found = (['buy', 'sell'] as const).map((side) => {
    const base = bestSize(input, side)
    return base > 0 ? arbitrageOf(input, side, base) : undefined
  })
  const earning = found.filter((one) => one !== undefined && one.edge > 0)
  return earning.sort((a, b) => (b?.edge ?? 0) - (a?.edge ?? 0))[0]
}

/** Base coins, not yet rounded. */
function bestSize(input: ArbitrageInput, side: Side): number {
  const levels = ends(side === 'buy' ? input.bids : input.asks, ({ size }) => Number(size))
  const stretches = ends(input.pool.stretches[side], ({ base }) => base)
  const most = input.baseMax[side]
  let [size, atLevel, atStretch] = [0, 0, 0]
  for (;;) {
    const [level, stretch] = [levels[atLevel], stretches[atStretch]]
    if (level === undefined || stretch === undefined) return Math.min(size, most)
    const price = Number(level.of.price)
    const { coins } = stretch.of
    const reach =
      side === 'buy'
        ? baseBoughtUpTo(coins, price * (1 - input.takerFee))
        : baseSoldDownTo(coins, price * (1 + input.takerFee))
    const end = Math.min(level.end, stretch.end)
    if (stretch.begin + reach < end) return Math.min(Math.max(stretch.begin + reach, size), most)
    size = end
    if (level.end <= stretch.end) atLevel += 1
    else atStretch += 1
  }
}

/** Each with where it begins and ends when they are taken one after the other. */
function ends<T>(parts: readonly T[], lengthOf: (part: T) => number) {
  let begin = 0
  return parts.map((of) => {
    const part = { of, begin, end: begin + lengthOf(of) }
    begin = part.end
    return part
  })
}

/** The legs of a given size, rounded down to the lot; undefined when it is not even one. */
export function arbitrageOf(
  input: ArbitrageInput,
  side: Side,
  size: number,
): Arbitrage | undefined {
  const { pool, lot, takerFee, gasQuote } = input
  const digits = lot.split('.')[1]?.length ?? 0
  const lots = Math.floor(size * 10 ** digits + 1e-9)
  if (lots <= 0 || pool.baseDecimals < digits) return undefined
  const units = BigInt(lots) * 10n ** BigInt(pool.baseDecimals - digits)
  const poolQuoteUnits = pool.quoteUnits({ side, base: units })
  const book = walk(side === 'buy' ? input.bids : input.asks, lots / 10 ** digits)
  if (poolQuoteUnits === undefined || book === undefined) return undefined
  const poolQuote = Number(poolQuoteUnits) / 10 ** pool.quoteDecimals
  const bookQuote = book.quote * (side === 'buy' ? 1 - takerFee : 1 + takerFee)
  const gross = side === 'buy' ? bookQuote - poolQuote : poolQuote - bookQuote
  const base = (lots / 10 ** digits).toFixed(digits)
  const legs = { poolQuote, poolQuoteUnits, bookQuote, bookPrice: book.price }
  return { side, base, ...legs, edge: gross - gasQuote }
}

/** What the levels give for the base coins; undefined when they are not deep enough. */
function walk(levels: readonly Level[], base: number) {
  let left = base
  let quote = 0
  for (const level of levels) {
    const price = Number(level.price)
    const taken = Math.min(left, Number(level.size))
    quote += taken * price
    left -= taken
    if (left <= base * 1e-12) return { quote, price }
  }
  return undefined
}

/** Decimals of a pool's limit price: finer than any of its amounts. */
const PRICE_DECIMALS = 18

/**
 * The worst average price of the pool's leg that gives up no more than `give` quote coins, as the
 * decimal that a pool venue takes as limit.
 */
export function poolLimit(
  arbitrage: Arbitrage,
  pool: Pick<PricedPool, 'quoteDecimals'>,
  give: number,
): string {
  const room = BigInt(Math.floor(give * 10 ** pool.quoteDecimals))
  const { side, poolQuoteUnits } = arbitrage
  const worst = side === 'buy' ? poolQuoteUnits + room : poolQuoteUnits - room
  const digits = arbitrage.base.split('.')[1]?.length ?? 0
  const base = BigInt(arbitrage.base.replace('.', ''))
  const up = 10n ** BigInt(PRICE_DECIMALS + digits)
  const scaled = (worst * up) / (base * 10n ** BigInt(pool.quoteDecimals))
  const price = side === 'buy' ? scaled + 1n : scaled
  const text = price.toString().padStart(PRICE_DECIMALS + 1, '0')
  return `${text.slice(0, -PRICE_DECIMALS)}.${text.slice(-PRICE_DECIMALS)}`
}

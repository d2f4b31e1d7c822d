// Pool depth: what a constant-product pool would trade up to a price, for the ladder at the book.
//
// With reserves x of base and y of quote, the pool sells x - sqrt(x y / P) until its price is P
// (Uniswap V2 whitepaper, section 3.2). The fee moves no depth, it decides where a trade is worth
// it: `crosses` says so. Floats for a picture; trades are computed elsewhere, in integers.

export type PoolReserves = {
  readonly base: number
  readonly quote: number
  readonly feeBps: number
}

export type PoolDepth = {
  /** What the pool does on the way to this price: sell base to takers, or buy it from them. */
  readonly side: 'sells' | 'buys' | 'none'
  /** In base, before the fee. */
  readonly size: number
  /** Its first unit beats this price with the pool's fee paid. */
  readonly beats: boolean
}

/** How much base the pool trades until its next unit costs `price`. */
export function poolDepthAt({ base, quote, feeBps }: PoolReserves, price: number): PoolDepth {
  const kept = 1 - feeBps / 10_000
  const own = quote / base
  const after = Math.sqrt((base * quote) / price)
  if (price > own) return { side: 'sells', size: base - after, beats: own / kept < price }
  if (price < own) return { side: 'buys', size: after - base, beats: own * kept > price }
  return { side: 'none', size: 0, beats: false }
}

// Pool depth: what a constant-product pool would trade up to a price, for the ladder at the book.
//
// With reserves x of base and y of quote and k = 1 - fee, a buyer takes x - sqrt(x y / (k P)) until
// the next unit costs P (Uniswap V2 whitepaper, section 3.2). Floats for a picture; trades are
// computed elsewhere, in integers.

export type PoolReserves = {
  readonly base: number
  readonly quote: number
  readonly feeBps: number
}

export type PoolDepth = {
  /** What the pool does on the way to this price: sell base to takers, or buy it from them. */
  readonly side: 'sells' | 'buys' | 'none'
  /** In base. */
  readonly size: number
}

const NOTHING: PoolDepth = { side: 'none', size: 0 }

/** The price at which the pool sells (ask) and buys (bid) an infinitesimal amount. */
export function poolQuotes(price: number, feeBps: number) {
  const kept = 1 - feeBps / 10_000
  return { bid: price * kept, ask: price / kept }
}

/** How much base the pool trades until its next unit would cost `price`, fee included. */
export function poolDepthAt({ base, quote, feeBps }: PoolReserves, price: number): PoolDepth {
  const kept = 1 - feeBps / 10_000
  const { bid, ask } = poolQuotes(quote / base, feeBps)
  if (price > ask) return { side: 'sells', size: base - Math.sqrt((base * quote) / (price * kept)) }
  if (price < bid) {
    const after = Math.sqrt((base * quote * kept) / price)
    return { side: 'buys', size: (after - base) / kept }
  }
  return NOTHING
}

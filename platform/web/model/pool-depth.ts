// Pool depth: what a pool would trade up to a price, for the ladder at the book.
//
// The platform tells prices ever further from the pool's own and the base coins traded until there.
// In a stretch of even liquidity the amount is linear in one over the root of the price (Uniswap V3
// whitepaper, section 6.2; a pair of V2 is one such stretch). The fee moves no depth, it decides
// where a trade is worth it: `beats` says so. Floats for a picture; trades are computed elsewhere,
// in integers.

export type Rungs = readonly (readonly [price: string, total: string])[]

export type PoolLiquidity = {
  readonly price: number
  readonly feeBps: number
  readonly bids: Rungs
  readonly asks: Rungs
}

export type PoolDepth = {
  /** What the pool does on the way to this price: sell base to takers, or buy it from them. */
  readonly side: 'sells' | 'buys' | 'none'
  /** In base. */
  readonly size: number
  /** Its first unit beats this price with the pool's fee paid. */
  readonly beats: boolean
}

/** How much base the pool trades until its next unit costs `price`. */
export function poolDepthAt(pool: PoolLiquidity, price: number): PoolDepth {
  const { price: own, feeBps, bids, asks } = pool
  const kept = 1 - feeBps / 10_000
  if (price > own)
    return { side: 'sells', size: along(asks, own, price), beats: own / kept < price }
  if (price < own) return { side: 'buys', size: along(bids, own, price), beats: own * kept > price }
  return { side: 'none', size: 0, beats: false }
}

/** Beyond the last rung nothing more is known. */
function along(rungs: Rungs, own: number, price: number): number {
  let [from, before] = [own, 0]
  for (const [at, total] of rungs) {
    const [to, size] = [Number(at), Number(total)]
    const isBefore = price > own ? to < price : to > price
    if (!isBefore) return before + (size - before) * share(from, price, to)
    ;[from, before] = [to, size]
  }
  return before
}

function share(from: number, price: number, to: number): number {
  const root = (value: number) => 1 / Math.sqrt(value)
  return from === to ? 1 : (root(from) - root(price)) / (root(from) - root(to))
}

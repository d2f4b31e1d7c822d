// Pool maths: what a constant product pool gives and takes, in exact integers.
//
// What the pool gives rounds down, what it takes rounds up, as on chain; equal to the connector's
// maths bit for bit (a test holds the two together), and here because a strategy knows a pool only
// as the snapshot its venue tells. Amounts are in smallest units.

import type { PoolSnapshot, Side } from '#connectors/venue.ts'

/** Quote units that a swap of exactly `base` costs (buy) or brings (sell); undefined: too much. */
export function quoteUnitsFor(
  pool: PoolSnapshot,
  { side, base }: { readonly side: Side; readonly base: bigint },
): bigint | undefined {
  const [bases, quotes] = [BigInt(pool.reserveBase), BigInt(pool.reserveQuote)]
  const [fee, whole] = [BigInt(pool.feeNumerator), BigInt(pool.feeDenominator)]
  if (base <= 0n) return undefined
  if (side === 'buy') {
    if (base >= bases) return undefined
    return (quotes * base * whole) / ((bases - base) * fee) + 1n
  }
  const effective = base * fee
  return (effective * quotes) / (bases * whole + effective)
}

/** Reserves and the share of the input that takes part, as floats in coins. */
export function coinsOf(pool: PoolSnapshot) {
  return {
    base: Number(pool.reserveBase) / 10 ** pool.baseDecimals,
    quote: Number(pool.reserveQuote) / 10 ** pool.quoteDecimals,
    fee: Number(pool.feeNumerator) / Number(pool.feeDenominator),
  }
}

/**
 * Base coins at which the next coin out of the pool costs `price`: with reserves b and q and g the
 * share that takes part, the next coin costs q b / ((b - s)^2 g).
 */
export function baseBoughtUpTo({ base, quote, fee }: Coins, price: number): number {
  return base - Math.sqrt((quote * base) / (price * fee))
}

/** Base coins at which the next coin into the pool brings `price`: q g b / (b + g s)^2. */
export function baseSoldDownTo({ base, quote, fee }: Coins, price: number): number {
  return (Math.sqrt((quote * fee * base) / price) - base) / fee
}

export type Coins = ReturnType<typeof coinsOf>

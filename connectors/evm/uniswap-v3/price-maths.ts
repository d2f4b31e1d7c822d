// Price maths: what a move of the price costs and gives, equal to SqrtPriceMath.sol bit for bit.
//
// Within a range of constant liquidity. What the pool takes rounds up, what it gives rounds down;
// a price that follows from an amount is rounded in the pool's favour.

const UINT256_MAX = (1n << 256n) - 1n
const Q96_LESS_ONE = (1n << 96n) - 1n

/** A move of the price between two bounds at one liquidity. */
export type Move = { readonly low: bigint; readonly high: bigint; readonly liquidity: bigint }

export function amount0RoundedDown({ low, high, liquidity }: Move): bigint {
  return ((liquidity << 96n) * (high - low)) / high / low
}

export function amount0RoundedUp({ low, high, liquidity }: Move): bigint {
  return divideUp(divideUp((liquidity << 96n) * (high - low), high), low)
}

export function amount1RoundedDown({ low, high, liquidity }: Move): bigint {
  return (liquidity * (high - low)) >> 96n
}

export function amount1RoundedUp({ low, high, liquidity }: Move): bigint {
  return (liquidity * (high - low) + Q96_LESS_ONE) >> 96n
}

/** The lower price after token0 came in, rounded up. */
export function priceAfter0In(price: bigint, liquidity: bigint, amount: bigint): bigint {
  const scaled = liquidity << 96n
  const denominator = scaled + amount * price
  // The contract leaves the exact formula where it would overflow.
  if (denominator > UINT256_MAX) return divideUp(scaled, scaled / price + amount)
  return divideUp(scaled * price, denominator)
}

/** The higher price after token1 came in, rounded down. */
export function priceAfter1In(price: bigint, liquidity: bigint, amount: bigint): bigint {
  return price + (amount << 96n) / liquidity
}

/** The higher price after token0 went out, rounded up. The range must hold that much. */
export function priceAfter0Out(price: bigint, liquidity: bigint, amount: bigint): bigint {
  const scaled = liquidity << 96n
  return divideUp(scaled * price, scaled - amount * price)
}

/** The lower price after token1 went out, rounded down. The range must hold that much. */
export function priceAfter1Out(price: bigint, liquidity: bigint, amount: bigint): bigint {
  return price - divideUp(amount << 96n, liquidity)
}

/** Of numbers that are not negative. */
export function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}

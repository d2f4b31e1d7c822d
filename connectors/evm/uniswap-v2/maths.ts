// Constant product maths in exact integers, equal to UniswapV2Library bit for bit.
//
// What the pool gives rounds down, what it takes rounds up, as on chain. Amounts and reserves are
// in smallest units. A price here is a ratio of smallest units: input units for one output unit.
// Source: UniswapV2Library.sol; the arbitrage size sets the marginal price after fee to the target.

import type { Fee } from './forks.ts'

export type Reserves = { readonly in: bigint; readonly out: bigint }
export type Ratio = { readonly numerator: bigint; readonly denominator: bigint }

/** What a swap of exactly `amountIn` gives; 0n when anything is empty. */
export function getAmountOut(amountIn: bigint, reserves: Reserves, fee: Fee): bigint {
  if (amountIn <= 0n || reserves.in <= 0n || reserves.out <= 0n) return 0n
  const effective = amountIn * fee.numerator
  return (effective * reserves.out) / (reserves.in * fee.denominator + effective)
}

/** What a swap needs to give exactly `amountOut`; undefined when the pool has not that much. */
export function getAmountIn(amountOut: bigint, reserves: Reserves, fee: Fee): bigint | undefined {
  if (amountOut <= 0n) return 0n
  if (amountOut >= reserves.out || reserves.in <= 0n) return undefined
  const numerator = reserves.in * amountOut * fee.denominator
  return numerator / ((reserves.out - amountOut) * fee.numerator) + 1n
}

/** The reserves after a swap: the fee stays in the pool. */
export function reservesAfter(
  reserves: Reserves,
  swap: { readonly amountIn: bigint; readonly amountOut: bigint },
): Reserves {
  return { in: reserves.in + swap.amountIn, out: reserves.out - swap.amountOut }
}

/**
 * The input that earns most when the output is worth `price` input units a unit elsewhere: the next
 * unit would cost more than it brings. 0n when the pool is not cheaper than that, fee included.
 * Maximises out(x) * price - x with out(x) = R_out g x / (R_in + g x):
 * x = (sqrt(R_in R_out g price) - R_in) / g, where g is the fee's ratio. Rounded down.
 */
export function optimalAmountIn(reserves: Reserves, fee: Fee, price: Ratio): bigint {
  const square =
    (reserves.in * reserves.out * fee.numerator * price.numerator * fee.denominator) /
    price.denominator
  const reach = squareRootDown(square) - reserves.in * fee.denominator
  return reach <= 0n ? 0n : reach / fee.numerator
}

/** floor(sqrt(value)) by Newton's method from above. */
export function squareRootDown(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(16).length * 4 + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

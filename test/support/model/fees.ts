// Fees and the hold that covers them, in bigints straight from their definition.

const RATE_ONE = 1_000_000n

/** ceil(notional x rate / 1e6): rounded up, against the customer. */
export function feeOn(notional: bigint, rate: number): bigint {
  return (notional * BigInt(rate) + RATE_ONE - 1n) / RATE_ONE
}

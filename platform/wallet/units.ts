// Units: between the ledger's units and a token's smallest units.
//
// A ledger unit is a whole number of smallest units (scale <= decimals). What arrives and does not
// fill a ledger unit is dust: it is carried per address and asset until it does, never rounded
// away.

import { type Amount, asUnit, SAFE_MAX } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'

export type Scales = { readonly scale: number; readonly decimals: number }

/** Smallest units of one ledger unit. */
export function unitSize({ scale, decimals }: Scales): bigint {
  assert(decimals >= scale, 'a token must be at least as fine as its ledger unit')
  return 10n ** BigInt(decimals - scale)
}

export function toChain(amount: number, scales: Scales): bigint {
  return BigInt(amount) * unitSize(scales)
}

/** Whole ledger units, rounded down, and what is left over in smallest units. */
export function toLedger(amount: bigint, scales: Scales): { whole: Amount; dust: bigint } {
  const size = unitSize(scales)
  const whole = amount / size
  assert(whole <= BigInt(SAFE_MAX), 'a chain amount passes the ledger')
  return { whole: asUnit<Amount>(Number(whole)), dust: amount % size }
}

// Amount: exact money as branded safe integers, and the one grammar of decimals.
//
// Text is parsed strictly: what does not fit the scale is refused, nothing is rounded on the way
// in. Products and quotients are exact up to 2^53 and name their rounding direction. What passes
// 2^53 is refused by the caller's check (NaN is never returned) or trips an assertion.

import { assert } from './assert.ts'

type Unit<Name extends string> = number & { readonly __unit: Name }

/** Money in an asset's ledger unit. */
export type Amount = Unit<'amount'>
/** A price in ticks of its market. */
export type PriceTicks = Unit<'ticks'>
/** A size in lots of its market. */
export type SizeLots = Unit<'lots'>
/** A fee rate in hundredths of a basis point: 1e-6. */
export type FeeRate = Unit<'rate'>

export const SAFE_MAX = Number.MAX_SAFE_INTEGER
const TWO_32 = 4_294_967_296
const RATE_ONE = 1_000_000

// Digits without leading zeros, then at least one digit after a point. No sign, no exponent, no
// spaces, ASCII only.
const DECIMAL = /^(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,18}))?$/

/** Marks an integer with its unit; for codecs and tables where the value is known to fit. */
export function asUnit<T extends Unit<string>>(value: number): T {
  return value as T // A brand has no run-time form.
}

export type ParsedDecimal =
  | { readonly ok: true; readonly units: number }
  | { readonly ok: false; readonly why: 'malformed' | 'too_precise' | 'too_large' }

/**
 * Reads a decimal text as an integer of 10^-scale units. More digits than the scale are refused
 * even when they are zeros.
 */
export function parseDecimal(text: string, scale: number): ParsedDecimal {
  if (text.length > 40) return { ok: false, why: 'malformed' }
  const match = DECIMAL.exec(text)
  if (match === null) return { ok: false, why: 'malformed' }
  const fraction = match[2] ?? ''
  if (fraction.length > scale) return { ok: false, why: 'too_precise' }
  const units = Number((match[1] ?? '') + fraction.padEnd(scale, '0'))
  return units <= SAFE_MAX ? { ok: true, units } : { ok: false, why: 'too_large' }
}

/** Writes an integer of 10^-scale units as a decimal with all its digits: 150, 2 -> '1.50'. */
export function formatDecimal(units: number, scale: number): string {
  // The text of a broken assertion costs more than the rest, so it is made when it is needed.
  if (!Number.isSafeInteger(units)) assert(false, `formatDecimal: ${units} is not a safe integer`)
  const sign = units < 0 ? '-' : ''
  const digits = String(Math.abs(units)).padStart(scale + 1, '0')
  if (scale === 0) return sign + digits
  const point = digits.length - scale
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** The product, or -1 when it passes 2^53 - 1. Both factors are safe and not negative. */
export function mulExact(a: number, b: number): number {
  const product = a * b
  return product <= SAFE_MAX ? product : -1
}

/** floor(a * b / c) without losing a bit, or -1 when the result passes 2^53 - 1. */
export function mulDivDown(a: number, b: number, c: number): number {
  const product = a * b
  if (product <= SAFE_MAX) return Math.floor(product / c)
  return wideQuotient((BigInt(a) * BigInt(b)) / BigInt(c))
}

/** ceil(a * b / c) without losing a bit, or -1 when the result passes 2^53 - 1. */
export function mulDivUp(a: number, b: number, c: number): number {
  const product = a * b
  if (product <= SAFE_MAX) {
    const down = Math.floor(product / c)
    return down * c === product ? down : down + 1
  }
  return wideQuotient((BigInt(a) * BigInt(b) + BigInt(c) - 1n) / BigInt(c))
}

/** The fee on a notional, rounded up; exact for every notional below 2^53 and rate <= 1e6. */
export function feeRoundedUp(notional: number, rate: number): number {
  const whole = Math.floor(notional / RATE_ONE)
  const rest = (notional - whole * RATE_ONE) * rate
  return whole * rate + Math.ceil(rest / RATE_ONE)
}

/** The low 32 bits of a safe integer that is not negative, as a signed int32. */
export function low32(value: number): number {
  return value | 0
}

/** The high 21 bits of a safe integer that is not negative. */
export function high32(value: number): number {
  return (value / TWO_32) | 0
}

/** Puts the two halves of a safe integer together again. */
export function join64(low: number, high: number): number {
  return high * TWO_32 + (low >>> 0)
}

function wideQuotient(quotient: bigint): number {
  return quotient <= BigInt(SAFE_MAX) ? Number(quotient) : -1
}

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

const DECIMAL_CHARS_MAX = 40
const DIGITS_MAX = 18
const ZERO = 48
const POINT = 46

/** Marks an integer with its unit; for codecs and tables where the value is known to fit. */
export function asUnit<T extends Unit<string>>(value: number): T {
  return value as T // A brand has no run-time form.
}

export type ParsedDecimal =
  | { readonly ok: true; readonly units: number }
  | { readonly ok: false; readonly why: 'malformed' | 'too_precise' | 'too_large' }

const MALFORMED = -1
const TOO_PRECISE = -2
const TOO_LARGE = -3

/**
 * Reads a decimal text as an integer of 10^-scale units. More digits than the scale are refused
 * even when they are zeros.
 *
 * Digits without leading zeros, then at least one digit after a point: no sign, no exponent, no
 * spaces, ASCII only, at most 18 digits on each side.
 */
export function parseDecimal(text: string, scale: number): ParsedDecimal {
  const units = unitsOfDecimal(text, scale)
  return units < 0 ? { ok: false, why: whyNoDecimal(units) } : { ok: true, units }
}

/** The same without an object for its answer, of which orders would make several; below 0: none. */
export function unitsOfDecimal(text: string, scale: number): number {
  if (text.length > DECIMAL_CHARS_MAX) return MALFORMED
  // Exact as long as it is below 2^53, and once it is not it only grows.
  let units = 0
  let at = 0
  for (; isDigit(text, at); at += 1) units = units * 10 + (text.charCodeAt(at) - ZERO)
  const whole = at
  if (whole === 0 || whole > DIGITS_MAX) return MALFORMED
  if (whole > 1 && text.charCodeAt(0) === ZERO) return MALFORMED
  let fraction = 0
  if (at < text.length) {
    if (text.charCodeAt(at) !== POINT) return MALFORMED
    for (at += 1; isDigit(text, at); at += 1) units = units * 10 + (text.charCodeAt(at) - ZERO)
    fraction = at - whole - 1
    if (at < text.length || fraction === 0 || fraction > DIGITS_MAX) return MALFORMED
  }
  if (fraction > scale) return TOO_PRECISE
  for (let missing = scale - fraction; missing > 0; missing -= 1) units *= 10
  return units <= SAFE_MAX ? units : TOO_LARGE
}

/** Why unitsOfDecimal answered what is below 0. */
export function whyNoDecimal(units: number): 'malformed' | 'too_precise' | 'too_large' {
  if (units === TOO_LARGE) return 'too_large'
  return units === TOO_PRECISE ? 'too_precise' : 'malformed'
}

function isDigit(text: string, at: number): boolean {
  if (at >= text.length) return false
  const char = text.charCodeAt(at)
  return char >= ZERO && char < ZERO + 10
}

/** Writes an integer of 10^-scale units as a decimal with all its digits: 150, 2 -> '1.50'. */
export function formatDecimal(units: number, scale: number): string {
  // The text of a broken assertion costs more than the rest, so it is made when it is needed.
  if (!Number.isSafeInteger(units)) assert(false, `formatDecimal: ${units} is not a safe integer`)
  if (units === 0) return ZEROS[scale] ?? formatZero(scale)
  const sign = units < 0 ? '-' : ''
  const digits = String(Math.abs(units)).padStart(scale + 1, '0')
  if (scale === 0) return sign + digits
  const point = digits.length - scale
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** Most amounts of an order that has not traded are 0: their texts are made once. */
const ZEROS: readonly string[] = Array.from({ length: DIGITS_MAX + 1 }, (_, scale) =>
  formatZero(scale),
)

function formatZero(scale: number): string {
  return scale === 0 ? '0' : `0.${'0'.repeat(scale)}`
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

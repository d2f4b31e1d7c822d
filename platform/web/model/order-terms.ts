// Order terms: what an order costs, in exact integers of the market's scales, before it is sent.
//
// It promises nothing: the engine decides. What is paid is rounded up and what is received down, so
// the page never shows less cost than there will be. A market order is priced by the book as seen.

import { feeRoundedUp, formatDecimal, mulDivDown, mulDivUp, parseDecimal } from '#kernel/amount.ts'
import type { Level } from './book-rows.ts'
import { decimalsOf } from './numbers.ts'

/** Digits behind the point, and rates in hundredths of a basis point. */
export type MarketScales = {
  readonly price: number
  readonly size: number
  readonly base: number
  readonly quote: number
  readonly lotUnits: number
  readonly tickUnits: number
  /** The higher of maker's and taker's, which the engine holds; a rebate counts as 0. */
  readonly feeRate: number
  /** How far from its trigger an order without a limit may trade. */
  readonly collarBps: number
}

export type ScalesOf = {
  readonly tickSize: string
  readonly lotSize: string
  readonly makerFeeBps: number
  readonly takerFeeBps: number
  readonly rules: { readonly collarBps: number }
  readonly baseScale: number
  readonly quoteScale: number
}

export function scalesOf({ tickSize, lotSize, baseScale, quoteScale, ...terms }: ScalesOf) {
  const [price, size] = [decimalsOf(tickSize), decimalsOf(lotSize)]
  return {
    ...{ price, size, base: baseScale, quote: quoteScale },
    lotUnits: unitsOf(lotSize, size) ?? 1,
    tickUnits: unitsOf(tickSize, price) ?? 1,
    feeRate: Math.round(feeBpsAtMost(terms) * RATE_PER_BPS),
    collarBps: terms.rules.collarBps,
  } satisfies MarketScales
}

const RATE_PER_BPS = 100

/** The most that a fill can cost, whoever comes first. */
export function feeBpsAtMost(market: Pick<ScalesOf, 'makerFeeBps' | 'takerFeeBps'>): number {
  return Math.max(market.makerFeeBps, market.takerFeeBps, 0)
}

/** The integer of a decimal text, or undefined when it is none. */
export function unitsOf(text: string | undefined, scale: number): number | undefined {
  if (text === undefined) return undefined
  const parsed = parseDecimal(text, scale)
  return parsed.ok ? parsed.units : undefined
}

/** A number, but with more digits than the scale has. */
export function isTooFine(text: string, scale: number): boolean {
  const parsed = parseDecimal(text, scale)
  return !parsed.ok && parsed.why === 'too_precise'
}

/** price x size in quote units, rounded up; undefined when it is too large. */
export function notionalUp(scales: MarketScales, price: number, size: number): number | undefined {
  const surplus = scales.price + scales.size - scales.quote
  const found =
    surplus >= 0 ? mulDivUp(price, size, 10 ** surplus) : mulDivUp(price * 10 ** -surplus, size, 1)
  return found < 0 || !Number.isSafeInteger(found) ? undefined : found
}

/** The largest size in whole lots that `quote` units pay for at a price. */
export function sizeDown(scales: MarketScales, price: number, quote: number): number {
  if (price <= 0 || quote <= 0) return 0
  const surplus = scales.price + scales.size - scales.quote
  const size =
    surplus >= 0
      ? mulDivDown(quote, 10 ** surplus, price)
      : mulDivDown(quote, 1, price * 10 ** -surplus)
  return size - (size % scales.lotUnits)
}

/** What is left of `quote` when the fee on the rest is kept aside. */
export function beforeFee(scales: MarketScales, quote: number): number {
  const rest = mulDivDown(quote, 1_000_000, 1_000_000 + scales.feeRate)
  return Math.max(0, rest - 1)
}

export function feeUp(scales: MarketScales, notional: number): number {
  return feeRoundedUp(notional, scales.feeRate)
}

export type Walk = { readonly size: number; readonly notional: number; readonly isWhole: boolean }

/** What a market order meets in the book: by size, or by quote when `quote` is given. */
export function walkBook(
  scales: MarketScales,
  levels: readonly Level[],
  wanted: { readonly size?: number; readonly quote?: number },
): Walk {
  let [size, notional] = [0, 0]
  for (const [priceText, sizeText] of levels) {
    const price = unitsOf(priceText, scales.price) ?? 0
    const offered = unitsOf(sizeText, scales.size) ?? 0
    const left =
      wanted.size === undefined
        ? sizeDown(scales, price, (wanted.quote ?? 0) - notional)
        : wanted.size - size
    const taken = Math.min(offered, left)
    size += taken
    notional += notionalUp(scales, price, taken) ?? 0
    if (taken < offered) return { size, notional, isWhole: true }
  }
  return { size, notional, isWhole: wanted.size !== undefined && size === wanted.size }
}

/** `percent` of a balance in the scale of sizes, in whole lots. */
export function shareOfBase(scales: MarketScales, available: number, percent: number): number {
  const size = mulDivDown(available, percent, 100 * 10 ** (scales.base - scales.size))
  return size - (size % scales.lotUnits)
}

/** As a decimal without surplus zeros. */
export function textOf(units: number, scale: number): string {
  const text = formatDecimal(units, scale)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

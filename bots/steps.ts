// Steps: from a strategy's numbers to the decimals of a market.
//
// Sizes round down to the lot, prices to the passive side of the tick: down for a buy, up for a
// sale. A number that is not finite or not above zero has no decimal, so it is never sent. Steps of
// 18 digits, as tokens have, are finer than a float: then its own digits are the steps.

import type { Side } from '#connectors/venue.ts'
import { formatDecimal, parseDecimal } from '#kernel/amount.ts'

/** Undefined when not even one lot fits. */
export function sizeText(size: number, lot: string): string | undefined {
  return stepsText(size, lot, Math.floor)
}

export function priceText(price: number, tick: string, side: Side): string | undefined {
  return stepsText(price, tick, side === 'buy' ? Math.floor : Math.ceil)
}

/** The other way: to the side that is sure to trade up to the price. */
export function reachText(price: number, tick: string, side: Side): string | undefined {
  return stepsText(price, tick, side === 'buy' ? Math.ceil : Math.floor)
}

type Rounding = (steps: number) => number

/** What binary fractions lose of a whole number of steps. */
const NEAR = 1e-7

function stepsText(value: number, step: string, round: Rounding): string | undefined {
  if (!(value > 0) || !Number.isFinite(value)) return undefined
  const scale = step.split('.')[1]?.length ?? 0
  const isFine = value * 10 ** scale > Number.MAX_SAFE_INTEGER && Number(step) === 10 ** -scale
  if (isFine) return stepsText(value, coarser(value), round)?.replace(/\.?0+$/, '')
  const parsed = parseDecimal(step, scale)
  if (!parsed.ok || parsed.units === 0) return undefined
  const exact = (value * 10 ** scale) / parsed.units
  const nearest = Math.round(exact)
  const steps = Math.abs(exact - nearest) < NEAR * Math.max(1, nearest) ? nearest : round(exact)
  const units = steps * parsed.units
  return units > 0 && Number.isSafeInteger(units) ? formatDecimal(units, scale) : undefined
}

/** A step of as many digits as a float of this size has, all of them safe. */
function coarser(value: number): string {
  const digits = Math.floor(Math.log10(Number.MAX_SAFE_INTEGER / value))
  return (10 ** -digits).toFixed(Math.max(0, digits))
}

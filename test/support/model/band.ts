// Band: how far from its reference a market trades before it halts.
//
// The reference is the last price as it was when the current window, or continuous trading, began.

import type { Market, World } from './world.ts'

export type Band = { readonly low: number; readonly high: number } | null

const BPS = 10_000

/** The band as it holds for a command that begins to match now; null: there is none. */
export function readBand({ time }: World, market: Market): Band {
  const { bandBps } = market.rules
  const moved = windowOf(market, market.band.at) < windowOf(market, time)
  const reference = moved ? market.before.last : market.band.price
  if (bandBps === 0 || reference === 0) return null
  const low = Math.ceil((reference * (BPS - bandBps)) / BPS)
  const high = Math.floor((reference * (BPS + bandBps)) / BPS)
  return { low: Math.max(1, low), high }
}

/** Is a price beyond the band? */
export function isOutside(band: Band, price: number): boolean {
  return band !== null && (price < band.low || price > band.high)
}

/** Before a fill: the first of a later window moves the reference on. */
export function moveBand({ time }: World, market: Market): void {
  if (windowOf(market, market.band.at) >= windowOf(market, time)) return
  market.band = { price: market.before.last, at: time }
}

/** Continuous trading begins, or the rules of the market were set. */
export function resetBand({ time }: World, market: Market): void {
  market.band = { price: market.lastPrice, at: time }
}

function windowOf({ rules }: Market, time: number): number {
  return rules.bandWindowUs === 0 ? 0 : Math.floor(time / rules.bandWindowUs)
}

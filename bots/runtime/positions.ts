// Positions: what the bot's own orders made of each market, bought less sold.
//
// A position opens with the first fill from nothing and is closed when less than a lot is left;
// that rest is dust: it stays in the size, so the next position counts it. Sizes are rounded to the
// scale of the lot after every fill, so that sums of decimals stay the decimals they are.

import type { Instrument, Side } from '#connectors/venue.ts'
import type { ClosedPosition, Position } from '../market.ts'
import type { Kept, KeptPosition } from './kept.ts'

export type Change =
  | { readonly kind: 'opened' }
  | { readonly kind: 'closed'; readonly closed: ClosedPosition }

export type Trade = {
  readonly side: Side
  readonly base: number
  readonly quote: number
  readonly now: number
}

const LOT_TOLERANCE = 1e-7

export function positionOf(kept: Kept, reference: string): KeptPosition {
  const known = kept.positions[reference]
  if (known !== undefined) return known
  const made: KeptPosition = {
    ...{ size: 0, cost: 0, realised: 0, openedAt: 0, isOpen: false, isShort: false },
  }
  kept.positions[reference] = made
  return made
}

/** As a strategy reads it. */
export function positionFigures(kept: Kept, reference: string): Omit<Position, 'protect'> {
  const { size, cost, realised, openedAt, isOpen } = positionOf(kept, reference)
  return { size, entry: size === 0 ? 0 : cost / Math.abs(size), realised, openedAt, isOpen }
}

/** Answers what became of the position; a fill may close one and open the opposite one. */
export function trade(position: KeptPosition, instrument: Instrument, fill: Trade): Change[] {
  const changes: Change[] = []
  const { base, now } = fill
  const sign = fill.side === 'buy' ? 1 : -1
  const reducing = position.size * sign < 0 ? Math.min(base, Math.abs(position.size)) : 0
  if (reducing > 0) reduce(position, { ...fill, base: reducing, quote: share(fill, reducing) })
  settle(position, instrument)
  if (position.isOpen && isNothing(position, instrument)) {
    changes.push({ kind: 'closed', closed: close(position, now) })
  }
  const adding = base - reducing
  if (adding > 0) {
    position.cost += share(fill, adding)
    position.size += sign * adding
    settle(position, instrument)
  }
  if (!position.isOpen && !isNothing(position, instrument)) {
    position.isOpen = true
    position.isShort = position.size < 0
    position.openedAt = now
    position.realised = 0
    changes.push({ kind: 'opened' })
  }
  return changes
}

/** A fee taken in base coins. */
export function charge(position: KeptPosition, instrument: Instrument, base: number): void {
  position.size -= base
  settle(position, instrument)
}

function share({ base, quote }: Trade, part: number): number {
  return base === 0 ? 0 : (quote * part) / base
}

function reduce(position: KeptPosition, { base, quote, side }: Trade): void {
  const paid = (position.cost * base) / Math.abs(position.size)
  position.realised += side === 'sell' ? quote - paid : paid - quote
  position.cost -= paid
  position.size += side === 'sell' ? -base : base
}

function close(position: KeptPosition, now: number): ClosedPosition {
  const { realised, openedAt, size, isShort } = position
  position.isOpen = false
  return {
    side: isShort ? 'sell' : 'buy',
    ...{ realised, openedAt, closedAt: now, dust: size },
  }
}

function isNothing({ size }: KeptPosition, { lot }: Instrument): boolean {
  return Math.abs(size) < Number(lot) * (1 - LOT_TOLERANCE) || size === 0
}

/** Fees may have more digits than the lot: four more are kept. */
function settle(position: KeptPosition, { lot }: Instrument): void {
  const digits = Math.min(18, (lot.split('.')[1]?.length ?? 0) + 4)
  position.size = Number(position.size.toFixed(digits))
  if (position.size === 0) {
    position.size = 0
    position.cost = 0
  }
}

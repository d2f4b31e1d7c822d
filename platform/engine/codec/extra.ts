// Extra: the third cell of an order, with everything that most orders do without.
//
// The same cell in place commands and accepted events: 0 triggerPrice, 8 takeProfitPrice,
// 16 stopPrice, 24 displaySize, 32 trail, 40 expireAt, 48 session, 52 key, 56 flags. It is written
// whenever an order has an extra, so that a record decodes to what was encoded.

import { asUnit } from '#kernel/amount.ts'
import { asMicros } from '#kernel/time.ts'
import type { OrderExtra } from '../command.ts'
import { FEES_IN, TRAILS_IN, TRIGGERS_BY } from './choices.ts'
import { choice } from './fields.ts'
import { CELL_WORDS, get64, put32, put64, type Words, wordAt } from './words.ts'

/** Words within the cell. */
export const EXTRA = {
  triggerPrice: 0,
  takeProfitPrice: 2,
  stopPrice: 4,
  displaySize: 6,
  trail: 8,
  expireAt: 10,
  session: 12,
  key: 13,
  flags: 14,
} as const

/** Bits of the flags; the first three are places in TRIGGERS_BY, TRAILS_IN and FEES_IN. */
export const EXTRA_BIT = {
  triggerBy: 0,
  trailIn: 1,
  feeIn: 2,
  reduceOnly: 3,
  slide: 4,
} as const

/** An extra that says nothing. */
export const NO_EXTRA: OrderExtra = {
  triggerPrice: asUnit(0),
  triggerBy: 'last',
  stopPrice: asUnit(0),
  takeProfitPrice: asUnit(0),
  displaySize: asUnit(0),
  trail: 0,
  trailIn: 'ticks',
  expireAt: asMicros(0),
  reduceOnly: false,
  slide: false,
  feeIn: 'quote',
  session: 0,
  key: 0,
}

/** Writes the cell. */
export function putExtra(extra: OrderExtra, { i32 }: Words, at: number): void {
  const w = at * CELL_WORDS
  put64(i32, w + EXTRA.triggerPrice, extra.triggerPrice)
  put64(i32, w + EXTRA.takeProfitPrice, extra.takeProfitPrice)
  put64(i32, w + EXTRA.stopPrice, extra.stopPrice)
  put64(i32, w + EXTRA.displaySize, extra.displaySize)
  put64(i32, w + EXTRA.trail, extra.trail)
  put64(i32, w + EXTRA.expireAt, extra.expireAt)
  put32(i32, w + EXTRA.session, extra.session)
  put32(i32, w + EXTRA.key, extra.key)
  i32[w + EXTRA.flags] = flagsOf(extra)
  i32[w + EXTRA.flags + 1] = 0
}

/** Reads the cell. */
export function takeExtra({ i32 }: Words, at: number): OrderExtra {
  const w = at * CELL_WORDS
  const flags = wordAt(i32, w + EXTRA.flags)
  const bit = (place: number) => (flags >>> place) & 1
  return {
    triggerPrice: asUnit(get64(i32, w + EXTRA.triggerPrice)),
    triggerBy: choice(TRIGGERS_BY, bit(EXTRA_BIT.triggerBy)),
    stopPrice: asUnit(get64(i32, w + EXTRA.stopPrice)),
    takeProfitPrice: asUnit(get64(i32, w + EXTRA.takeProfitPrice)),
    displaySize: asUnit(get64(i32, w + EXTRA.displaySize)),
    trail: get64(i32, w + EXTRA.trail),
    trailIn: choice(TRAILS_IN, bit(EXTRA_BIT.trailIn)),
    expireAt: asMicros(get64(i32, w + EXTRA.expireAt)),
    reduceOnly: bit(EXTRA_BIT.reduceOnly) === 1,
    slide: bit(EXTRA_BIT.slide) === 1,
    feeIn: choice(FEES_IN, bit(EXTRA_BIT.feeIn)),
    session: wordAt(i32, w + EXTRA.session) >>> 0,
    key: wordAt(i32, w + EXTRA.key) >>> 0,
  }
}

function flagsOf(extra: OrderExtra): number {
  return (
    (TRIGGERS_BY.indexOf(extra.triggerBy) << EXTRA_BIT.triggerBy) |
    (TRAILS_IN.indexOf(extra.trailIn) << EXTRA_BIT.trailIn) |
    (FEES_IN.indexOf(extra.feeIn) << EXTRA_BIT.feeIn) |
    (extra.reduceOnly ? 1 << EXTRA_BIT.reduceOnly : 0) |
    (extra.slide ? 1 << EXTRA_BIT.slide : 0)
  )
}

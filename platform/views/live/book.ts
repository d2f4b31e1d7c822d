// Live book: the levels of one market, folded from released events.
//
// INV-04 as seen from outside: a level's size is the sum of what rests there; an empty level is
// gone. `number` is the event's bookNumber and grows by exactly one a change; a gap is a bug and
// trips an assertion.

import type { Side } from '#engine/command.ts'
import { assert } from '#kernel/assert.ts'

/** [price in ticks, size in lots] */
export type Level = readonly [number, number]

export type LiveBook = {
  /** Of the last change; 0 before the first. */
  number(): number
  /** When it changed last. */
  at(): number
  /** The level's new size after adding (or, below 0, taking away) lots. */
  change(side: Side, price: number, lots: number): number
  /** Takes the next number. */
  advance(number: number, at: number): void
  /** Ticks of the best level; 0 when the side is empty. */
  best(side: Side): number
  /** The best levels first. */
  levels(side: Side, depth: number): Level[]
}

/** Price and size of each level, the best last, so that changes near the touch are cheap. */
type BookSide = {
  levels: Float64Array
  count: number
  /** 1 when a higher price is better. */
  readonly direction: 1 | -1
}

const LEVELS_FIRST = 64

/** A book that stands at the given number and time. */
export function createLiveBook(start: { readonly number: number; readonly at: number }): LiveBook {
  const [bids, asks] = [createSide(1), createSide(-1)]
  const of = (side: Side): BookSide => (side === 'buy' ? bids : asks)
  let { number, at } = start
  return {
    number: () => number,
    at: () => at,
    change: (side, price, lots) => changeLevel(of(side), price, lots),
    advance: (next, time) => {
      if (next !== number + 1) assert(false, `INV-09: book number ${next} follows ${number}`)
      number = next
      at = time
    },
    best: (side) => priceAt(of(side), of(side).count - 1),
    levels: (side, depth) => bestLevels(of(side), depth),
  }
}

function createSide(direction: 1 | -1): BookSide {
  return { levels: new Float64Array(LEVELS_FIRST * 2), count: 0, direction }
}

/** 0 where there is no level. */
function priceAt({ levels }: BookSide, place: number): number {
  return levels[place * 2] ?? 0
}

function sizeAt({ levels }: BookSide, place: number): number {
  return levels[place * 2 + 1] ?? 0
}

function changeLevel(side: BookSide, price: number, lots: number): number {
  const place = placeOf(side, price)
  const isThere = place < side.count && priceAt(side, place) === price
  const after = (isThere ? sizeAt(side, place) : 0) + lots
  if (after < 0) assert(false, `INV-04: level ${price} falls below 0`)
  if (isThere && after === 0) removeLevel(side, place)
  else if (isThere) side.levels[place * 2 + 1] = after
  else if (after > 0) insertLevel(side, place, [price, after])
  return after
}

function insertLevel(side: BookSide, place: number, [price, size]: Level): void {
  if (side.count * 2 === side.levels.length) {
    const grown = new Float64Array(side.levels.length * 2)
    grown.set(side.levels)
    side.levels = grown
  }
  side.levels.copyWithin(place * 2 + 2, place * 2, side.count * 2)
  side.levels[place * 2] = price
  side.levels[place * 2 + 1] = size
  side.count += 1
}

function removeLevel(side: BookSide, place: number): void {
  side.levels.copyWithin(place * 2, place * 2 + 2, side.count * 2)
  side.count -= 1
}

/** The first place whose price is not worse than the given one. */
function placeOf(side: BookSide, price: number): number {
  let low = 0
  let high = side.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((priceAt(side, middle) - price) * side.direction < 0) low = middle + 1
    else high = middle
  }
  return low
}

function bestLevels(side: BookSide, depth: number): Level[] {
  const levels: Level[] = []
  for (let i = side.count - 1; i >= 0 && levels.length < depth; i -= 1) {
    levels.push([priceAt(side, i), sizeAt(side, i)])
  }
  return levels
}

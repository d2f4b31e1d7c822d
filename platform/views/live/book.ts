// Live book: the levels of one market, folded from released events.
//
// INV-04 as seen from outside: a level's size is the sum of what rests there; an empty level is
// gone. `number` is the event's bookNumber and grows by exactly one a change; a gap is a bug and
// trips an assertion. Prices are sorted with the best last, so changes near the touch are cheap.

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

type BookSide = {
  /** The best last. */
  readonly prices: number[]
  /** Of the level at the same place. */
  readonly sizes: number[]
  /** 1 when a higher price is better. */
  readonly direction: 1 | -1
}

/** A book that stands at the given number and time. */
export function createLiveBook(start: { readonly number: number; readonly at: number }): LiveBook {
  const bids: BookSide = { prices: [], sizes: [], direction: 1 }
  const asks: BookSide = { prices: [], sizes: [], direction: -1 }
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
    best: (side) => of(side).prices.at(-1) ?? 0,
    levels: (side, depth) => bestLevels(of(side), depth),
  }
}

function changeLevel(side: BookSide, price: number, lots: number): number {
  const { prices, sizes } = side
  const place = placeOf(side, price)
  const isThere = prices[place] === price
  const after = (isThere ? (sizes[place] ?? 0) : 0) + lots
  if (after < 0) assert(false, `INV-04: level ${price} falls below 0`)
  if (isThere && after > 0) sizes[place] = after
  else if (isThere) {
    prices.splice(place, 1)
    sizes.splice(place, 1)
  } else if (after > 0) {
    prices.splice(place, 0, price)
    sizes.splice(place, 0, after)
  }
  return after
}

/** The first place whose price is not worse than the given one. */
function placeOf({ prices, direction }: BookSide, price: number): number {
  let low = 0
  let high = prices.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (((prices[middle] ?? 0) - price) * direction < 0) low = middle + 1
    else high = middle
  }
  return low
}

function bestLevels({ prices, sizes }: BookSide, depth: number): Level[] {
  const levels: Level[] = []
  for (let i = prices.length - 1; i >= 0 && levels.length < depth; i -= 1) {
    levels.push([prices[i] ?? 0, sizes[i] ?? 0])
  }
  return levels
}

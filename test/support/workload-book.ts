// The workload's book: which orders are live and where the touch is, and nothing else.
//
// One array of order numbers a price and side, first in, first out; what was cancelled in the
// middle is skipped when its turn comes. It must stay a plain price-time book: W1 is defined by it.

import type { Side } from '#engine/command.ts'

type Live = { readonly side: Side; readonly price: number; left: number; place: number }
type Level = { readonly queue: number[]; head: number; live: number }

/** One step of the flow; target is the number of the step whose order is cancelled. */
export type Step =
  | { readonly kind: 'limit'; readonly side: Side; readonly price: number; readonly size: number }
  | { readonly kind: 'market'; readonly side: Side; readonly size: number }
  | { readonly kind: 'cancel'; readonly target: number; readonly side: Side }

export type FlowBook = {
  apply(step: Step, number: number): void
  /** A live order, uniformly; undefined when there is none. */
  pick(random: () => number): { readonly target: number; readonly side: Side } | undefined
  best(side: Side): number | undefined
}

export function createFlowBook(): FlowBook {
  const live = new Map<number, Live>()
  const numbers: number[] = []
  const sides = { buy: createSide(1), sell: createSide(-1) }

  function add(number: number, order: Omit<Live, 'place'>): void {
    live.set(number, { ...order, place: numbers.length })
    numbers.push(number)
    sides[order.side].add(order.price, number)
  }

  function drop(number: number, order: Live): void {
    live.delete(number)
    const last = numbers.pop()
    if (last !== undefined && last !== number) {
      numbers[order.place] = last
      const moved = live.get(last)
      if (moved !== undefined) moved.place = order.place
    }
    sides[order.side].drop(order.price)
  }

  function take(side: Side, limit: number, size: number): number {
    const makers = sides[side === 'buy' ? 'sell' : 'buy']
    let left = size
    while (left > 0) {
      const price = makers.best()
      if (price === undefined || (side === 'buy' ? price > limit : price < limit)) break
      const number = makers.first(price, (n) => live.has(n))
      const maker = live.get(number)
      if (maker === undefined) break
      const lots = Math.min(left, maker.left)
      maker.left -= lots
      left -= lots
      if (maker.left === 0) drop(number, maker)
    }
    return left
  }

  return {
    apply(step, number) {
      if (step.kind === 'cancel') {
        const order = live.get(step.target)
        if (order !== undefined) drop(step.target, order)
        return
      }
      const { side } = step
      const anyPrice = side === 'buy' ? Infinity : -Infinity
      const left = take(side, step.kind === 'limit' ? step.price : anyPrice, step.size)
      if (step.kind === 'limit' && left > 0) add(number, { side, price: step.price, left })
    },
    pick(random) {
      const target = numbers[Math.floor(random() * numbers.length)]
      const order = target === undefined ? undefined : live.get(target)
      return target === undefined || order === undefined ? undefined : { target, side: order.side }
    },
    best: (side) => sides[side].best(),
  }
}

/** Levels of one side; better is 1 when the higher price is better and -1 when the lower is. */
function createSide(better: 1 | -1) {
  const levels = new Map<number, Level>()
  /** Prices that have live orders, worst first. */
  const prices: number[] = []

  function placeOf(price: number): number {
    let low = 0
    let high = prices.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (((prices[middle] ?? 0) - price) * better < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    best: () => prices.at(-1),
    add(price: number, number: number): void {
      const level = levels.get(price) ?? { queue: [], head: 0, live: 0 }
      levels.set(price, level)
      if (level.live === 0) prices.splice(placeOf(price), 0, price)
      level.live += 1
      level.queue.push(number)
    },
    drop(price: number): void {
      const level = levels.get(price)
      if (level === undefined) return
      level.live -= 1
      if (level.live > 0) return
      prices.splice(placeOf(price), 1)
      levels.delete(price)
    },
    /** The earliest of a level that is still live. */
    first(price: number, isLive: (number: number) => boolean): number {
      const level = levels.get(price)
      if (level === undefined) return -1
      for (;;) {
        const number = level.queue[level.head]
        if (number === undefined) return -1
        if (isLive(number)) return number
        level.head += 1
      }
    },
  }
}

// Workload W1: a day at one market in a million commands, the same for everybody.
//
// xorshift32, seed 12345. First 10,000 resting limits, then per command: 49.9 % passive limits at
// the reference +- (1 + geometric of mean 32) ticks, 40.1 % cancels of a random live order, 5 %
// limits through the touch by 0 to 4 ticks, 5 % market orders; sizes 1 to 100; the reference walks
// +-1 with probability 1/32. Which orders are live is found by matching them on a book of its own.

import { createBareBook } from './bare-book.ts'

export const LIMIT = 0
export const MARKET = 1
export const CANCEL = 2

/** Columns by command; a cancel's target is the number of the command that placed the order. */
export type Workload = {
  readonly count: number
  readonly resting: number
  readonly kind: Uint8Array
  /** 0 buy, 1 sell. */
  readonly side: Uint8Array
  readonly price: Int32Array
  readonly size: Int32Array
  readonly target: Int32Array
}

const SEED = 12_345
const RESTING = 10_000
const FIRST_REFERENCE = 100_000
const MEAN_DISTANCE = 32
const SIZE_MAX = 100
const NOISE = 64

/** W1 with so many commands after the 10,000 resting orders. */
export function createWorkload(commands = 1_000_000): Workload {
  const count = RESTING + commands
  const columns = { kind: new Uint8Array(count), side: new Uint8Array(count) }
  const numbers = { price: new Int32Array(count), size: new Int32Array(count) }
  const workload = {
    count,
    resting: RESTING,
    ...columns,
    ...numbers,
    target: new Int32Array(count),
  }
  fill(workload)
  return workload
}

function fill(workload: Workload): void {
  const next = xorshift32(SEED)
  const live = createLive(workload.count)
  const book = createBareBook((order) => live.remove(order))
  let reference = FIRST_REFERENCE
  for (let i = 0; i < workload.count; i += 1) {
    if (next(32) === 0) reference += next(2) === 0 ? 1 : -1
    const draw = i < RESTING ? 0 : next(100)
    const side = next(2)
    const size = 1 + next(SIZE_MAX)
    if (draw < 90 && (i < RESTING || live.count() < RESTING - NOISE + next(2 * NOISE))) {
      put(workload, i, {
        kind: LIMIT,
        side,
        size,
        price: passive(book, reference, side, geometric(next)),
      })
    } else if (draw < 90) putCancel(workload, i, live.pick(next))
    else if (draw < 95) {
      const touch = book.best(1 - side) || reference
      const through = next(5)
      put(workload, i, {
        kind: LIMIT,
        side,
        size,
        price: touch + (side === 0 ? through : -through),
      })
    } else put(workload, i, { kind: MARKET, side, size, price: 0 })
    carryOut(workload, i, book, live)
  }
}

// A passive order never takes: where the reference has walked into the other side, it stops short.
function passive(book: Book, reference: number, side: number, distance: number): number {
  const touch = book.best(1 - side)
  const price = side === 0 ? reference - 1 - distance : reference + 1 + distance
  if (touch === 0) return price
  return side === 0 ? Math.min(price, touch - 1) : Math.max(price, touch + 1)
}

type Book = ReturnType<typeof createBareBook>
type Live = ReturnType<typeof createLive>

function carryOut(workload: Workload, i: number, book: Book, live: Live): void {
  const { kind, side, price, size, target } = workload
  if (kind[i] === CANCEL) {
    book.cancel(target[i] ?? 0)
    live.remove(target[i] ?? 0)
  } else if (kind[i] === MARKET) book.market(side[i] ?? 0, size[i] ?? 0)
  else if (book.limit(i, side[i] ?? 0, price[i] ?? 0, size[i] ?? 0) > 0) live.add(i)
}

type Line = {
  readonly kind: number
  readonly side: number
  readonly price: number
  readonly size: number
}

function put(workload: Workload, i: number, { kind, side, price, size }: Line): void {
  workload.kind[i] = kind
  workload.side[i] = side
  workload.price[i] = price
  workload.size[i] = size
}

function putCancel(workload: Workload, i: number, target: number): void {
  workload.kind[i] = CANCEL
  workload.side[i] = workload.side[target] ?? 0
  workload.target[i] = target
}

function xorshift32(seed: number): (below: number) => number {
  let x = seed
  return (below) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % below
  }
}

function geometric(next: (below: number) => number): number {
  const uniform = (next(1_000_000) + 1) / 1_000_001
  return Math.floor(Math.log(uniform) / Math.log(1 - 1 / (MEAN_DISTANCE + 1)))
}

/** A set of order numbers from which one can be picked at random. */
function createLive(count: number) {
  const list: number[] = []
  const places = new Int32Array(count).fill(-1)
  return {
    count: () => list.length,
    add: (order: number) => {
      places[order] = list.length
      list.push(order)
    },
    remove: (order: number) => {
      const place = places[order] ?? -1
      const last = list.pop()
      if (place < 0 || last === undefined) return
      if (last !== order) {
        list[place] = last
        places[last] = place
      }
      places[order] = -1
    },
    pick: (next: (below: number) => number) => list[next(list.length)] ?? 0,
  }
}

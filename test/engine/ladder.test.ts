// Ladder and book against sorted arrays: best prices, order of priority, no page left behind.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PRICE_TICKS_MAX } from '#engine/limits.ts'
import {
  createBook,
  firstOrder,
  leaveBook,
  orderAfter,
  restInBook,
  sideOfBook,
  takeLots,
} from '#engine/matching/book.ts'
import { createLadder, priceOf } from '#engine/matching/ladder.ts'
import {
  BUY,
  createOrders,
  freeSlot,
  HOT_INTS,
  HOT_NUMS,
  PRICE,
  REMAINING,
  SELL,
  takeSlot,
} from '#engine/matching/orders.ts'

type Standing = { readonly slot: number; readonly price: number; readonly came: number }

function createBench(side: number) {
  const memory = { ladder: createLadder(), orders: createOrders() }
  const book = createBook(memory.ladder)
  const of = sideOfBook(book, side)
  const standing: Standing[] = []
  let came = 0
  const { hot } = memory.orders
  return {
    memory,
    rest(price: number, lots = 5) {
      const slot = takeSlot(memory.orders)
      hot.i32[slot * HOT_INTS + PRICE] = price
      hot.f64[slot * HOT_NUMS + REMAINING] = lots
      restInBook(memory, of, slot)
      came += 1
      standing.push({ slot, price, came })
    },
    leave(pick: number) {
      const [one] = standing.splice(pick % standing.length, 1)
      if (one === undefined) return
      leaveBook(memory, of, one.slot)
      freeSlot(memory.orders, one.slot)
    },
    take: (slot: number, lots: number) => takeLots(memory, slot, lots),
    priority(): number[] {
      const slots: number[] = []
      for (let at = firstOrder(memory, of); at !== 0; at = orderAfter(memory, of, at))
        slots.push(at)
      return slots
    },
    expected(): number[] {
      const better = side === BUY ? -1 : 1
      const sorted = [...standing].sort((a, b) => better * (a.price - b.price) || a.came - b.came)
      return sorted.map(({ slot }) => slot)
    },
    best: () => (of.best === 0 ? 0 : priceOf(memory.ladder, of.best)),
    pagesInUse() {
      const { ladder } = memory
      let free = 0
      for (let page = ladder.freePage; page !== 0; page = ladder.pages[page * 264 + 8] ?? 0)
        free += 1
      return ladder.pagesUsed - 1 - free
    },
  }
}

const prices = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 200, max: 900 }),
  fc.integer({ min: 65_000, max: 66_000 }),
  fc.integer({ min: 16_777_000, max: 16_778_000 }),
  fc.integer({ min: 1, max: PRICE_TICKS_MAX }),
)
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ price: prices }) },
    { weight: 2, arbitrary: fc.record({ leave: fc.nat(1000) }) },
  ),
  { maxLength: 120 },
)

for (const side of [BUY, SELL]) {
  const name = side === BUY ? 'buys' : 'sells'
  test(`INV-04: ${name} stand in price-time priority, whatever comes and goes`, () => {
    fc.assert(
      fc.property(steps, (chosen) => {
        const bench = createBench(side)
        for (const step of chosen) {
          if ('price' in step) bench.rest(step.price)
          else bench.leave(step.leave)
          assert.deepEqual(bench.priority(), bench.expected())
        }
        while (bench.expected().length > 0) bench.leave(0)
        assert.equal(bench.best(), 0)
        assert.equal(bench.pagesInUse(), 2, 'only the two roots are left')
      }),
      { numRuns: 150 },
    )
  })

  test(`the extreme prices of ${name} are levels like all others`, () => {
    const bench = createBench(side)
    for (const price of [1, 255, 256, 257, 65_535, 65_536, 16_777_216, PRICE_TICKS_MAX]) {
      bench.rest(price)
      bench.rest(price)
    }
    assert.deepEqual(bench.priority(), bench.expected())
    assert.equal(bench.best(), side === BUY ? PRICE_TICKS_MAX : 1)
  })
}

test('INV-04: a level that is emptied with lots left over is a bug', () => {
  const bench = createBench(SELL)
  bench.rest(7, 5)
  const { levels } = bench.memory.ladder
  levels.f64[4] = (levels.f64[4] ?? 0) + 1
  assert.throws(() => bench.leave(0), /INV-04/)
})

test('lots taken from an order are taken from its level, and it keeps its place', () => {
  const bench = createBench(SELL)
  bench.rest(7, 5)
  bench.rest(7, 6)
  const [first = 0] = bench.priority()
  bench.take(first, 4)
  assert.equal(bench.memory.ladder.levels.f64[4], 7)
  assert.deepEqual(bench.priority(), bench.expected())
})

test('pages, levels and slots grow and are used again', () => {
  const bench = createBench(BUY)
  for (let i = 0; i < 3000; i += 1) bench.rest(1 + i * 300)
  const { pagesUsed, levelsUsed } = bench.memory.ladder
  const { used } = bench.memory.orders
  for (let i = 0; i < 3000; i += 1) bench.leave(i)
  for (let i = 0; i < 3000; i += 1) bench.rest(2 + i * 300)
  assert.equal(bench.memory.ladder.pagesUsed, pagesUsed)
  assert.equal(bench.memory.ladder.levelsUsed, levelsUsed)
  assert.equal(bench.memory.orders.used, used)
  assert.deepEqual(bench.priority(), bench.expected())
})

// The core's book against arrays: price-time priority over the whole range of prices.
//
// The book is the benchmark's bare one: the same ladder, levels, slots and index of orders that the
// engine uses, without money around them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBareBook } from '#scripts/bench/bare-book.ts'

const PRICE_MAX = 2_147_483_647
type Resting = {
  readonly order: number
  readonly side: number
  readonly price: number
  size: number
}

/** The same calls over one array, written to be read. */
function createNaiveBook(onGone: (order: number) => void) {
  const resting: Resting[] = []
  const of = (side: number) =>
    resting
      .filter((order) => order.side === side)
      .sort((a, b) => (side === 0 ? b.price - a.price : a.price - b.price) || a.order - b.order)
  function match(side: number, worst: number, size: number): number {
    let rest = size
    for (const maker of of(1 - side)) {
      if (rest === 0 || (side === 0 ? maker.price > worst : maker.price < worst)) break
      const lots = Math.min(rest, maker.size)
      maker.size -= lots
      rest -= lots
      if (maker.size > 0) continue
      resting.splice(resting.indexOf(maker), 1)
      onGone(maker.order)
    }
    return rest
  }
  return {
    limit(order: number, side: number, price: number, size: number) {
      const rest = match(side, price, size)
      if (rest > 0) resting.push({ order, side, price, size: rest })
      return rest
    },
    market: (side: number, size: number) => match(side, side === 0 ? PRICE_MAX : 1, size),
    cancel(order: number) {
      const at = resting.findIndex((one) => one.order === order)
      if (at >= 0) resting.splice(at, 1)
      return at >= 0
    },
    best: (side: number) => of(side)[0]?.price ?? 0,
    openLots: () => resting.reduce((sum, { size }) => sum + size, 0),
  }
}

// Close together, at the borders of pages of every height, and at the ends of the range.
const price = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 95, max: 105 }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(256, 65_536, 16_777_216), fc.integer({ min: -2, max: 2 }))
      .map(([border, away]) => border + away),
  },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: PRICE_MAX }) },
  { weight: 1, arbitrary: fc.constantFrom(1, PRICE_MAX) },
)
const side = fc.constantFrom(0, 1)
const size = fc.integer({ min: 1, max: 9 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('limit' as const), side, price, size }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('market' as const), side, size }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), back: fc.nat(40) }) },
)

test('INV-04: the book does what one sorted array does, whatever the prices', () => {
  const property = fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
    const gone: [number[], number[]] = [[], []]
    const ours = createBareBook((order) => gone[0].push(order))
    const naive = createNaiveBook((order) => gone[1].push(order))
    steps.forEach((one, at) => {
      const order = at + 1
      if (one.do === 'limit') {
        const rest = naive.limit(order, one.side, one.price, one.size)
        assert.equal(ours.limit(order, one.side, one.price, one.size), rest)
      } else if (one.do === 'market') {
        assert.equal(ours.market(one.side, one.size), naive.market(one.side, one.size))
      } else {
        assert.equal(ours.cancel(order - one.back) !== 0, naive.cancel(order - one.back))
      }
      assert.deepEqual([ours.best(0), ours.best(1)], [naive.best(0), naive.best(1)])
    })
    assert.deepEqual(gone[0], gone[1], 'the same orders were filled, in the same order')
    assert.equal(ours.openLots(), naive.openLots())
  })
  fc.assert(property, { seed: 20_261_128, numRuns: 300 })
})

test('thousands of orders, levels and pages come and go and leave an empty book', () => {
  const book = createBareBook()
  for (let order = 1; order <= 20_000; order += 1) book.limit(order, 0, order * 100_003, 1)
  assert.equal(book.openLots(), 20_000)
  assert.equal(book.best(0), 20_000 * 100_003)
  for (let order = 1; order <= 20_000; order += 1) {
    assert.equal(book.cancel(((order * 7_919) % 20_000) + 1), 1)
  }
  assert.deepEqual([book.openLots(), book.best(0), book.market(1, 5)], [0, 0, 5])
})

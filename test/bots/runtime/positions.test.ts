// Positions: opened, reduced, closed, turned round; dust stays in the size.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emptyKept } from '#bots/runtime/kept.ts'
import { charge, positionFigures, positionOf, type Trade, trade } from '#bots/runtime/positions.ts'
import { BTC_USDC } from './fake-venue.ts'

const REFERENCE = 'internal:BTC-USDC'

function begin() {
  const kept = emptyKept()
  const position = positionOf(kept, REFERENCE)
  const fill = (side: 'buy' | 'sell', base: number, price: number, now = 1): string[] => {
    const one: Trade = { side, base, quote: base * price, now }
    return trade(position, BTC_USDC, one).map(({ kind }) => kind)
  }
  return { position, fill, figures: () => positionFigures(kept, REFERENCE) }
}

test('a position opens once, with the average price of its fills as entry', () => {
  const { fill, figures } = begin()
  assert.deepEqual(fill('buy', 1, 100), ['opened'])
  assert.deepEqual(fill('buy', 3, 200), [])
  assert.deepEqual([figures().size, figures().entry], [4, 175])
})

test('what is closed is realised, and the entry of the rest stays', () => {
  const { fill, figures, position } = begin()
  fill('buy', 2, 100)
  assert.deepEqual(fill('sell', 1, 130), [])
  assert.deepEqual([figures().entry, figures().realised], [100, 30])
  assert.deepEqual(fill('sell', 1, 90), ['closed'])
  assert.deepEqual([position.size, position.realised, figures().entry], [0, 20, 0])
})

test('a fill that is larger than the position closes it and opens the opposite one', () => {
  const { fill, figures } = begin()
  fill('buy', 1, 100)
  assert.deepEqual(fill('sell', 3, 110), ['closed', 'opened'])
  assert.deepEqual([figures().size, figures().entry, figures().realised], [-2, 110, 0])
  assert.deepEqual(fill('buy', 2, 100), ['closed'])
  assert.equal(figures().realised, 20)
})

test('less than a lot is no position: it closes, and what is left is carried', () => {
  const { fill, figures, position } = begin()
  fill('buy', 1, 100)
  charge(position, BTC_USDC, 0.000004)
  assert.deepEqual(fill('sell', 0.99999, 100), ['closed'])
  assert.equal(figures().size, 0.000006)
  assert.deepEqual(fill('buy', 1, 100), ['opened'])
  assert.equal(figures().size, 1.000006)
})

test('sums of lots are the lots they are, whatever the order of the fills', () => {
  const lots = fc.array(fc.integer({ min: 1, max: 100_000 }), {
    minLength: 1,
    maxLength: 50,
    size: 'max',
  })
  fc.assert(
    fc.property(lots, (all) => {
      const { fill, figures } = begin()
      for (const one of all) fill('buy', one / 1e5, 100)
      const sum = all.reduce((total, one) => total + one, 0)
      assert.equal(figures().size, sum / 1e5)
      for (const one of all) fill('sell', one / 1e5, 100)
      assert.equal(figures().size, 0)
    }),
  )
})

test('a position is open from its first fill until dust is left', () => {
  const { fill, figures } = begin()
  assert.equal(figures().isOpen, false)
  fill('buy', 1, 100)
  assert.equal(figures().isOpen, true)
  fill('sell', 0.999995, 100)
  assert.deepEqual([figures().isOpen, figures().size], [false, 0.000005])
})

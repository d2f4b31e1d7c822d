// Equality of plain data sees every difference that a comparison of events and images must see.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { isAlike } from './equality.ts'

const data = fc.jsonValue({ maxDepth: 3 })
const SAMPLES = [
  ...[null, 0, -0, 1, '', '1', true, false, undefined, Number.NaN, 1n, [], {}, [0], [1], [[]]],
  ...[{ a: 1 }, { a: 1, b: undefined }, { b: 1 }, { a: 1, b: 2 }, { b: 2, a: 1 }, { a: [1, 2] }],
  ...[[undefined], { a: undefined }, { a: null }, { a: { b: 1 } }, { a: { b: 2 } }],
]

test('equality decides as that of node does, for samples and for random data', () => {
  for (const one of SAMPLES) {
    for (const other of SAMPLES) assert.equal(isAlike(one, other), isDeepStrictEqual(one, other))
  }
  const property = fc.property(data, data, (one, other) => {
    assert.equal(isAlike(one, other), isDeepStrictEqual(one, other))
    assert.ok(isAlike(one, structuredClone(one)))
  })
  fc.assert(property, { seed: 20_260_108, numRuns: 500 })
})

// ChainAmount: the strict grammar of decimals at the chain's edge.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatChainAmount, parseChainAmount } from '#connectors/evm/chain-amount.ts'

test('every amount is read back from its own text', () => {
  const amount = fc.bigInt({ min: 0n, max: 2n ** 190n })
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 18 }), (units, decimals) => {
      assert.equal(parseChainAmount(formatChainAmount(units, decimals), decimals), units)
    }),
    { seed: 41 },
  )
})

test('text that is no plain decimal is refused', () => {
  const bad = ['', '1.', '.5', '01', '+1', '-1', '1e3', ' 1', '1 ', '1\n', '1,5', '0x1', '١', 'NaN']
  for (const text of bad) assert.equal(parseChainAmount(text, 6), undefined, JSON.stringify(text))
})

test('more digits than the token has are refused, even zeros', () => {
  assert.equal(parseChainAmount('1.0000000', 6), undefined)
  assert.equal(parseChainAmount('1.0', 0), undefined)
  assert.equal(parseChainAmount('1.000001', 6), 1_000_001n)
})

test('negative amounts are written with their sign', () => {
  assert.equal(formatChainAmount(-1n, 6), '-0.000001')
  assert.equal(formatChainAmount(-15n, 0), '-15')
})

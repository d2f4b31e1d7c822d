// Amounts: exact to the last unit, refused where they would not be.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  feeRoundedUp,
  formatDecimal,
  high32,
  join64,
  low32,
  mulDivDown,
  mulDivUp,
  mulExact,
  parseDecimal,
  SAFE_MAX,
} from '#kernel/amount.ts'

const safe = fc.oneof(
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 1000 }),
  fc.constantFrom(SAFE_MAX, SAFE_MAX - 1, 2 ** 32, 2 ** 32 - 1, 2 ** 31, 999_999, 1_000_000),
)
const scales = fc.integer({ min: 0, max: 18 })

test('a formatted amount is read back as itself', () => {
  fc.assert(
    fc.property(safe, scales, (units, scale) => {
      assert.deepEqual(parseDecimal(formatDecimal(units, scale), scale), { ok: true, units })
    }),
  )
})

test('decimals are written with all their digits', () => {
  assert.equal(formatDecimal(150, 2), '1.50')
  assert.equal(formatDecimal(0, 8), '0.00000000')
  assert.equal(formatDecimal(5, 0), '5')
  assert.equal(formatDecimal(-7, 1), '-0.7')
  assert.throws(() => formatDecimal(0.5, 1))
  assert.throws(() => formatDecimal(2 ** 53, 1))
})

test('the grammar of decimals has no signs, exponents, spaces or bare points', () => {
  const malformed = ['', '-1', '+1', '1e3', ' 1', '1 ', '.5', '1.', '01', '1,5', '١', 'NaN', '0x1']
  for (const text of malformed) {
    assert.deepEqual(parseDecimal(text, 8), { ok: false, why: 'malformed' }, JSON.stringify(text))
  }
  assert.equal(parseDecimal('1'.repeat(41), 8).ok, false)
})

test('surplus digits are refused, also when they are zeros', () => {
  assert.deepEqual(parseDecimal('1.50', 1), { ok: false, why: 'too_precise' })
  assert.deepEqual(parseDecimal('1.5', 1), { ok: true, units: 15 })
  assert.deepEqual(parseDecimal('1.0', 0), { ok: false, why: 'too_precise' })
})

test('what passes 2^53 - 1 units is refused', () => {
  assert.deepEqual(parseDecimal('9007199254740991', 0), { ok: true, units: SAFE_MAX })
  assert.deepEqual(parseDecimal('9007199254740992', 0), { ok: false, why: 'too_large' })
  assert.deepEqual(parseDecimal('90071992.54740991', 8), { ok: true, units: SAFE_MAX })
  assert.deepEqual(parseDecimal('90071992.54740992', 8), { ok: false, why: 'too_large' })
})

test('products and quotients are those of whole numbers, or -1', () => {
  const within = (value: bigint) => (value <= BigInt(SAFE_MAX) ? Number(value) : -1)
  fc.assert(
    fc.property(safe, safe, fc.integer({ min: 1, max: SAFE_MAX }), (a, b, c) => {
      const product = BigInt(a) * BigInt(b)
      assert.equal(mulExact(a, b), within(product))
      assert.equal(mulDivDown(a, b, c), within(product / BigInt(c)))
      assert.equal(mulDivUp(a, b, c), within((product + BigInt(c) - 1n) / BigInt(c)))
    }),
    { numRuns: 1000 },
  )
})

test('a fee is rounded up, for every notional and rate', () => {
  fc.assert(
    fc.property(safe, fc.integer({ min: 0, max: 1_000_000 }), (notional, rate) => {
      const exact = (BigInt(notional) * BigInt(rate) + 999_999n) / 1_000_000n
      assert.equal(feeRoundedUp(notional, rate), Number(exact))
    }),
    { numRuns: 1000 },
  )
})

test('a safe integer survives its two halves', () => {
  fc.assert(
    fc.property(safe, (value) => {
      assert.equal(join64(low32(value), high32(value)), value)
      assert.ok(Number.isInteger(low32(value)) && Math.abs(low32(value)) <= 2 ** 31)
      assert.ok(high32(value) >= 0 && high32(value) < 2 ** 21)
    }),
  )
})

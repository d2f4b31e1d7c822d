// Order terms: what the ticket says an order costs, against numbers worked out by hand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  beforeFee,
  feeUp,
  notionalUp,
  scalesOf,
  shareOfBase,
  sizeDown,
  textOf,
  unitsOf,
  walkBook,
} from '#platform/web/model/order-terms.ts'

const FEES = { makerFeeBps: 2, takerFeeBps: 5, rules: { collarBps: 500 } }
const btc = scalesOf({
  ...{ tickSize: '0.1', lotSize: '0.00001', baseScale: 8, quoteScale: 6 },
  ...FEES,
})
/** A lot of 1 and five digits of price: fewer digits than the quote asset has. */
const gbp = scalesOf({
  ...{ tickSize: '0.00001', lotSize: '1', baseScale: 6, quoteScale: 6 },
  ...FEES,
})

function cost(scales: typeof btc, price: string, size: string): string {
  const [p, s] = [unitsOf(price, scales.price) ?? 0, unitsOf(size, scales.size) ?? 0]
  return textOf(notionalUp(scales, p, s) ?? -1, scales.quote)
}

test('a notional is price times size, exactly', () => {
  assert.equal(cost(btc, '46432.1', '0.5'), '23216.05')
  assert.equal(cost(btc, '0.1', '0.00001'), '0.000001')
  assert.equal(cost(gbp, '1.26543', '1000'), '1265.43')
})

test('a notional beyond 2^53 units is not shown', () => {
  assert.equal(notionalUp(btc, Number.MAX_SAFE_INTEGER, 2), undefined)
  assert.equal(notionalUp(gbp, Number.MAX_SAFE_INTEGER, 2), undefined)
})

test('a fee is rounded up to the unit', () => {
  assert.equal(feeUp(btc, 4_643_210_000), 2_321_605)
  assert.equal(feeUp(btc, 1), 1)
})

test('the fee is counted at the higher of both rates, and a rebate as none', () => {
  const shape = { tickSize: '0.1', lotSize: '0.00001', baseScale: 8, quoteScale: 6 }
  const rate = (makerFeeBps: number, takerFeeBps: number) =>
    scalesOf({ ...shape, ...FEES, makerFeeBps, takerFeeBps }).feeRate
  assert.deepEqual([rate(2, 5), rate(7.25, 5), rate(-1, 0)], [500, 725, 0])
})

test('the size that a sum pays for is in whole lots and never costs more', () => {
  const price = 464_321
  for (const quote of [1, 463_210, 464_321, 1_000_000, 99_999_999_999]) {
    const size = sizeDown(btc, price, quote)
    assert.ok((notionalUp(btc, price, size) ?? 0) <= quote)
    assert.ok((notionalUp(btc, price, size + btc.lotUnits) ?? 0) > quote)
  }
  const all = beforeFee(btc, 100_000_000_000)
  const notional = notionalUp(btc, price, sizeDown(btc, price, all)) ?? 0
  // The engine holds notional + fee + 1 for a buy.
  assert.ok(notional + feeUp(btc, notional) + 1 <= 100_000_000_000)
})

test('a share of a balance is cut to whole lots', () => {
  assert.equal(shareOfBase(btc, 250_000_000, 100), 250_000)
  assert.equal(shareOfBase(btc, 250_000_999, 25), 62_500)
  assert.equal(shareOfBase(gbp, 8_000_999_999, 100), 8_000)
})

test('a market order walks the book level by level', () => {
  const asks = [
    ['100.0', '0.50000'],
    ['101.0', '0.50000'],
  ] as const
  const bySize = walkBook(btc, asks, { size: 75_000 })
  assert.deepEqual(bySize, { size: 75_000, notional: 75_250_000, isWhole: true })
  const byQuote = walkBook(btc, asks, { quote: 75_250_000 })
  assert.deepEqual(byQuote, { size: 75_000, notional: 75_250_000, isWhole: true })
  assert.equal(walkBook(btc, asks, { size: 100_000 }).isWhole, true)
  assert.equal(walkBook(btc, asks, { size: 100_001 }).isWhole, false)
  assert.equal(walkBook(btc, asks, { quote: 1_000_000_000 }).isWhole, false)
})

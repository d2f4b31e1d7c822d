// Builder: bars out of trades and out of shorter bars, by the rules its header states.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createBuilder,
  FLAT_BARS_MAX,
  GRACE_US,
  printOfBar,
  printOfTrade,
} from '#bots/bars/builder.ts'
import { intervalUs } from '#bots/bars/interval.ts'
import type { Bar } from '#connectors/venue.ts'

const S = 1_000_000

function begin(interval = '10s') {
  const bars: Bar[] = []
  const builder = createBuilder(intervalUs(interval), (bar) => bars.push(bar))
  const trade = (second: number, price: number, size = 1) =>
    builder.print(printOfTrade(price, size, second * S))
  return { bars, builder, trade }
}

test('a bar is the open, high, low, close and volume of its trades', () => {
  const { bars, builder, trade } = begin()
  trade(10, 5, 1)
  trade(13, 9, 2)
  trade(15, 3, 1)
  trade(19.9, 4, 0.5)
  assert.deepEqual(bars, [])
  builder.passTo(20 * S + GRACE_US)
  const openAt = 10 * S
  assert.deepEqual(bars, [{ openAt, open: 5, high: 9, low: 3, close: 4, volume: 4.5 }])
})

test('a bar closes with the first trade of the next one, or when its grace has passed', () => {
  const { bars, builder, trade } = begin()
  trade(10, 5)
  builder.passTo(20 * S + GRACE_US - 1)
  assert.equal(bars.length, 0)
  trade(20, 6)
  assert.equal(bars.length, 1)
  builder.passTo(30 * S + GRACE_US)
  assert.equal(bars.length, 2)
})

test('a trade that comes late for a closed bar is counted and changes nothing', () => {
  const { bars, builder, trade } = begin()
  trade(10, 5)
  builder.passTo(20 * S + GRACE_US)
  const before = structuredClone(bars)
  assert.equal(trade(19, 100), false)
  assert.equal(trade(1, 100), false)
  assert.deepEqual(bars, before)
  assert.equal(builder.refused(), 2)
})

test('a trade late by less than the grace is still of its bar', () => {
  const { bars, builder, trade } = begin()
  trade(10, 5)
  builder.passTo(20 * S + GRACE_US - 1)
  assert.equal(trade(19.99, 7), true)
  builder.passTo(20 * S + GRACE_US)
  assert.equal(bars[0]?.close, 7)
})

test('within the open bar the earliest trade is the open, however they come', () => {
  const { bars, builder, trade } = begin()
  trade(15, 5)
  trade(11, 7)
  trade(18, 6)
  trade(16, 9)
  builder.passTo(20 * S + GRACE_US)
  assert.deepEqual([bars[0]?.open, bars[0]?.close], [7, 6])
})

test('where nothing was traded the bar is flat at the last close, without volume', () => {
  const { bars, trade } = begin()
  trade(10, 5)
  trade(42, 8)
  const flat = { open: 5, high: 5, low: 5, close: 5, volume: 0 }
  assert.deepEqual(bars.slice(1), [
    { openAt: 20 * S, ...flat },
    { openAt: 30 * S, ...flat },
  ])
})

test('a gap is filled up to its limit, and left out beyond it', () => {
  for (const [missing, filled] of [
    [FLAT_BARS_MAX - 1, FLAT_BARS_MAX - 1],
    [FLAT_BARS_MAX, FLAT_BARS_MAX],
    [FLAT_BARS_MAX + 1, 0],
  ] as const) {
    const { bars, trade } = begin('1s')
    trade(1, 5)
    trade(2 + missing, 6)
    assert.equal(bars.length, 1 + filled, `${missing} missing`)
    assert.equal(trade(2 + missing - 1, 9), false, 'what is before the gap is over')
  }
})

test('prints that are no prices are refused', () => {
  const { builder, trade } = begin()
  for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(trade(10, price), false)
  }
  assert.equal(trade(10, 5, -1), false)
  assert.equal(trade(10, 5, Number.NaN), false)
  assert.equal(trade(Number.NaN, 5), false)
  const bar = { openAt: 0, open: 5, high: 4, low: 3, close: 4, volume: 1 }
  assert.equal(builder.print(printOfBar(bar, S)), false)
})

test('bars of shorter bars are the bars of their trades', () => {
  const trades = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 7 }), price: fc.integer({ min: 1, max: 99 }) }),
    { minLength: 1, maxLength: 60 },
  )
  fc.assert(
    fc.property(trades, (all) => {
      const direct = begin('12s')
      const through = begin('12s')
      const short = createBuilder(4 * S, (bar) => {
        if (bar.volume > 0) through.builder.print(printOfBar(bar, 4 * S))
        through.builder.passTo(bar.openAt + 4 * S)
      })
      let second = 0
      for (const { wait, price } of all) {
        second += wait
        direct.trade(second, price)
        short.print(printOfTrade(price, 1, second * S))
      }
      for (const builder of [direct.builder, short, through.builder]) {
        builder.passTo((second + 24) * S + GRACE_US)
      }
      const last = direct.bars.length
      assert.deepEqual(through.bars.slice(0, last), direct.bars)
    }),
  )
})

test('after history the next bar follows its last one', () => {
  const { bars, builder, trade } = begin()
  builder.resume({ openAt: 10 * S, open: 1, high: 1, low: 1, close: 1, volume: 1 })
  assert.equal(trade(15, 2), false)
  trade(35, 2)
  assert.deepEqual(bars, [{ openAt: 20 * S, open: 1, high: 1, low: 1, close: 1, volume: 0 }])
})

test('intervals are whole numbers of seconds to weeks, and nothing else', () => {
  assert.equal(intervalUs('1s'), S)
  assert.equal(intervalUs('90s'), 90 * S)
  assert.equal(intervalUs('4h'), 4 * 3_600 * S)
  assert.equal(intervalUs('7d'), 7 * 86_400 * S)
  for (const text of ['0s', '8d', '1', 's', '1.5m', '1w', '-1m', '01m', ' 1m', '500ms']) {
    assert.throws(() => intervalUs(text), /not an interval/, text)
  }
})

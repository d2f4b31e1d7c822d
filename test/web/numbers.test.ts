// Numbers as people read them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawdown } from '#platform/web/model/bots.ts'
import { readGauges } from '#platform/web/model/gauges.ts'
import {
  ageText,
  decimalsOf,
  grouped,
  percent,
  plain,
  shortened,
  signed,
  UNKNOWN,
} from '#platform/web/model/numbers.ts'

test('thousands are separated and digits kept', () => {
  assert.equal(grouped('46432.10'), '46,432.10')
  assert.equal(grouped('1234567'), '1,234,567')
  assert.equal(grouped('0.00001234'), '0.00001234')
  assert.equal(grouped(null), UNKNOWN)
})

test('shortening cuts and never rounds up', () => {
  assert.equal(shortened('1999.999999', 2), '1,999.99')
  assert.equal(shortened('5', 2), '5.00')
  assert.equal(shortened('4643.21', 0), '4,643')
})

test('surplus zeros go, others stay', () => {
  assert.equal(plain('100000.500000'), '100,000.5')
  assert.equal(plain('2.00000000'), '2')
  assert.equal(plain('100'), '100')
})

test('changes have a sign', () => {
  assert.deepEqual([percent(1.236), percent(-0.5), percent(0)], ['+1.24 %', '−0.50 %', '0.00 %'])
  assert.deepEqual([signed('12.5'), signed('-3000.1'), signed('0.0')], ['+12.5', '−3,000.1', '0.0'])
})

test('decimals and ages are counted', () => {
  assert.deepEqual([decimalsOf('0.00001'), decimalsOf('1')], [5, 0])
  assert.deepEqual([ageText(4_400), ageText(180_000), ageText(7.2e6)], ['4 s', '3 min', '2 h'])
})

test('a drawdown is the deepest fall from a peak', () => {
  assert.equal(drawdown([1]), null)
  assert.equal(drawdown([100, 110, 99, 120, 114]), 0.1)
})

test('gauges without labels are read from the metrics', () => {
  const text = '# HELP x\ncrossbook_commit_p99_ms 1.5\ncrossbook_http{route="/"} 3\nother 4\n'
  assert.deepEqual([...readGauges(text)], [['commit_p99_ms', 1.5]])
})

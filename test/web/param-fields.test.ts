// Parameters as fields: what a person writes becomes the value that the strategy takes, or is
// refused beside the field with its bounds.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { p } from '#bots/params.ts'
import {
  controlOf,
  hintOf,
  type Param,
  readParam,
  type Written,
  writtenOf,
} from '#platform/web/model/param-fields.ts'

const INT: Param = { name: 'period', kind: 'int', initial: 12, min: 2, max: 2_000 }
const NUMBER: Param = { name: 'percent', kind: 'number', initial: 5, min: 0.1, max: 50 }
const NUMBERS: Param = { name: 'steps', kind: 'numbers', initial: [0.5, 1], min: 0, max: 1 }
const MARKET: Param = { name: 'market', kind: 'market', initial: 'internal:ETH-USDC' }
const CHOICE: Param = { name: 'mood', kind: 'choice', initial: 'calm', choices: ['calm', 'bold'] }
const BOOL: Param = { name: 'hedged', kind: 'bool', initial: true }

function given(param: Param, written: Written) {
  const read = readParam(param, written)
  return read.ok ? read.value : read.why
}

test('numbers fit at their bounds and not beyond them', () => {
  for (const [param, written, value] of [
    [INT, '2', 2],
    [INT, ' 2,000 ', 2_000],
    [INT, '1', 'A whole number from 2 to 2,000.'],
    [INT, '2001', 'A whole number from 2 to 2,000.'],
    [INT, '2.5', 'A whole number from 2 to 2,000.'],
    [INT, '', 'A whole number from 2 to 2,000.'],
    [NUMBER, '0.1', 0.1],
    [NUMBER, '50', 50],
    [NUMBER, '0.09', 'A number from 0.1 to 50.'],
    [NUMBER, 'much', 'A number from 0.1 to 50.'],
    [NUMBER, 'Infinity', 'A number from 0.1 to 50.'],
  ] as const) {
    assert.equal(given(param, written), value, `${param.name} ${written}`)
  }
})

test('lists, markets, choices and yes or no are read as what they are', () => {
  assert.deepEqual(given(NUMBERS, '0.5, 1  0'), [0.5, 1, 0])
  assert.match(String(given(NUMBERS, '0.5, 1.1')), /from 0 to 1/)
  assert.equal(given(MARKET, 'uniswap-v2:ETH-USDC'), 'uniswap-v2:ETH-USDC')
  assert.match(String(given(MARKET, 'eth usdc')), /A market/)
  assert.equal(given(CHOICE, 'bold'), 'bold')
  assert.match(String(given(CHOICE, 'mad')), /One of calm, bold/)
  assert.equal(given(BOOL, false), false)
})

test('what a strategy itself would refuse is refused, and what it takes is taken', () => {
  const [int, market] = [p.int(2, 2_000, 12), p.market('internal:ETH-USDC')]
  for (const text of ['1', '2', '12', '2000', '2001', '1e3', '0x10', '-3', '12.0001']) {
    const read = readParam(INT, text)
    assert.equal(read.ok, int.read(Number(text)) !== undefined, text)
  }
  for (const text of ['internal:BTC-USDC', 'BTC-USDC', 'X', 'a:b', 'internal:', ':BTC', 'Ü']) {
    assert.equal(readParam(MARKET, text).ok, market.read(text) !== undefined, text)
  }
})

test('a field begins with the first value or the one that runs, and says its bounds', () => {
  assert.equal(writtenOf(NUMBERS), '0.5, 1')
  assert.equal(writtenOf(INT, 30), '30')
  assert.equal(writtenOf(BOOL, false), false)
  assert.equal(hintOf(INT), '2 to 2,000, first 12')
  assert.equal(hintOf(CHOICE), 'first calm')
})

test('a kind that is not known is shown by its first value', () => {
  assert.equal(controlOf({ name: 'x', kind: 'colour', initial: '#fff' }), 'text')
  assert.equal(controlOf({ name: 'x', kind: 'angle', initial: 90 }), 'number')
  assert.equal(controlOf({ name: 'x', kind: 'flag', initial: true }), 'bool')
  assert.equal(given({ name: 'x', kind: 'angle', initial: 90 }, '-7.5'), -7.5)
})

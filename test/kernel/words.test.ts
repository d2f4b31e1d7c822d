// The shared words: assertions, results, refusals, ids, times and start errors.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AssertionFailed, assert as must, unreachable } from '#kernel/assert.ts'
import { asId, CALLER_ID, SYMBOL } from '#kernel/ids.ts'
import { REFUSALS, type RefusalCode, refusalNumber, refusalOf } from '#kernel/refusals.ts'
import { accept, refuse } from '#kernel/result.ts'
import { StartError } from '#kernel/start-error.ts'
import { asMicros, MINUTE_US, SECOND_US } from '#kernel/time.ts'

test('an assertion throws with its message only when its condition is false', () => {
  must(true, 'INV-01: never seen')
  assert.throws(() => must(false, 'INV-01: the sum is 0'), {
    name: 'AssertionFailed',
    message: 'INV-01: the sum is 0',
  })
  assert.throws(() => unreachable('a case' as never), AssertionFailed)
})

test('every refusal has a number of its own that leads back to its code', () => {
  const codes = Object.keys(REFUSALS) as RefusalCode[]
  const numbers = codes.map(refusalNumber)
  const kept = [13, ...Array.from({ length: 19 }, (_, at) => 41 + at)]
  const all = [...numbers, ...kept].sort((a, b) => a - b)
  assert.deepEqual(
    all,
    Array.from(all, (_, at) => at + 1),
    'numbers never move',
  )
  for (const code of codes) assert.equal(refusalOf(refusalNumber(code)), code)
  assert.equal(refusalOf(0), undefined, '0 stands for done')
  assert.equal(refusalOf(all.length + 1), undefined)
})

test('every refusal has a status of HTTP and a sentence for people', () => {
  for (const [code, { status, text }] of Object.entries(REFUSALS)) {
    assert.ok(status >= 400 && status < 600, code)
    assert.match(text, /^[A-Za-z].*\.$/, code)
  }
})

test('a refusal number fits the seven bits that a cancelled event has for it', () => {
  for (const { number } of Object.values(REFUSALS)) assert.ok(number > 0 && number < 128)
})

test('a result is accepted with a value or refused with a code', () => {
  assert.deepEqual(accept(7), { ok: true, value: 7 })
  assert.deepEqual(refuse('not_found'), { ok: false, code: 'not_found' })
  const details = { asset: 'BTC' }
  assert.deepEqual(refuse('not_found', details), { ok: false, code: 'not_found', details })
})

test('callers choose ids of 1 to 36 harmless characters', () => {
  for (const id of ['a', 'A9._:-', 'x'.repeat(36)]) assert.match(id, CALLER_ID)
  for (const id of ['', 'x'.repeat(37), 'a b', 'é', 'a\n', 'a/b'])
    assert.doesNotMatch(id, CALLER_ID)
})

test('symbols are short capitals, digits and dashes', () => {
  for (const symbol of ['BTC-USDC', 'A', '1INCH']) assert.match(symbol, SYMBOL)
  for (const symbol of ['', 'btc', 'BTC/USD', 'X'.repeat(21)]) assert.doesNotMatch(symbol, SYMBOL)
})

test('brands are numbers and nothing else', () => {
  assert.equal(asId<never>(7), 7)
  assert.equal(asMicros(MINUTE_US), 60 * SECOND_US)
})

test('a start error is told by its name', () => {
  const error = new StartError('port 3000 is in use')
  assert.equal(error.name, 'StartError')
  assert.ok(error instanceof Error)
})

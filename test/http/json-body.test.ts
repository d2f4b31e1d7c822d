// JSON bodies: what JSON.parse would quietly let through is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJsonBody } from '#platform/http/json-body.ts'

const read = (text: string) => readJsonBody(Buffer.from(text))

test('plain JSON is read as it is', () => {
  for (const text of ['{}', '[]', '1', '"a"', '{"a":{"b":[{"a":1},{"a":2}]}}', '{"a":"b\\"c"}']) {
    assert.deepEqual(read(text), { ok: true, value: JSON.parse(text) }, text)
  }
})

test('a repeated key is refused at any depth and with any spacing', () => {
  const texts = [
    ...['{"a":1,"a":1}', '{"a":1,"b":2,"a" \n: 3}', '{"x":{"a":1,"a":2}}', '[{"a":1,"a":2}]'],
    ...['{"a":{"a":1},"a":2}', '{"":1,"":2}', '{"a":"a","b":":","a":1}'],
  ]
  for (const text of texts) assert.equal(read(text).ok, false, text)
})

test('the same key in different objects, and keys as values, are fine', () => {
  const texts = ['{"a":{"a":{"a":"a"}}}', '[{"a":1},{"a":1}]', '{"a":"b","b":"a"}', '["a","a"]']
  for (const text of texts) assert.equal(read(text).ok, true, text)
})

test('__proto__, escaped keys, depth, and broken UTF-8 are refused', () => {
  assert.equal(read('{"__proto__":{"a":1}}').ok, false)
  assert.equal(read('{"\\u0061":1,"a":2}').ok, false)
  assert.equal(read(`${'['.repeat(8)}${']'.repeat(8)}`).ok, true)
  assert.equal(read(`${'['.repeat(9)}${']'.repeat(9)}`).ok, false)
  assert.equal(readJsonBody(Buffer.from([0x22, 0xff, 0x22])).ok, false)
})

test('unfinished texts are refused and never loop', () => {
  for (const text of ['{"a', '{"a\\', '"', '{', '[', '{"a":', '']) {
    assert.equal(read(text).ok, false, text)
  }
})

// docs/security.md names each promise with the test that holds it: the tests are there, and every
// promise has one.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const [promised = ''] = readFileSync('docs/security.md', 'utf8').split('\n## Keys and how')

test('every test that a promise names is there', () => {
  const named = [...promised.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path)
  assert.ok(named.length > 40)
  assert.deepEqual(
    named.filter((path) => !existsSync(path)),
    [],
  )
})

test('every promise names what holds it', () => {
  const promises = promised.split(/\n- /).slice(1)
  assert.ok(promises.length > 25)
  for (const promise of promises) assert.match(promise, /\n {2}Held by `/, promise)
})

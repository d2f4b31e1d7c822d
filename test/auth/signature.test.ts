// Signatures: an HMAC that is made of two plain hashes is the one that Node makes.

import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { hmacSecretOf, isSignedBy, type SignatureParts, sign } from '#platform/auth/signature.ts'

const secretOf = (text: string) => createSecretKey(Buffer.from(text, 'latin1'))

const ascii = fc
  .array(fc.integer({ min: 0, max: 0x7f }), { minLength: 1, maxLength: 64 })
  .map((codes) => String.fromCharCode(...codes))
const text = fc.string({ unit: 'binary', maxLength: 300 })
const body = fc.oneof(text, fc.uint8Array({ maxLength: 300 }))
const parts: fc.Arbitrary<SignatureParts> = fc.record({
  ...{ method: text, path: text, query: text, body },
  ...{ timestamp: text, nonce: text },
})

test('what the holder of a secret signs is taken, whatever the secret and the text', () => {
  fc.assert(
    fc.property(ascii, parts, (secret, asked) => {
      const key = secretOf(secret)
      const ready = hmacSecretOf(key)
      const request = { ...asked, keyId: 'ck', signature: sign(key, asked) }
      assert.equal(isSignedBy(ready, request), true)
      // What one request leaves behind is nothing to the next.
      assert.equal(isSignedBy(ready, request), true)
    }),
  )
})

test('no other secret and no other text has the same signature', () => {
  fc.assert(
    fc.property(ascii, ascii, parts, text, (secret, other, asked, path) => {
      fc.pre(secret.replace(/\0+$/, '') !== other.replace(/\0+$/, '') && path !== asked.path)
      const ready = hmacSecretOf(secretOf(secret))
      const signature = sign(secretOf(secret), asked)
      assert.equal(isSignedBy(ready, { ...asked, path, keyId: 'ck', signature }), false)
      const foreign = sign(secretOf(other), asked)
      assert.equal(isSignedBy(ready, { ...asked, keyId: 'ck', signature: foreign }), false)
    }),
  )
})

test('a secret has at most the 64 bytes of a block, all of them ASCII', () => {
  const request = { method: 'GET', path: '/', query: '', body: '', timestamp: '1', nonce: 'n' }
  for (const length of [63, 64]) {
    const key = secretOf('s'.repeat(length))
    const signed = { ...request, keyId: 'ck', signature: sign(key, request) }
    assert.equal(isSignedBy(hmacSecretOf(key), signed), true)
  }
  assert.throws(() => hmacSecretOf(secretOf('s'.repeat(65))), /longer than a block/)
  assert.throws(() => hmacSecretOf(secretOf('s\x80')), /not ASCII/)
})

// Which public keys a program may bring: no point for which anybody can sign.

import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { test } from 'node:test'
import { publicKeyOf } from '#platform/auth/public-keys.ts'

const ED25519_HEADER = '302a300506032b6570032100'
const TOP = `${'ff'.repeat(30)}7f`
/** Points of small order, from RFC 8032's curve: y of order 1, 2, 4 and 8, and two above p. */
const CANONICAL = [
  `01${'00'.repeat(31)}`,
  `ec${TOP}`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]
const ABOVE = [`ed${TOP}`, `ee${TOP}`]

const derOf = (point: string) => Buffer.from(ED25519_HEADER + point, 'hex')
const encoded = (point: string) => derOf(point).toString('base64')
const withSign = (point: string) => {
  const bytes = Buffer.from(point, 'hex')
  bytes[31] = (bytes[31] ?? 0) | 0x80
  return bytes.toString('hex')
}

/** R is the base point and S is 1: made without any private key. */
const FORGED = Buffer.from(`58${'66'.repeat(31)}01${'00'.repeat(31)}`, 'hex')

test('a point of small order is refused, though the library would not verify under it', () => {
  for (const point of CANONICAL) {
    const key = createPublicKey({ key: derOf(point), format: 'der', type: 'spki' })
    const isSigned = (at: number) => verify(null, Buffer.from(`message ${at}`), key, FORGED)
    assert.ok(!Array.from({ length: 200 }, (_, at) => at).some(isSigned), point)
    assert.equal(publicKeyOf(encoded(point)), undefined, point)
  }
})

test('so it is with its sign turned, and in the encodings above p', () => {
  for (const point of [...CANONICAL, ...ABOVE].map(withSign).concat(ABOVE)) {
    assert.equal(publicKeyOf(encoded(point)), undefined, point)
  }
})

test('keys that somebody made are taken', () => {
  for (let made = 0; made < 50; made += 1) {
    const { publicKey } = generateKeyPairSync('ed25519')
    const der = publicKey.export({ type: 'spki', format: 'der' })
    assert.ok(publicKeyOf(der.toString('base64'))?.equals(publicKey))
  }
})

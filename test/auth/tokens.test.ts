// Access tokens: ours are accepted for 10 minutes, and nothing that only looks like one ever is.

import assert from 'node:assert/strict'
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { StartError } from '#kernel/start-error.ts'
import { ACCESS_TOKEN_US } from '#platform/auth/limits.ts'
import { createAccessTokens } from '#platform/auth/tokens.ts'
import { temporaryFolder } from '../database/temporary.ts'

const NOW = 1_700_000_000_000_000
const SECOND = 1_000_000
const CLAIMS = { userId: 'user', sessionId: 'session' }

const folder = join(temporaryFolder(), 'keys')
const tokens = createAccessTokens(folder)
const pem = readFileSync(join(folder, 'access-tokens.pem'), 'utf8')
const ourKey = createPrivateKey(pem)
const publicPem = createPublicKey(ourKey).export({ type: 'spki', format: 'pem' }).toString()
const { accessToken } = await tokens.issue({ ...CLAIMS, now: NOW })
const [header = '', payload = '', signature = ''] = accessToken.split('.')
const claims: Record<string, unknown> = JSON.parse(decode(payload))
const head: Record<string, unknown> = JSON.parse(decode(header))

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString()
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/** A token with changed header or claims, signed by our own key unless another is given. */
function forge(changedHead: object, changedClaims: object, key = ourKey): string {
  const text = `${encode({ ...head, ...changedHead })}.${encode({ ...claims, ...changedClaims })}`
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

/** The code of a refusal, or 'accepted'; a fresh verifier, so that nothing is remembered. */
async function verdict(token: string, now = NOW): Promise<string> {
  const result = await createAccessTokens(folder).verify(token, now)
  return result.ok ? 'accepted' : result.code
}

test('our own token tells its session, and after the first time without waiting', async () => {
  assert.deepEqual(await tokens.verify(accessToken, NOW), { ok: true, value: CLAIMS })
  const again = tokens.verify(accessToken, NOW)
  assert.ok(!(again instanceof Promise))
  assert.deepEqual(again, { ok: true, value: CLAIMS })
})

test('a token expires after 10 minutes, whether it is remembered or not', async () => {
  const last = NOW + ACCESS_TOKEN_US - SECOND
  assert.equal(await verdict(accessToken, last), 'accepted')
  assert.equal(await verdict(accessToken, NOW + ACCESS_TOKEN_US), 'auth.expired')
  await tokens.verify(accessToken, NOW)
  const late = await tokens.verify(accessToken, NOW + ACCESS_TOKEN_US)
  assert.deepEqual(late, { ok: false, code: 'auth.expired' })
})

test('the forger of these tests makes good tokens when asked to change nothing', async () => {
  assert.equal(await verdict(forge({}, {})), 'accepted')
})

const otherKey = generateKeyPairSync('ed25519').privateKey
const unsigned = `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`
const text = `${encode({ ...head, alg: 'HS256' })}.${payload}`
const hmac = (key: string) => createHmac('sha256', key).update(text).digest('base64url')
const seconds = NOW / SECOND

const FORGED: Record<string, string> = {
  'without a signature': `${header}.${payload}.`,
  'with alg none': unsigned,
  'with alg None': `${encode({ ...head, alg: 'None' })}.${payload}.`,
  'with our public key as HMAC secret': `${text}.${hmac(publicPem)}`,
  'with an empty HMAC secret': `${text}.${hmac('')}`,
  'with the signature of another header': forge({ alg: 'ES256' }, {}),
  'signed by another key': forge({}, {}, otherKey),
  'signed by another key that it brings along': forge(
    { jwk: createPublicKey(otherKey).export({ format: 'jwk' }) },
    {},
    otherKey,
  ),
  'signed by a key it points to': forge({ jku: 'https://evil.example/keys' }, {}, otherKey),
  'with another kid': forge({ kid: 'other' }, {}),
  'without a kid': forge({ kid: undefined }, {}),
  'with an unknown critical header': forge({ crit: ['x'], x: 1 }, {}),
  'of another type': forge({ typ: 'JWT' }, {}),
  'for another audience': forge({}, { aud: 'other' }),
  'without an audience': forge({}, { aud: undefined }),
  'of another issuer': forge({}, { iss: 'other' }),
  'without a session': forge({}, { sid: undefined }),
  'with a session that is no text': forge({}, { sid: { $ne: '' } }),
  'without a subject': forge({}, { sub: undefined }),
  'that never expires': forge({}, { exp: undefined }),
  'with an expiry that is no number': forge({}, { exp: '9999999999' }),
  'issued in the future': forge({}, { iat: seconds + 60, exp: seconds + 120 }),
  'not valid before later': forge({}, { nbf: seconds + 60 }),
  'with a changed payload': `${header}.${encode({ ...claims, sid: 'other' })}.${signature}`,
  'with a shortened signature': accessToken.slice(0, -3),
  'with a fourth part': `${accessToken}.x`,
  'with spaces around it': ` ${accessToken} `,
  'that is empty': '',
  'that is far too long': `${accessToken}${'a'.repeat(2_000)}`,
}

for (const [kind, token] of Object.entries(FORGED)) {
  test(`a token ${kind} is refused`, async () => {
    assert.equal(await verdict(token), 'auth.invalid')
  })
}

test('a token that claims to live for longer than 10 minutes does not', async () => {
  const token = forge({}, { exp: seconds + 86_400 })
  assert.notEqual(await verdict(token, NOW + ACCESS_TOKEN_US + 2 * SECOND), 'accepted')
})

test('every single bit of the signature counts', async () => {
  const bytes = Buffer.from(signature, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit += 7) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8((changed.readUInt8(bit >> 3) ^ (1 << (bit & 7))) & 0xff, bit >> 3)
    assert.equal(
      await verdict(`${header}.${payload}.${changed.toString('base64url')}`),
      'auth.invalid',
    )
  }
})

test('the key survives a restart, and one that others can read refuses the start', async () => {
  assert.equal(readFileSync(join(folder, 'access-tokens.pem'), 'utf8'), pem)
  chmodSync(join(folder, 'access-tokens.pem'), 0o644)
  assert.throws(() => createAccessTokens(folder), StartError)
  chmodSync(join(folder, 'access-tokens.pem'), 0o600)
})

// Access tokens: ours are accepted for 10 minutes, and nothing that only looks like one ever is.

import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { ACCESS_TOKEN_US, CLOCK_SKEW_US, SIGNING_KEY_AHEAD_US } from '#platform/auth/limits.ts'
import { createForger } from './forged-tokens.ts'
import { signingKeys } from './signing-keys-in-memory.ts'

const NOW = 1_700_000_000_000_000
const SECOND = 1_000_000
const CLAIMS = { userId: 'user', sessionId: 'session' }

const { store, vault, keys, tokens } = await signingKeys(NOW)
const [row] = store.rows
assert.ok(row !== undefined)
const pem = await vault.open(`signing:${row.kid}`, row.sealed)
const { accessToken } = await tokens.issue({ ...CLAIMS, now: NOW })
const [header = '', payload = '', signature = ''] = accessToken.split('.')
const { forge, forged } = createForger(accessToken, createPrivateKey(pem))

/** The code of a refusal, or 'accepted'; a fresh verifier, so that nothing is remembered. */
async function verdict(token: string, now = NOW): Promise<string> {
  const result = await (await signingKeys(NOW, { store, vault })).tokens.verify(token, now)
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

for (const [kind, token] of Object.entries(forged)) {
  test(`a token ${kind} is refused`, async () => {
    assert.equal(await verdict(token), 'auth.invalid')
  })
}

test('a token that claims to live for longer than 10 minutes does not', async () => {
  const token = forge({}, { exp: NOW / SECOND + 86_400 })
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

test('a stranger verifies our tokens with the published keys alone', async () => {
  const published = createLocalJWKSet({ keys: keys.published(NOW).map((key) => ({ ...key })) })
  const options = { audience: 'crossbook-api', currentDate: new Date(NOW / 1_000) }
  const { payload: read } = await jwtVerify(accessToken, published, options)
  assert.equal(read['sid'], 'session')
  assert.equal(JSON.stringify(keys.published(NOW)).includes('"d"'), false, 'no private half')
})

test('a new key is published before it signs, the old one verifies to its last token', async () => {
  const { keys: ring, tokens: under, ...deps } = await signingKeys(NOW)
  const old = ring.current(NOW).kid
  const early = await under.issue({ ...CLAIMS, now: NOW })
  const next = await ring.rotate(NOW, { urgent: false })
  const kids = (at: number) => ring.published(at).map(({ kid }) => kid)
  assert.deepEqual(kids(NOW), [old, next])
  assert.equal(ring.current(NOW + SIGNING_KEY_AHEAD_US - 1).kid, old)
  const turn = NOW + SIGNING_KEY_AHEAD_US
  assert.equal(ring.current(turn).kid, next)
  const last = await under.issue({ ...CLAIMS, now: turn - SECOND })
  const late = turn - SECOND + ACCESS_TOKEN_US - SECOND
  for (const verifier of [under, (await signingKeys(NOW, deps)).tokens]) {
    assert.equal((await verifier.verify(early.accessToken, NOW)).ok, true)
    assert.equal((await verifier.verify(last.accessToken, late)).ok, true)
  }
  const gone = turn + ACCESS_TOKEN_US + CLOCK_SKEW_US
  assert.deepEqual([kids(gone), kids(gone + 1)], [[old, next], [next]])
})

test('a key that leaked is retired at once, also for a token that was seen', async () => {
  const { keys: ring, tokens: under, ...deps } = await signingKeys(NOW)
  const { accessToken: leaked } = await under.issue({ ...CLAIMS, now: NOW })
  assert.equal((await under.verify(leaked, NOW)).ok, true)
  // Another process rotates; ours notices at its next look.
  const other = await signingKeys(NOW, deps)
  await other.keys.rotate(NOW, { urgent: true })
  assert.equal(await ring.reload(), true)
  under.forget()
  assert.deepEqual(await under.verify(leaked, NOW), { ok: false, code: 'auth.invalid' })
  const fresh = await under.issue({ ...CLAIMS, now: NOW })
  assert.equal((await other.tokens.verify(fresh.accessToken, NOW)).ok, true)
  assert.equal(await ring.reload(), false)
})

test('keys survive a restart, and their private halves are stored sealed', async () => {
  assert.equal(await verdict(accessToken), 'accepted')
  assert.equal(Buffer.from(row.sealed).includes('PRIVATE'), false)
  assert.match(pem, /PRIVATE KEY/)
})

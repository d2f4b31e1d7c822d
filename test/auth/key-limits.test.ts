// What an API key is limited to: its kind, addresses and time; and 5,000 attacks on both kinds.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { keyAuthorization } from '#client/sign.ts'
import { addressList } from '#platform/auth/addresses.ts'
import { KEY_KEPT_US } from '#platform/auth/limits.ts'
import type { Auth, NewKey } from '#platform/auth/port.ts'
import { attackKeys } from '#scripts/campaigns/identity/key-attacks.ts'
import { accepted, codeOf, identityBench } from './identity-bench.ts'

const bench = await identityBench()
const { clock, store } = bench
const markets = ['BTC-USDC', 'ETH-USDC']
const hasMarket = (symbol: string) => markets.includes(symbol)
const { auth, signUp } = await bench.start('optional', { hasMarket })
const userId = await signUp('ada@b.c')

const create = (more: Partial<NewKey> = {}) =>
  auth.createKey({ userId, name: 'bot', scopes: ['read', 'trade'], ...more })

type Key = Parameters<typeof keyAuthorization>[0]

/** A signed request of a key, as its client makes it. */
function send(key: Key, address?: string, at: Auth = auth) {
  const parts = { method: 'GET', path: '/v1/me', query: '', body: '' }
  const headers = keyAuthorization(key, { nowMs: () => clock.us / 1_000 }).headers(parts)
  return at.verifySignature({
    ...parts,
    keyId: headers['x-crossbook-key'] ?? '',
    timestamp: headers['x-crossbook-timestamp'] ?? '',
    nonce: headers['x-crossbook-nonce'] ?? '',
    signature: headers['x-crossbook-signature'] ?? '',
    ...(address === undefined ? {} : { address }),
  })
}

function pair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

test('of an Ed25519 key nothing secret is stored or told, and its holder signs', async () => {
  const { publicKey, privateKey } = pair()
  const made = accepted(await create({ publicKey }))
  assert.deepEqual([made.kind, made.secret], ['ed25519', ''])
  assert.equal(codeOf(send({ id: made.id, privateKey })), 'accepted')
  const stranger = pair()
  assert.equal(codeOf(send({ id: made.id, privateKey: stranger.privateKey })), 'auth.invalid')
  assert.equal(codeOf(send({ id: made.id, secret: publicKey })), 'auth.invalid', 'HMAC by its text')
  const next = (await bench.start('optional')).auth
  clock.us += 1_000
  assert.equal(codeOf(send({ id: made.id, privateKey }, undefined, next)), 'accepted')
})

test('an HMAC key takes no Ed25519 signature', async () => {
  const { id } = accepted(await create())
  assert.equal(codeOf(send({ id, privateKey: pair().privateKey })), 'auth.invalid')
})

test('what is no Ed25519 key is malformed', async () => {
  const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const der = rsa.export({ type: 'spki', format: 'der' }).toString('base64')
  for (const publicKey of ['', 'x', der, `${pair().publicKey}AAAA`.slice(3)]) {
    assert.equal(codeOf(await create({ publicKey })), 'request.malformed', publicKey)
  }
})

test('a key that is bound to addresses comes from them alone', async () => {
  const addresses = ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']
  const { id, secret } = accepted(await create({ addresses }))
  for (const address of ['10.200.1.1', '192.0.2.7', '2001:db8:1::1', '::ffff:10.1.1.1']) {
    assert.equal(codeOf(send({ id, secret }, address)), 'accepted', address)
  }
  for (const address of [
    '11.0.0.1',
    '192.0.2.8',
    '2001:db9::1',
    '::ffff:11.1.1.1',
    'x',
    undefined,
  ]) {
    assert.equal(codeOf(send({ id, secret }, address)), 'auth.forbidden', address)
  }
})

test('an address list takes addresses and networks and nothing else', () => {
  const wrong = ['', 'x', '10.0.0.0/33', '::/129', '10.0.0', '10.0.0.0/-1', '10.0.0.0/8/8', ' ::1']
  for (const text of wrong) assert.equal(addressList([text]), undefined, text)
  assert.equal(addressList(['0.0.0.0/0'])?.has('8.8.8.8'), true)
  assert.equal(addressList([])?.has('8.8.8.8'), false)
})

test('a key is over when its time is, and is forgotten a quarter later', async () => {
  assert.equal(codeOf(await create({ expiresAt: clock.us })), 'request.malformed')
  const { id, secret } = accepted(await create({ expiresAt: clock.us + 1_000 }))
  const principal = accepted(send({ id, secret }))
  assert.equal(auth.isLive(principal), true)
  clock.us += 1_000
  assert.equal(codeOf(send({ id, secret })), 'auth.expired')
  assert.equal(auth.isLive(principal), false)
  const kept = async () => (await store.keysOf(userId)).some((row) => row.id === id)
  await store.purgeKeys(clock.us)
  assert.equal(await kept(), true)
  await store.purgeKeys(clock.us + KEY_KEPT_US)
  assert.equal(await kept(), false)
})

test('a key names markets that exist', async () => {
  assert.equal(codeOf(await create({ markets: ['BTC-USDC', 'XYZ-USDC'] })), 'market.unknown')
  const { id, secret } = accepted(await create({ markets: ['BTC-USDC'] }))
  assert.deepEqual([...(accepted(send({ id, secret })).marketsOnly ?? [])], ['BTC-USDC'])
})

test('of 5,000 replays, skews and mutations none is accepted', async () => {
  const { cases, violations, reached } = await attackKeys({ cases: 5_000, seed: 20_261_128 })
  assert.deepEqual([cases, violations], [5_000, 0], JSON.stringify(reached))
  for (const met of [
    'hmac sent again: auth.replayed',
    'ed25519 sent again: auth.replayed',
    'hmac too old: auth.expired',
    'ed25519 from elsewhere: auth.forbidden',
    'hmac body changed: auth.invalid',
  ]) {
    assert.ok((reached[met] ?? 0) > 0, `${met} was never met`)
  }
})

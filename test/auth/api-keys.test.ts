// API keys: a signed request is accepted once, in time, unchanged, and nothing else is.

import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Result } from '#kernel/result.ts'
import { type ApiKeysDeps, createApiKeys } from '#platform/auth/api-keys.ts'
import { KEYS_PER_USER_MAX } from '#platform/auth/limits.ts'
import { createLive, enterUser } from '#platform/auth/live.ts'
import type { NonceLimits } from '#platform/auth/nonces.ts'
import type { SignedRequest } from '#platform/auth/port.ts'
import { sign } from '#platform/auth/signature.ts'
import type { KeyRow } from '#platform/auth/store.ts'
import { memoryVault } from '../support/memory-vault.ts'

const START_MS = 1_700_000_000_000
const vault = await memoryVault()

const UNPROVEN = { verifiedAt: null, totp: null, totpSince: null }

/** Keys over a store in memory, a clock that is set by hand and one user with account 16. */
async function setUp(nonceLimits?: NonceLimits) {
  const rows: KeyRow[] = []
  const clock = { ms: START_MS - 60_000 }
  const live = createLive()
  const user = { id: 'user', email: 'a@b.c', passwordHash: '', createdAt: 0, ...UNPROVEN }
  enterUser(live, { ...user, capabilities: ['trader'], status: 'active', account: 16 })
  const deps: ApiKeysDeps = {
    live,
    store: {
      insertKey: async (row) => {
        const number = rows.length + 1
        rows.push({ ...row, number })
        return number
      },
      keysOf: async () => rows,
      revokeKey: async () => {},
    },
    vault,
    ownsAccount: (main, account) => main === 16 && (account === 16 || account === 17),
    now: () => clock.ms * 1_000,
    ...(nonceLimits === undefined ? {} : { nonceLimits }),
  }
  const restart = () => createApiKeys(deps)
  const keys = restart()
  clock.ms = START_MS
  const made = await keys.createKey({ userId: 'user', name: 'bot', scopes: ['read', 'trade'] })
  assert.ok(made.ok)
  const { id: keyId, secret } = made.value
  const signed = (changes: Partial<SignedRequest> = {}): SignedRequest => {
    const parts = { ...REQUEST, timestamp: String(clock.ms), ...changes }
    const signature = sign(createSecretKey(Buffer.from(secret)), parts)
    return { ...parts, keyId, signature, ...pick(changes, 'signature', 'keyId') }
  }
  return { keys, restart, clock, signed, rows, live, keyId, secret }
}

const REQUEST = {
  method: 'POST',
  path: '/v1/orders',
  query: '',
  body: '{"market":"ETH-USDC"}',
  nonce: 'n-1',
}

function pick(from: Partial<SignedRequest>, ...names: (keyof SignedRequest)[]) {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]))
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.code
}

test('a signed request is accepted, and tells the account, scopes and key', async () => {
  const { keys, signed, keyId } = await setUp()
  const verified = keys.verifySignature(signed())
  assert.ok(verified.ok)
  const { userId, account, scopes, capabilities, accountOnly, sessionId } = verified.value
  assert.deepEqual([userId, account, verified.value.keyId], ['user', 16, keyId])
  assert.deepEqual([[...scopes], [...capabilities]], [['read', 'trade'], ['trader']])
  assert.deepEqual([accountOnly, sessionId], [undefined, undefined])
})

test('the signature is the one that openssl and curl would make', async () => {
  const { keys, signed, secret } = await setUp()
  const { createHash, createHmac } = await import('node:crypto')
  const body = createHash('sha256').update(REQUEST.body).digest('hex')
  const text = `POST\n/v1/orders\n\n${body}\n${START_MS}\nn-1`
  const signature = createHmac('sha256', secret).update(text).digest('hex')
  assert.equal(codeOf(keys.verifySignature(signed({ signature }))), 'accepted')
})

test('bytes and text of one body sign alike, and an empty body is signed too', async () => {
  const { keys, signed } = await setUp()
  const asText = signed({ body: '{"name":"é"}' })
  assert.equal(
    codeOf(keys.verifySignature({ ...asText, body: Buffer.from('{"name":"é"}') })),
    'accepted',
  )
  const empty = signed({ body: '', nonce: 'n-2' })
  assert.equal(codeOf(keys.verifySignature({ ...empty, body: new Uint8Array(0) })), 'accepted')
})

test('a request sent again is a replay for as long as its timestamp is good', async () => {
  const { keys, clock, signed } = await setUp()
  keys.verifySignature(signed({ nonce: 'begins-one' }))
  clock.ms += 3_000
  const ahead = signed({ timestamp: String(clock.ms + 1_000) })
  assert.equal(codeOf(keys.verifySignature(ahead)), 'accepted')
  for (let ms = 0; ms <= 6_000; ms += 250) {
    clock.ms = START_MS + 3_000 + ms
    assert.equal(codeOf(keys.verifySignature(ahead)), 'auth.replayed', `after ${ms} ms`)
    keys.verifySignature(signed({ nonce: `other-${ms}` }))
  }
  clock.ms = START_MS + 9_001
  assert.equal(codeOf(keys.verifySignature(ahead)), 'auth.expired')
})

test('a nonce is used up for other requests, too, but not for another key', async () => {
  const { keys, signed } = await setUp()
  assert.equal(codeOf(keys.verifySignature(signed())), 'accepted')
  assert.equal(codeOf(keys.verifySignature(signed({ body: '{}' }))), 'auth.replayed')
  const other = await keys.createKey({ userId: 'user', name: 'other', scopes: ['read'] })
  assert.ok(other.ok)
  const parts = { ...REQUEST, timestamp: String(START_MS) }
  const signature = sign(createSecretKey(Buffer.from(other.value.secret)), parts)
  const request = { ...parts, keyId: other.value.id, signature }
  assert.equal(codeOf(keys.verifySignature(request)), 'accepted')
})

test('a request is good for 5 s and may be at most 1 s ahead', async () => {
  const { keys, clock, signed } = await setUp()
  const at = (offsetMs: number) =>
    codeOf(
      keys.verifySignature(
        signed({ timestamp: String(clock.ms + offsetMs), nonce: `at${offsetMs}` }),
      ),
    )
  assert.equal(at(-5_000), 'accepted')
  assert.equal(at(-5_001), 'auth.expired')
  assert.equal(at(1_000), 'accepted')
  assert.equal(at(1_001), 'auth.invalid')
})

test('what was signed before a start is refused after it: nonces are not kept', async () => {
  const { restart, signed } = await setUp()
  const keys = restart()
  const at = (ms: number) => codeOf(keys.verifySignature(signed({ timestamp: String(ms) })))
  assert.equal(at(START_MS - 1), 'auth.expired')
  assert.equal(at(START_MS), 'accepted')
})

test('a clock that is set back brings no forgotten nonce to life', async () => {
  const { keys, clock, signed } = await setUp()
  const request = signed()
  assert.equal(codeOf(keys.verifySignature(request)), 'accepted')
  clock.ms = START_MS + 20_000
  assert.equal(codeOf(keys.verifySignature(signed({ nonce: 'later' }))), 'accepted')
  clock.ms = START_MS
  assert.equal(codeOf(keys.verifySignature(request)), 'auth.expired')
})

test('no change of a signed request is accepted', async () => {
  const { keys, signed } = await setUp()
  const request = signed()
  const field = fc.constantFrom(
    'method',
    'path',
    'query',
    'body',
    'timestamp',
    'nonce',
    'signature',
  )
  const kinds = fc.constantFrom('drop', 'insert', 'replace', 'case')
  const anywhere = fc.double({ min: 0, max: 1, noNaN: true })
  const letter = fc.string({ minLength: 1, maxLength: 2 })
  fc.assert(
    fc.property(field, kinds, anywhere, letter, (name, kind, where, added) => {
      const before = String(request[name])
      const changed = mutate(before, kind, { at: Math.floor(where * before.length), added })
      fc.pre(changed !== before)
      const verdict = codeOf(keys.verifySignature({ ...request, [name]: changed }))
      assert.ok(verdict === 'auth.invalid' || verdict === 'auth.expired', `${name}: ${verdict}`)
    }),
    { numRuns: 2_000 },
  )
  assert.equal(codeOf(keys.verifySignature(request)), 'accepted', 'mutations use nothing up')
})

function mutate(text: string, kind: string, { at, added }: { at: number; added: string }): string {
  if (kind === 'case') return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()
  const skipped = kind === 'insert' ? 0 : 1
  return text.slice(0, at) + (kind === 'drop' ? '' : added) + text.slice(at + skipped)
}

test('parts cannot be moved across their borders', async () => {
  const { keys, signed } = await setUp()
  const request = signed({ path: '/v1/orders', query: 'a=1' })
  const moved = { ...request, path: '/v1/orders\na=1', query: '' }
  assert.equal(codeOf(keys.verifySignature(moved)), 'auth.invalid')
})

test('headers that are not of the form are refused before any work', async () => {
  const { keys, signed } = await setUp()
  const malformed: Partial<SignedRequest>[] = [
    { timestamp: '' },
    { timestamp: `0${START_MS}` },
    { timestamp: `${START_MS}.0` },
    { timestamp: '1e12' },
    { timestamp: ` ${START_MS}` },
    { timestamp: '-1' },
    { nonce: '' },
    { nonce: 'a'.repeat(65) },
    { nonce: 'ä' },
    { nonce: 'a b' },
    { signature: '' },
    { signature: 'g'.repeat(64) },
    { signature: 'a'.repeat(63) },
    { keyId: '' },
    { keyId: '__proto__' },
  ]
  for (const change of malformed) {
    const verdict = codeOf(keys.verifySignature({ ...signed(), ...change }))
    assert.equal(verdict, 'auth.invalid', JSON.stringify(change))
  }
})

test('a revoked key is refused from that moment, and only its owner can revoke it', async () => {
  const { keys, signed, keyId } = await setUp()
  assert.deepEqual(await keys.revokeKey({ userId: 'other', keyId }), {
    ok: false,
    code: 'not_found',
  })
  assert.equal(codeOf(keys.verifySignature(signed())), 'accepted')
  const revoking = keys.revokeKey({ userId: 'user', keyId })
  assert.equal(codeOf(keys.verifySignature(signed({ nonce: 'n-2' }))), 'auth.invalid')
  assert.equal(codeOf(await revoking), 'accepted')
  assert.equal(codeOf(await keys.revokeKey({ userId: 'user', keyId })), 'not_found')
})

test('a key may be bound to an account of its owner and to no other', async () => {
  const { keys } = await setUp()
  const make = (account: number) =>
    keys.createKey({ userId: 'user', name: 'bot', scopes: ['trade'], account })
  assert.equal(codeOf(await make(18)), 'account.unknown')
  const bound = await make(17)
  assert.ok(bound.ok)
  const parts = { ...REQUEST, timestamp: String(START_MS) }
  const signature = sign(createSecretKey(Buffer.from(bound.value.secret)), parts)
  const verified = keys.verifySignature({ ...parts, keyId: bound.value.id, signature })
  assert.ok(verified.ok)
  assert.equal(verified.value.accountOnly, 17)
})

test('a user has at most KEYS_PER_USER_MAX keys, and revoking makes room', async () => {
  const { keys, live, keyId } = await setUp()
  const make = () => keys.createKey({ userId: 'user', name: 'bot', scopes: ['read'] })
  for (let n = 1; n < KEYS_PER_USER_MAX; n += 1) assert.equal(codeOf(await make()), 'accepted')
  assert.equal(live.keys.size, KEYS_PER_USER_MAX)
  assert.equal(codeOf(await make()), 'capacity.exhausted')
  await keys.revokeKey({ userId: 'user', keyId })
  assert.equal(codeOf(await make()), 'accepted')
})

test('INV-17: nonces are bounded per key and in all, and time makes room again', async () => {
  for (const limits of [
    { perKey: 3, all: 100 },
    { perKey: 100, all: 3 },
  ]) {
    const { keys, clock, signed } = await setUp(limits)
    const send = (nonce: string) => codeOf(keys.verifySignature(signed({ nonce })))
    assert.deepEqual(['a', 'b', 'c'].map(send), ['accepted', 'accepted', 'accepted'])
    assert.equal(send('d'), 'capacity.exhausted')
    assert.equal(send('a'), 'auth.replayed')
    clock.ms += 12_100
    assert.equal(send('e'), 'accepted')
  }
})

test('the secret is stored sealed, and opens only for its own key id', async () => {
  const { rows, keyId, secret } = await setUp()
  const sealed = rows[0]?.secret ?? new Uint8Array()
  assert.equal(Buffer.from(sealed).includes(secret), false)
  assert.equal(await vault.open(keyId, sealed), secret)
  await assert.rejects(vault.open('ck_other', sealed))
})

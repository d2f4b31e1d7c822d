// Attacks on API keys: replays, skews and mutations of requests that were well signed.
//
// One of each kind of key. Every case takes a good request apart in one way; only the good one, the
// first time and in its window, may be accepted. What was met is counted, so that a run that never
// tried something proves nothing about it.

import assert from 'node:assert/strict'
import { createSecretKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { createApiKeys } from '#platform/auth/api-keys.ts'
import { createLive, enterUser } from '#platform/auth/live.ts'
import { SIGNATURE_AGE_MS, type SignedRequest } from '#platform/auth/port.ts'
import { type SignatureParts, signedText, sign as signHmac } from '#platform/auth/signature.ts'
import { memoryVault } from '#test/support/memory-vault.ts'

const START_MS = 1_700_000_000_000
const AHEAD_MS = 1_000
const HERE = '10.1.2.3'

type Attack = {
  readonly what: string
  /** What is done to a good request and to the clock; undefined where it changes nothing. */
  readonly change: (
    request: SignedRequest,
  ) => { request: SignedRequest; waitMs?: number } | undefined
}

export type AttackResult = {
  readonly cases: number
  readonly violations: number
  readonly reached: Readonly<Record<string, number>>
}

export async function attackKeys(order: { cases: number; seed: number }): Promise<AttackResult> {
  const bench = await createBench()
  const reached: Record<string, number> = {}
  const violations: string[] = []
  const attacks = fc.sample(attack, { numRuns: order.cases, seed: order.seed })
  for (const [at, one] of attacks.entries()) {
    const kind = at % 2 === 0 ? 'hmac' : 'ed25519'
    const outcome = bench.run(kind, one)
    const what = `${kind} ${one.what}: ${outcome}`
    reached[what] = (reached[what] ?? 0) + 1
    if (outcome === 'accepted') violations.push(what)
  }
  return { cases: attacks.length, violations: violations.length, reached }
}

async function createBench() {
  const clock = { ms: START_MS - 60_000 }
  const live = createLive()
  const row = { id: 'user', email: 'a@b.c', passwordHash: '', createdAt: 0, verifiedAt: null }
  const rest = { capabilities: ['trader'], status: 'active', account: 16 } as const
  enterUser(live, { ...row, ...rest, totp: null, totpSince: null })
  const keys = createApiKeys({
    live,
    store: { insertKey: async () => 1, keysOf: async () => [], revokeKey: async () => {} },
    vault: await memoryVault(),
    ownsAccount: () => true,
    now: () => clock.ms * 1_000,
  })
  const made = {
    userId: 'user',
    name: 'bot',
    scopes: ['trade' as const],
    addresses: ['10.0.0.0/8'],
  }
  const pair = generateKeyPairSync('ed25519')
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const [hmac, ed25519] = [await keys.createKey(made), await keys.createKey({ ...made, publicKey })]
  assert(hmac.ok && ed25519.ok)
  clock.ms = START_MS
  const secret = createSecretKey(Buffer.from(hmac.value.secret))
  let nonce = 0

  /** A good request, sent once, then what the attack makes of it. */
  function run(kind: 'hmac' | 'ed25519', { change }: Attack): string {
    nonce += 1
    // Time goes on from case to case: nonces are forgotten as in life.
    clock.ms += 50
    const parts = { ...PARTS, timestamp: String(clock.ms), nonce: `n${nonce}`, address: HERE }
    const request: SignedRequest =
      kind === 'hmac'
        ? { ...parts, keyId: hmac.ok ? hmac.value.id : '', signature: signHmac(secret, parts) }
        : {
            ...parts,
            keyId: ed25519.ok ? ed25519.value.id : '',
            signature: byHolder(pair.privateKey, parts),
          }
    const changed = change(request)
    if (changed === undefined) return 'nothing changed'
    const good = keys.verifySignature(request)
    assert(good.ok, `a good request was refused: ${good.ok ? '' : good.code}`)
    const before = clock.ms
    clock.ms += changed.waitMs ?? 0
    const verdict = keys.verifySignature(changed.request)
    clock.ms = Math.max(before, clock.ms)
    return verdict.ok ? 'accepted' : verdict.code
  }
  return { run }
}

const PARTS = { method: 'POST', path: '/v1/orders', query: 'a=1', body: '{"market":"ETH-USDC"}' }

function byHolder(key: KeyObject, parts: SignatureParts): string {
  return sign(null, Buffer.from(signedText(parts)), key).toString('hex')
}

const field = fc.constantFrom('method', 'path', 'query', 'body', 'timestamp', 'nonce', 'signature')
const letters = fc.string({ minLength: 1, maxLength: 2 })
const where = fc.double({ min: 0, max: 1, noNaN: true })

const mutation: fc.Arbitrary<Attack> = fc
  .tuple(field, fc.constantFrom('drop', 'insert', 'replace', 'case'), where, letters)
  .map(([name, kind, share, added]) => ({
    what: `${name} changed`,
    change: (request) => {
      const text = String(request[name])
      const at = Math.floor(share * text.length)
      const skipped = kind === 'insert' ? 0 : 1
      const spliced = text.slice(0, at) + (kind === 'drop' ? '' : added) + text.slice(at + skipped)
      const cased = text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()
      const changed = kind === 'case' ? cased : spliced
      return changed === text ? undefined : { request: { ...request, [name]: changed } }
    },
  }))

const replay: fc.Arbitrary<Attack> = fc
  .integer({ min: 0, max: SIGNATURE_AGE_MS + AHEAD_MS })
  .map((waitMs) => ({ what: 'sent again', change: (request) => ({ request, waitMs }) }))

/** Signed well for another time: only a timestamp in its window would be let in, and none is. */
const skew: fc.Arbitrary<Attack> = fc
  .oneof(
    fc.integer({ min: SIGNATURE_AGE_MS + 1, max: 10 ** 9 }),
    fc.integer({ min: -(10 ** 9), max: -AHEAD_MS - 1 }),
  )
  .map((ageMs) => ({
    what: ageMs > 0 ? 'too old' : 'too far ahead',
    change: (request) => ({
      request: { ...request, timestamp: String(Number(request.timestamp) - ageMs) },
    }),
  }))

const elsewhere: fc.Arbitrary<Attack> = fc
  .constantFrom('11.0.0.1', '::1', '2001:db8::1', 'x', '', '::ffff:11.0.0.1')
  .map((address) => ({
    what: 'from elsewhere',
    change: (request) => ({ request: { ...request, address } }),
  }))

const path: fc.Arbitrary<Attack> = fc
  .constantFrom(
    '/v1//orders',
    '/v1/orders/',
    '/V1/orders',
    '/v1%2forders',
    '/v1/./orders',
    '/v1/orders%20',
  )
  .map((changed) => ({
    what: 'another spelling of the path',
    change: (request) => ({ request: { ...request, path: changed } }),
  }))

const attack = fc.oneof(
  { arbitrary: mutation, weight: 6 },
  { arbitrary: replay, weight: 3 },
  { arbitrary: skew, weight: 2 },
  { arbitrary: elsewhere, weight: 1 },
  { arbitrary: path, weight: 1 },
)

// Refresh tokens under every interleaving of requests: one live chain, and theft ends it.
//
// The store is the real one on a real PostgreSQL; fast-check decides in which order its statements
// run. 1,000 schedules here, more in `campaign -- identity`.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Result } from '#kernel/result.ts'
import { REFRESH_GRACE_US, REFRESH_TOKEN_US } from '#platform/auth/limits.ts'
import { createLive, enterUser } from '#platform/auth/live.ts'
import type { Tokens } from '#platform/auth/port.ts'
import { createSessions } from '#platform/auth/sessions.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { raceRefreshes } from '#scripts/campaigns/identity/refresh-races.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { signingKeys } from './signing-keys-in-memory.ts'

const database = await temporaryDatabase()
const store = createAuthStore(database)
const pool = database.pool('test', 1)
const START = 1_700_000_000_000_000
const { tokens: accessTokens } = await signingKeys(START)

const user = await store.insertUser({
  id: randomUUID(),
  email: 'a@b.c',
  passwordHash: '',
  capabilities: ['trader'],
  status: 'pending',
  account: null,
  createdAt: START,
  ...{ verifiedAt: null, totp: null, totpSince: null },
})
assert.ok(user !== undefined)
await store.activateUser(user.id, 16, START)
const row = { ...user, status: 'active' as const, account: 16 }

/** One session of one user. */
async function setUp() {
  const clock = { us: START }
  const live = createLive()
  const liveUser = enterUser(live, row)
  assert.ok(liveUser !== undefined)
  const deps = { live, accessTokens, refreshKey: Buffer.alloc(32, 7), now: () => clock.us }
  const sessions = createSessions({ ...deps, store })
  const begun = await sessions.begin(liveUser, 'phone')
  assert.ok(begun.ok)
  const [session] = liveUser.sessions.values()
  assert.ok(session !== undefined)
  const use = (refreshToken: string, userAgent = 'phone') =>
    sessions.refresh({ refreshToken, userAgent })
  return { sessions, clock, live, use, first: begun.value.refreshToken, sessionId: session.id }
}

async function liveTokens(sessionId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM records.refresh_tokens t
       JOIN records.sessions s ON s.id = t.session_id
     WHERE s.id = $1 AND t.spent_at IS NULL AND s.revoked_at IS NULL`,
    [sessionId],
  )
  return rows[0]?.count ?? -1
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.code
}

function successorOf(result: Result<Tokens>): string {
  assert.ok(result.ok, codeOf(result))
  return result.value.refreshToken
}

test('every use rotates the token, and the chain goes on', async () => {
  const { use, first, sessionId } = await setUp()
  const seen = new Set([first])
  let token = first
  for (let n = 0; n < 5; n += 1) {
    token = successorOf(await use(token))
    seen.add(token)
    assert.equal(await liveTokens(sessionId), 1)
  }
  assert.equal(seen.size, 6)
})

test('a lost answer can be asked for again within 10 s from the same device', async () => {
  const { use, clock, first } = await setUp()
  const successor = successorOf(await use(first))
  clock.us += REFRESH_GRACE_US
  assert.equal(successorOf(await use(first)), successor)
  assert.notEqual(successorOf(await use(successor)), successor)
})

const THEFTS: Record<string, (session: Awaited<ReturnType<typeof setUp>>) => Promise<string>> = {
  'after the grace': async ({ use, clock, first }) => {
    await use(first)
    clock.us += REFRESH_GRACE_US + 1
    return codeOf(await use(first))
  },
  'from another device': async ({ use, first }) => {
    await use(first)
    return codeOf(await use(first, 'laptop'))
  },
  'when it is older than the immediate predecessor': async ({ use, first }) => {
    await use(successorOf(await use(first)))
    return codeOf(await use(first))
  },
}

for (const [when, steal] of Object.entries(THEFTS)) {
  test(`a spent token that is used ${when} revokes the family`, async () => {
    const session = await setUp()
    const { use, first, live, sessionId } = session
    assert.equal(await steal(session), 'auth.replayed')
    assert.equal(await liveTokens(sessionId), 0)
    assert.equal(live.sessions.has(sessionId), false)
    assert.equal(codeOf(await use(first)), 'auth.invalid')
  })
}

test('a token expires after 30 days without use, and use makes it last', async () => {
  const { use, clock, first } = await setUp()
  clock.us += REFRESH_TOKEN_US - 1
  const successor = successorOf(await use(first))
  clock.us += REFRESH_TOKEN_US
  assert.equal(codeOf(await use(successor)), 'auth.expired')
})

test('a token that was never ours is refused and revokes nothing', async () => {
  const { use, sessionId, first } = await setUp()
  for (const token of ['', 'x', 'a'.repeat(43), `${first}=`, first.toLowerCase(), `${first}\n`]) {
    assert.equal(codeOf(await use(token)), 'auth.invalid', JSON.stringify(token))
  }
  assert.equal(await liveTokens(sessionId), 1)
})

test('tokens are stored as hashes: no readable one is in the database', async () => {
  const { use, first } = await setUp()
  const successor = successorOf(await use(first))
  const { rows } = await pool.query<{ all: string }>(
    `SELECT string_agg(t::text || s::text, ' ') AS all
       FROM records.refresh_tokens t JOIN records.sessions s ON s.id = t.session_id`,
  )
  for (const token of [first, successor]) {
    assert.equal(rows[0]?.all.includes(token), false)
    assert.equal(rows[0]?.all.includes(Buffer.from(token).toString('hex')), false)
  }
})

test('signing out ends the session, and an unknown token is no error', async () => {
  const { sessions, use, first, sessionId } = await setUp()
  await sessions.logout('a'.repeat(43))
  assert.equal(await liveTokens(sessionId), 1)
  await sessions.logout(first)
  assert.equal(await liveTokens(sessionId), 0)
  assert.equal(codeOf(await use(first)), 'auth.invalid')
})

test('1,000 schedules of concurrent refreshes leave exactly one live chain, or none', async () => {
  const { cases, violations, reached } = await raceRefreshes({
    database,
    schedules: 1_000,
    seed: 1,
  })
  assert.deepEqual([cases, violations], [1_000, 0], JSON.stringify(reached))
  for (const met of [
    'one token at once: one successor',
    'tabs: one chain',
    'a thief: both are out',
  ]) {
    assert.ok((reached[met] ?? 0) > 100, `${met}: ${reached[met]}`)
  }
})

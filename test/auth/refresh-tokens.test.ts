// Refresh tokens under every interleaving of requests: one live chain, and theft ends it.
//
// The store is the real one on a real PostgreSQL; fast-check decides in which order its statements
// run. 200 schedules here.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Result } from '#kernel/result.ts'
import { REFRESH_GRACE_US, REFRESH_TOKEN_US } from '#platform/auth/limits.ts'
import { createLive, enterUser } from '#platform/auth/live.ts'
import type { Tokens } from '#platform/auth/port.ts'
import { createSessions } from '#platform/auth/sessions.ts'
import { createAuthStore } from '#platform/auth/store.ts'
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

/** One session of one user; `schedule` decides when statements run. */
async function setUp(schedule?: fc.Scheduler) {
  const clock = { us: START }
  const live = createLive()
  const liveUser = enterUser(live, row)
  assert.ok(liveUser !== undefined)
  const scheduled =
    schedule === undefined
      ? store
      : {
          ...store,
          rotate: schedule.scheduleFunction(store.rotate),
          findToken: schedule.scheduleFunction(store.findToken),
          revokeSession: schedule.scheduleFunction(store.revokeSession),
        }
  const deps = { live, accessTokens, refreshKey: Buffer.alloc(32, 7), now: () => clock.us }
  const sessions = createSessions({ ...deps, store: scheduled })
  const begun = await createSessions({ ...deps, store }).begin(liveUser, 'phone')
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

test('requests with one token at once all get the same successor', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (schedule, clients) => {
      const { use, first, sessionId } = await setUp(schedule)
      const uses = Promise.all(Array.from({ length: clients }, () => use(first)))
      const successors = (await schedule.waitFor(uses)).map(successorOf)
      assert.equal(new Set(successors).size, 1)
      assert.equal(await liveTokens(sessionId), 1)
    }),
    { numRuns: 70 },
  )
})

test('however tabs race through several refreshes, at most one chain is alive', async () => {
  const steps = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), steps, async (schedule, tabs) => {
      const { use, first, sessionId, live } = await setUp(schedule)
      const tab = async (count: number): Promise<void> => {
        let token = first
        for (let n = 0; n < count; n += 1) {
          const result = await use(token)
          if (!result.ok) return
          token = result.value.refreshToken
        }
      }
      await schedule.waitFor(Promise.all(tabs.map(tab)))
      assert.equal(await liveTokens(sessionId), live.sessions.has(sessionId) ? 1 : 0)
    }),
    { numRuns: 70 },
  )
})

test('a thief and the owner never both stay in, and one request later neither does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (schedule) => {
      const { use, first, sessionId } = await setUp(schedule)
      const uses = Promise.all([use(first, 'phone'), use(first, 'thief')])
      const results = await schedule.waitFor(uses)
      const codes = results.map(codeOf)
      assert.ok(codes.includes('auth.replayed'), codes.join(' '))
      assert.equal(await liveTokens(sessionId), 0)
      for (const result of results) {
        const token = result.ok ? result.value.refreshToken : first
        assert.equal(codeOf(await schedule.waitFor(use(token))), 'auth.invalid')
      }
    }),
    { numRuns: 60 },
  )
})

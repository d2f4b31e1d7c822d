// Races of refresh tokens on a real PostgreSQL: a scheduler decides in which order the statements
// of concurrent requests run.
//
// Three stories: clients that use one token at once, tabs that refresh several times each, and a
// thief beside the owner. After each exactly one chain is alive, or none where the family had to
// die; the database itself is asked.

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { Database } from '#database/connection.ts'
import { assert } from '#kernel/assert.ts'
import type { Result } from '#kernel/result.ts'
import { createLive, enterUser } from '#platform/auth/live.ts'
import type { Tokens } from '#platform/auth/port.ts'
import { createSessions } from '#platform/auth/sessions.ts'
import { createAuthStore, type UserRow } from '#platform/auth/store.ts'
import { signingKeys } from '#test/auth/signing-keys-in-memory.ts'
import type { AttackResult } from './key-attacks.ts'

const START = 1_700_000_000_000_000
const AT_ONCE = 16
const STORIES = ['one token at once', 'tabs', 'a thief'] as const

export type Races = {
  readonly database: Database
  readonly schedules: number
  readonly seed: number
}

export async function raceRefreshes(order: Races): Promise<AttackResult> {
  const bench = await createRaceBench(order.database)
  const schedulers = fc.sample(fc.scheduler(), { numRuns: order.schedules, seed: order.seed })
  const reached: Record<string, number> = {}
  const violations: string[] = []
  const run = async (at: number): Promise<void> => {
    const schedule = schedulers[at]
    const story = STORIES[at % STORIES.length]
    if (schedule === undefined || story === undefined) return
    const outcome = await bench.tell(story, schedule, at)
    reached[`${story}: ${outcome.reached}`] = (reached[`${story}: ${outcome.reached}`] ?? 0) + 1
    if (outcome.violation !== null) violations.push(`${story} ${at}: ${outcome.violation}`)
  }
  for (let at = 0; at < order.schedules; at += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => run(at + n)))
  }
  for (const violation of violations.slice(0, 10)) process.stderr.write(`${violation}\n`)
  return { cases: order.schedules, violations: violations.length, reached }
}

/** Races are about the order of statements and not about power: thousands need not sync. */
function withoutSync(database: Database): Database {
  const pool: Database['pool'] = (name, max, settings) =>
    database.pool(name, max, { ...settings, synchronous_commit: 'off' })
  return { ...database, pool }
}

type Outcome = { readonly reached: string; readonly violation: string | null }

async function createRaceBench(database: Database) {
  const store = createAuthStore(withoutSync(database))
  const pool = database.pool('races', 4)
  const { tokens: accessTokens } = await signingKeys(START)
  const row = await store.insertUser({
    ...{ id: randomUUID(), email: `${randomUUID()}@b.c`, passwordHash: '', createdAt: START },
    ...{ capabilities: ['trader'], status: 'pending', account: null },
    ...{ verifiedAt: null, totp: null, totpSince: null },
  })
  assert(row !== undefined, 'the user of the races is new')
  const user: UserRow = { ...row, status: 'active', account: 16 }
  await store.activateUser(row.id, 16, START)

  async function begin(schedule: fc.Scheduler) {
    const live = createLive()
    const liveUser = enterUser(live, user)
    assert(liveUser !== undefined, 'the user of the races is live')
    const deps = { live, accessTokens, refreshKey: Buffer.alloc(32, 7), now: () => START }
    const scheduled = {
      ...store,
      rotate: schedule.scheduleFunction(store.rotate),
      findToken: schedule.scheduleFunction(store.findToken),
      revokeSession: schedule.scheduleFunction(store.revokeSession),
    }
    const begun = await createSessions({ ...deps, store }).begin(liveUser, 'phone')
    assert(begun.ok, 'a session begins')
    const sessionId = [...liveUser.sessions.keys()][0] ?? ''
    const sessions = createSessions({ ...deps, store: scheduled })
    const use = (refreshToken: string, userAgent = 'phone') =>
      sessions.refresh({ refreshToken, userAgent })
    return { use, first: begun.value.refreshToken, sessionId, live, schedule }
  }

  async function chains(sessionId: string): Promise<number> {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM records.refresh_tokens t
         JOIN records.sessions s ON s.id = t.session_id
       WHERE s.id = $1 AND t.spent_at IS NULL AND s.revoked_at IS NULL`,
      [sessionId],
    )
    return rows[0]?.count ?? -1
  }

  const tell = async (story: (typeof STORIES)[number], schedule: fc.Scheduler, at: number) => {
    const session = await begin(schedule)
    const told = await STORY[story](session, at)
    const alive = await chains(session.sessionId)
    const expected = told.expected ?? (session.live.sessions.has(session.sessionId) ? 1 : 0)
    const problem = told.problem ?? (alive === expected ? null : `${alive} live chains`)
    return { reached: told.reached, violation: problem } satisfies Outcome
  }
  return { tell }
}

type Session = {
  readonly use: (token: string, userAgent?: string) => Promise<Result<Tokens>>
  readonly first: string
  readonly schedule: fc.Scheduler
}
/** `expected` chains; undefined: one if the session lives, else none. */
type Told = { reached: string; problem?: string | null; expected?: number }

const STORY: Readonly<
  Record<(typeof STORIES)[number], (session: Session, at: number) => Promise<Told>>
> = {
  'one token at once': async ({ use, first, schedule }, at) => {
    const uses = Promise.all(Array.from({ length: 2 + (at % 3) }, () => use(first)))
    const results = await schedule.waitFor(uses)
    const successors = new Set(results.map((one) => (one.ok ? one.value.refreshToken : one.code)))
    const isOne = successors.size === 1 && results.every(({ ok }) => ok)
    return { reached: 'one successor', problem: isOne ? null : [...successors].join(), expected: 1 }
  },
  tabs: async ({ use, first, schedule }, at) => {
    const tab = async (count: number): Promise<string> => {
      let token = first
      for (let n = 0; n < count; n += 1) {
        const result = await use(token)
        if (!result.ok) return result.code
        token = result.value.refreshToken
      }
      return 'in'
    }
    const tabs = Array.from({ length: 2 + (at % 2) }, (_, n) => tab(1 + ((at + n) % 3)))
    const ends = await schedule.waitFor(Promise.all(tabs))
    return { reached: ends.includes('auth.replayed') ? 'the family died' : 'one chain' }
  },
  'a thief': async ({ use, first, schedule }) => {
    const uses = Promise.all([use(first, 'phone'), use(first, 'thief')])
    const results = await schedule.waitFor(uses)
    const isSeen = results.some((one) => !one.ok && one.code === 'auth.replayed')
    for (const one of results) {
      const again = await schedule.waitFor(use(one.ok ? one.value.refreshToken : first))
      if (again.ok) return { reached: 'the thief stayed', problem: 'a stolen chain lives' }
    }
    return { reached: 'both are out', problem: isSeen ? null : 'not noticed', expected: 0 }
  },
}

// How bots stood is kept thinner the older it is: against a naive model, in a real database.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asMicros, DAY_US, MINUTE_US } from '#kernel/time.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { SAMPLES_ALL_DAYS, SAMPLES_HOURLY_DAYS, SAMPLES_MAX } from '#platform/fleet/limits.ts'
import { samplesKept, thinning } from '#platform/fleet/samples.ts'
import { createFleetStore } from '#platform/fleet/store.ts'
import { temporaryDatabase } from '../database/temporary.ts'

const HOUR_US = 60 * MINUTE_US
const database = await temporaryDatabase()
const pool = database.pool('test', 1)
const store = createFleetStore(database)
const clock = { now: 0 }
const nightly = thinning({ store, clock: () => asMicros(clock.now) })

const ada = { id: 'ada', email: 'ada@example.com', passwordHash: 'x', capabilities: [] }
const never = { account: null, verifiedAt: null, totp: null, totpSince: null }
const user = { ...ada, ...never, status: 'pending', createdAt: 1 } as const
await createAuthStore(database).insertUser(user)
const hash = 'a'.repeat(64)
await store.keepSource({ hash, name: 'x', source: 'x', at: 1 })
for (const id of ['b', 'other']) {
  await store.insertBot(
    {
      ...{ id, owner: 'ada', wanted: 'running', why: '', account: null, budget: [], keyId: null },
      ...{ secret: null, createdAt: 1, openedAt: null, settledAt: null, flatten: false },
    },
    {
      ...{ hash, params: {}, venues: ['internal'], limits: ENVELOPE, number: 1, like: null },
      ...{ by: 'ada', at: 1, requestId: 'r', requestHash: 'h' },
    },
  )
}

async function keep(times: readonly number[], bot = 'b'): Promise<void> {
  await store.addSamples(times.map((at) => ({ bot, at, equity: `${at}`, pnl: '0', fees: '0' })))
}

async function kept(bot = 'b'): Promise<number[]> {
  return (await store.samples(bot, 0, 1_000_000)).map(({ at }) => at)
}

/** As the words of the rule say it, hour by hour. */
function model(times: readonly number[], now: number): number[] {
  const wholeHours = Math.floor((now - SAMPLES_ALL_DAYS * DAY_US) / HOUR_US)
  const sorted = [...new Set(times)].sort((a, b) => a - b)
  return sorted.filter((at, index) => {
    if (at < now - SAMPLES_HOURLY_DAYS * DAY_US) return false
    const hour = Math.floor(at / HOUR_US)
    const next = sorted[index + 1]
    return hour >= wholeHours || next === undefined || Math.floor(next / HOUR_US) > hour
  })
}

const NOW = 20_000 * DAY_US + 7 * HOUR_US
const ages = fc.oneof(
  fc.integer({ min: 0, max: 3 * 24 * 60 }).map((minutes) => minutes * MINUTE_US),
  fc.integer({ min: 0, max: 400 * DAY_US }),
  fc.constantFrom(...[-1, 0, 1].flatMap((by) => [DAY_US + by, 365 * DAY_US + by, HOUR_US + by])),
)

test('what is left of any samples is what the rule says, however often it is thinned', async () => {
  const nights = fc.array(fc.integer({ min: 0, max: 3 * DAY_US }), { maxLength: 3 })
  const property = fc.asyncProperty(
    fc.array(ages, { maxLength: 80, size: 'max' }),
    nights,
    async (all, some) => {
      await pool.query('TRUNCATE records.bot_samples')
      const times = all.map((age) => NOW - age)
      await keep(times)
      await keep([NOW - 2 * DAY_US - 1], 'other')
      // Nights that were missed, or came late: the last one alone decides.
      for (const back of [...some].sort((a, b) => b - a)) {
        clock.now = NOW - back
        await nightly.work()
      }
      clock.now = NOW
      for (const _times of ['once', 'twice']) {
        await nightly.work()
        assert.deepEqual(await kept(), model(times, NOW))
      }
      assert.equal((await kept('other')).length, 1, 'each bot for itself')
    },
  )
  await fc.assert(property, { numRuns: 40 })
})

test('INV-17: a bot that runs for ever has SAMPLES_MAX at most, with the newest', async () => {
  await pool.query('TRUNCATE records.bot_samples')
  const { from, allFrom } = samplesKept(NOW)
  const minutes = Math.floor((NOW - from) / MINUTE_US) + 60
  // Three an hour say what sixty would, and take a twentieth of the time.
  await pool.query(
    `INSERT INTO records.bot_samples SELECT 'b', $1::bigint - age::bigint * 60000000, '1', '0', '0'
      FROM generate_series(0, $2) age WHERE age < 3000 OR age % 20 = 0`,
    [NOW, minutes],
  )
  clock.now = NOW
  await nightly.work()
  const left = await kept()
  assert.ok(left.length <= SAMPLES_MAX && left.length > SAMPLES_MAX - 65, `${left.length}`)
  assert.deepEqual([left.at(-1), left.includes(allFrom)], [NOW, true])
})

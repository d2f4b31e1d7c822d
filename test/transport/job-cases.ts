// What holds of jobs and the calendar on every queue: retried, once a slot with two processes,
// caught up.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createJobs } from '#platform/transport/jobs.ts'
import type { CalendarEntry } from '#platform/transport/port.ts'
import { beforeDatabasesClose, temporaryDatabase } from '../database/temporary.ts'

const DAY = 86_400_000_000

/** Defines the tests, on a database of their own; null keeps the jobs in it, too. */
export async function jobCases(redisUrl: string | null): Promise<void> {
  const database = await temporaryDatabase()
  const clock = { us: 20_000 * DAY + 1 }
  const told: string[] = []

  /** One process of several on one database. */
  async function createProcess() {
    const jobs = await createJobs({
      pool: database.pool('jobs', 6, { search_path: 'bullmq,public' }),
      redisUrl,
      ...{ now: () => clock.us, log: (line: string) => void told.push(line) },
      retries: { attempts: 4, pauseMs: 10 },
    })
    beforeDatabasesClose(jobs.close)
    return jobs
  }

  test('a job that fails is tried again, one that always fails is given up and told', async () => {
    const jobs = await createProcess()
    const tries = new Map<string, number>()
    jobs.handle('work', async (id) => {
      const count = (tries.get(id) ?? 0) + 1
      tries.set(id, count)
      if (id === 'never' || count < 3) throw new Error('not yet')
    })
    await jobs.start()
    await jobs.add('work', 'third')
    await jobs.add('work', 'never')
    await until(() => tries.get('third') === 3 && tries.get('never') === 4)
    await until(() => told.some((line) => line.includes('work-never')))
    await sleep(150)
    assert.deepEqual([tries.get('third'), tries.get('never')], [3, 4])
    await jobs.add('work', 'never')
    await until(() => tries.get('never') === 8)
    await jobs.close()
  })

  test('a slot of the calendar is done once by two processes, then the next one', async () => {
    const done: string[] = []
    const entry = (who: string): CalendarEntry => ({
      ...{ name: 'purge', cron: '0 3 * * *', every: 'day' },
      work: async () => {
        await sleep(20)
        done.push(who)
      },
    })
    const start = async (who: string) => {
      const jobs = await createProcess()
      jobs.calendar(entry(who))
      await jobs.start()
      return jobs
    }
    // Nobody ran when it was due: it is done at the start, by one of them.
    const both = await Promise.all([start('one'), start('two')])
    await until(() => done.length > 0)
    await sleep(150)
    assert.equal(done.length, 1)
    for (const jobs of both) await jobs.close()

    const again = await start('three')
    await sleep(150)
    assert.equal(done.length, 1, 'a restart does not repeat it')
    await again.close()

    clock.us += 3 * DAY
    const later = await start('four')
    await until(() => done.length === 2)
    await sleep(100)
    assert.equal(done.length, 2, 'what was missed for days is done once')
    await later.close()
  })

  test('work of the calendar that fails is tried again until its slot is done', async () => {
    let tries = 0
    const jobs = await createProcess()
    jobs.calendar({
      ...{ name: 'fails', cron: '0 3 * * *', every: 'hour' },
      work: async () => {
        tries += 1
        if (tries < 3) throw new Error('the database is away')
      },
    })
    await jobs.start()
    const pool = database.pool('test', 1)
    const ofIt = "SELECT done_slot::text AS slot FROM records.calendar WHERE name = 'fails'"
    const slot = String(Math.floor(clock.us / 3_600_000_000))
    await until(async () => (await pool.query(ofIt)).rows[0]?.slot === slot)
    assert.equal(tries, 3)
    await jobs.close()
  })
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 10_000 && !(await isTrue()); waited += 10) await sleep(10)
  assert.ok(await isTrue(), 'it did not happen in time')
}

// Jobs kept in a Redis: as in PostgreSQL, and its loss costs time, never a job (F15).

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createJobs } from '#platform/transport/jobs.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { jobCases } from './job-cases.ts'
import { NO_REDIS, startRedis } from './temporary-redis.ts'

if (NO_REDIS !== undefined) test('jobs in a Redis', { skip: NO_REDIS }, () => {})
else await redisCases()

async function redisCases(): Promise<void> {
  const redis = await startRedis('--maxmemory-policy', 'noeviction')
  after(redis.stop)
  const database = await temporaryDatabase()
  const pool = database.pool('jobs', 6, { search_path: 'bullmq,public' })
  const open = (redisUrl: string, log: (line: string) => void = () => {}) =>
    createJobs({ pool, redisUrl, now: () => 1, log })
  // Last of what is waited for: the tests run as soon as there are some.
  await jobCases(redis.url)

  test('a Redis that evicts is refused with a line that says what to set', async () => {
    const evicting = await startRedis('--maxmemory-policy', 'allkeys-lru')
    await assert.rejects(open(evicting.url), /maxmemory-policy is allkeys-lru.*noeviction/)
    await evicting.stop()
  })

  test('a Redis that is not there is refused at the start', async () => {
    const gone = await startRedis()
    await gone.stop()
    await assert.rejects(open(gone.url))
  })

  test('while a Redis is away a job is told as lost, and it goes on when it is back', async () => {
    const dying = await startRedis('--maxmemory-policy', 'noeviction')
    const told: string[] = []
    const jobs = await open(dying.url, (line) => told.push(line))
    const done: string[] = []
    jobs.handle('work', async (id) => void done.push(id))
    await jobs.start()
    await jobs.add('work', 'before')
    while (done.length === 0) await sleep(10)
    await dying.stop()
    while (told.length === 0) await sleep(10)
    await jobs.add('work', 'lost')
    assert.ok(told.some((line) => line.startsWith('job work-lost was not kept')))

    const port = new URL(dying.url).port
    const back = await startRedis('--maxmemory-policy', 'noeviction', '--port', port)
    for (let round = 0; !done.includes('found'); round += 1) {
      assert.ok(round < 500, 'it did not go on')
      await jobs.add('work', 'found')
      await sleep(20)
    }
    await jobs.close()
    await back.stop()
  })
}

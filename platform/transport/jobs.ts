// Jobs on BullMQ, kept in PostgreSQL or in Redis: at least once, retried with growing pauses.
//
// Nothing outside of this folder knows the library. A job that fails for good, or that the queue
// lost, is dropped here; whoever added it must find it again in his own table. A slot of the
// calendar is one job by its id, and its row says when it is done: two processes never both do it.

import { schedule } from 'node-cron'
import type { CalendarEntry, Jobs } from './port.ts'
import { type JobsPool, openPostgresQueue, openRedisQueue } from './queue-backend.ts'

export type JobsDeps = {
  /** Its search path begins with `bullmq`; what is done of the calendar is always kept there. */
  readonly pool: JobsPool
  /** Keeps jobs in this Redis instead. */
  readonly redisUrl?: string | null
  /** Microseconds since 1970. */
  readonly now: () => number
  readonly log: (line: string) => void
  /** Attempts of one job, and the pause after the first; each later pause is twice as long. */
  readonly retries?: { readonly attempts: number; readonly pauseMs: number }
}

const QUEUE = 'crossbook'
const AT_ONCE = 4
const RETRIES = { attempts: 10, pauseMs: 1_000 }
const SLOT_US = { hour: 3_600_000_000, day: 86_400_000_000 } as const

export async function createJobs(deps: JobsDeps): Promise<Jobs> {
  const { pool, log, retries = RETRIES } = deps
  const backend = await (deps.redisUrl
    ? openRedisQueue(QUEUE, deps.redisUrl)
    : openPostgresQueue(QUEUE, pool))
  const { queue } = backend
  const works = new Map<string, (id: string) => Promise<void>>()
  const calendar: CalendarEntry[] = []
  const work = async ({ name, data }: { name: string; data: { id: string } }) =>
    works.get(name)?.(String(data.id))
  const worker = backend.worker(work, { concurrency: AT_ONCE, drainDelay: 1 })
  const tell = (error: Error): void => log(`jobs: ${error.message}`)
  queue.on('error', tell)
  worker.on('error', tell)
  worker.on('failed', (job, error) => log(`job ${job?.name} ${job?.id}: ${error.message}`))
  const add: Jobs['add'] = async (name, id) => {
    const backoff = { type: 'exponential', delay: retries.pauseMs }
    const kept = { attempts: retries.attempts, removeOnComplete: true, removeOnFail: true }
    const adding = queue.add(name, { id }, { jobId: `${name}-${id}`, backoff, ...kept })
    await adding.catch((error: unknown) => log(`job ${name}-${id} was not kept: ${String(error)}`))
  }
  const clocks: { stop(): unknown }[] = []
  return {
    handle: (name, work) => void works.set(name, work),
    add,
    calendar: (entry) => void calendar.push(entry),
    start: async () => {
      for (const entry of calendar) works.set(jobOf(entry), (slot) => runSlot(deps, entry, slot))
      void worker.run().catch((error: unknown) => log(`jobs: ${String(error)}`))
      for (const entry of calendar) clocks.push(await follow(deps, entry, add))
    },
    close: async () => {
      for (const clock of clocks) clock.stop()
      await worker.close()
      await queue.close()
      await backend.close()
    },
  }
}

function jobOf({ name }: CalendarEntry): string {
  return `calendar-${name}`
}

/** What was missed while nobody ran is done at once; then the clock of cron. */
async function follow(deps: JobsDeps, entry: CalendarEntry, add: Jobs['add']) {
  const due = (): Promise<void> => add(jobOf(entry), String(slotOf(entry, deps.now())))
  if ((await doneSlot(deps.pool, entry)) < slotOf(entry, deps.now())) await due()
  const fire = (): void => {
    due().catch((error: unknown) => deps.log(`calendar ${entry.name}: ${String(error)}`))
  }
  return schedule(entry.cron, fire, { timezone: 'UTC', unref: true })
}

async function runSlot(deps: JobsDeps, entry: CalendarEntry, slot: string): Promise<void> {
  if ((await doneSlot(deps.pool, entry)) >= Number(slot)) return
  await entry.work()
  await deps.pool.query(
    `INSERT INTO records.calendar (name, done_slot) VALUES ($1, $2) ON CONFLICT (name)
      DO UPDATE SET done_slot = greatest(calendar.done_slot, excluded.done_slot)`,
    [entry.name, slot],
  )
}

async function doneSlot(pool: JobsPool, { name }: CalendarEntry): Promise<number> {
  const { rows } = await pool.query<{ slot: number }>(
    'SELECT done_slot::float8 AS slot FROM records.calendar WHERE name = $1',
    [name],
  )
  return rows[0]?.slot ?? -1
}

function slotOf({ every }: CalendarEntry, now: number): number {
  return Math.floor(now / SLOT_US[every])
}

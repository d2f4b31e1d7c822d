// Queue backend: where BullMQ keeps jobs, in PostgreSQL or in a Redis.
//
// A Redis that may evict is refused at the start: it would drop jobs silently. While a Redis is
// away nothing waits for it: what is added then fails at once, and its owner finds it again.

import { createPostgresBackend, type Job, Queue, runMigrations, Worker, withBackend } from 'bullmq'
import { Redis } from 'ioredis'

/** What is needed of a pg pool whose search path begins with `bullmq`. */
export type JobsPool = {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>
  connect(): Promise<{ query(text: string): Promise<unknown>; release(): void }>
}

export type QueueBackend = {
  readonly queue: Pick<Queue, 'add' | 'close'> & Told
  /** A worker that does not run yet. */
  readonly worker: (work: Work, options: WorkerOptions) => RunsJobs
  /** After queue and worker are closed. */
  close(): Promise<void>
}

type Work = (job: {
  readonly name: string
  readonly data: { readonly id: string }
}) => Promise<void>

type Told = { on(event: 'error', tell: (error: Error) => void): unknown }
type WorkerOptions = { readonly concurrency: number; readonly drainDelay: number }
type RunsJobs = Pick<Worker, 'run' | 'close'> &
  Told & { on(event: 'failed', tell: (job: Job | undefined, error: Error) => void): unknown }

const SCHEMA = 'bullmq'

export async function openPostgresQueue(name: string, pool: JobsPool): Promise<QueueBackend> {
  const client = await pool.connect()
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    await runMigrations(client as never, SCHEMA) // A client of pg is what it takes.
  } finally {
    client.release()
  }
  const kept = withBackend(createPostgresBackend)
  // BullMQ takes any pool of pg; its types name the class.
  const connection = pool as never
  return {
    queue: new kept.Queue(name, { connection }),
    worker: (work, options) =>
      new kept.Worker(name, work, { ...options, connection, autorun: false }),
    close: async () => {},
  }
}

/** Throws when the Redis may evict, or cannot be reached now. */
export async function openRedisQueue(name: string, url: string): Promise<QueueBackend> {
  const adding = new Redis(url, { enableOfflineQueue: false, lazyConnect: true })
  const working = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true })
  const connections = [adding, working]
  // Queue and worker tell what happens to both; without a listener an error would end us.
  for (const connection of connections) connection.on('error', () => {})
  const close = async (): Promise<void> => {
    for (const connection of connections) connection.disconnect()
  }
  try {
    for (const connection of connections) await connection.connect()
    await refuseEviction(adding)
  } catch (error) {
    await close()
    throw error
  }
  return {
    queue: new Queue(name, { connection: adding }),
    worker: (work, options) =>
      new Worker(name, work, { ...options, connection: working, autorun: false }),
    close,
  }
}

async function refuseEviction(redis: Redis): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1]
  if (policy === 'noeviction') return
  throw new Error(`REDIS_URL: its maxmemory-policy is ${policy}; it has to be noeviction`)
}

// The database of the platform: an embedded server, or the one that DATABASE_URL names.
//
// It is migrated before anyone gets it. Every session speaks UTC, or adapter-pg would store wrong
// instants. A connection that breaks is logged and replaced; it never ends the process. Prisma's
// interactive transactions are not for money or cursors: those take one SQL statement.

import { PrismaPg } from '@prisma/adapter-pg'
import { Pool, type PoolConfig } from 'pg'
import { StartError } from '#kernel/start-error.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { PrismaClient } from './generated/client.ts'
import { MIGRATIONS, migrate } from './migrate.ts'

export type Database = {
  readonly kind: 'embedded' | 'server'
  /** For everything but bulk writes. */
  readonly prisma: PrismaClient
  /**
   * A pool of its own: `name` shows up in pg_stat_activity, `settings` hold for its sessions, for
   * example `{ synchronous_commit: 'off' }` for rows that can be folded again.
   */
  pool(name: string, max: number, settings?: Readonly<Record<string, string>>): Pool
  /** The embedded server's process id; undefined for a server and during a restart. */
  serverPid(): number | undefined
  /** Ends all pools, then the embedded server. */
  close(): Promise<void>
}

export type DatabaseOptions = {
  readonly dataFolder: string
  readonly databaseUrl?: string | undefined
  /** What to do with an embedded server that runs already: the platform replaces, tools join. */
  readonly whenRunning?: 'replace' | 'join'
  readonly migrations?: string
  readonly log?: (line: string) => void
}

const PRISMA_CONNECTIONS = 4
const CONNECT_TIMEOUT_MS = 5_000
const OLDEST_SERVER = 150_000

/** Opens and migrates the database. Throws StartError, in one line without secrets. */
export async function createDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, log = () => {}, whenRunning = 'replace' } = options
  const embedded =
    databaseUrl === undefined
      ? await openEmbedded({ dataFolder: options.dataFolder, whenRunning, log })
      : undefined
  const target: PoolConfig = embedded?.address ?? { connectionString: databaseUrl }
  const pools = createPools(target, log)
  try {
    const pool = pools.open('start', 1)
    await checkServer(pool)
    await migrate(pool, options.migrations ?? MIGRATIONS)
  } catch (error) {
    await pools.end()
    await embedded?.stop()
    throw asStartError(error)
  }
  return assemble(pools, embedded)
}

type Pools = { readonly open: Database['pool']; readonly end: () => Promise<void> }

function createPools(target: PoolConfig, log: (line: string) => void): Pools {
  const opened: Pool[] = []
  const open: Database['pool'] = (name, max, settings = {}) => {
    const given = Object.entries({ TimeZone: 'UTC', ...settings })
    const pool = new Pool({
      ...target,
      max,
      application_name: `crossbook-${name}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      options: given.map(([setting, value]) => `-c ${setting}=${value}`).join(' '),
    })
    pool.on('error', (error) => {
      // What the server says to a connection that is ending anyway is no news.
      if (!pool.ending) log(`database connection ${name}: ${error.message}`)
    })
    opened.push(pool)
    return pool
  }
  const end = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((pool) => pool.end()))
  }
  return { open, end }
}

function assemble(pools: Pools, embedded: Embedded | undefined): Database {
  const adapter = new PrismaPg(pools.open('prisma', PRISMA_CONNECTIONS))
  const prisma = new PrismaClient({ adapter })
  return {
    kind: embedded === undefined ? 'server' : 'embedded',
    prisma,
    pool: pools.open,
    serverPid: () => embedded?.pid(),
    close: async () => {
      await prisma.$disconnect()
      await pools.end()
      await embedded?.stop()
    },
  }
}

async function checkServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ server_version_num: string }>('SHOW server_version_num')
  const version = Number(rows[0]?.server_version_num)
  if (version < OLDEST_SERVER) throw new StartError('the server must be PostgreSQL 15 or newer')
}

function asStartError(error: unknown): StartError {
  if (error instanceof StartError) return error
  return new StartError(`cannot use the database: ${reasonOf(error)}`)
}

/** pg reports a refused connection to several addresses as an AggregateError without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

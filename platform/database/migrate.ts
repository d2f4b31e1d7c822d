// Migrations: SQL files applied at start, each with its row in one transaction.
//
// The rows of `_prisma_migrations` are those that Prisma's own tools write, so they accept the
// database. What was applied is never edited: a file that changed or vanished refuses the start.
// Two processes that start at once wait for each other on Prisma's advisory lock.

import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Pool, PoolClient } from 'pg'
import { StartError } from '#kernel/start-error.ts'

/** The migrations of this release, one folder each, in the order of their names. */
export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

const PRISMA_LOCK = 72_707_369

const HISTORY = `CREATE TABLE IF NOT EXISTS public._prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`

const READ_HISTORY = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM public._prisma_migrations WHERE rolled_back_at IS NULL`

const RECORD = `INSERT INTO public._prisma_migrations
  (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)`

type Applied = { readonly name: string; readonly checksum: string; readonly finished: boolean }
type Migration = { readonly name: string; readonly sql: string; readonly checksum: string }

/** Applies what is missing; returns the names. StartError when history and files differ. */
export async function migrate(pool: Pool, folder: string = MIGRATIONS): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`)
    await client.query(HISTORY)
    const { rows } = await client.query<Applied>(READ_HISTORY)
    const missing = compare(readMigrations(folder), rows)
    for (const migration of missing) await apply(client, migration)
    return missing.map((migration) => migration.name)
  } finally {
    // Closing the connection gives the lock back, also after a failure.
    client.release(true)
  }
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) =>
    existsSync(join(folder, name, 'migration.sql')),
  )
  return names.sort().map((name) => {
    const bytes = readFileSync(join(folder, name, 'migration.sql'))
    const checksum = createHash('sha256').update(bytes).digest('hex')
    return { name, sql: bytes.toString('utf8'), checksum }
  })
}

function compare(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const { name, checksum, finished } of applied) {
    if (!finished) throw new StartError(`migration ${name} failed earlier; mend it with Prisma`)
    if (!known.has(name)) throw new StartError(`the database is newer: it has migration ${name}`)
    if (known.get(name) !== checksum) {
      throw new StartError(`migration ${name} was edited after it was applied to this database`)
    }
  }
  const done = new Set(applied.map(({ name }) => name))
  return migrations.filter(({ name }) => !done.has(name))
}

async function apply(client: PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN')
    await client.query(sql) // Without values it goes as one text of many statements.
    await client.query(RECORD, [randomUUID(), checksum, name])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`migration ${name} failed and was rolled back: ${reason}`)
  }
}

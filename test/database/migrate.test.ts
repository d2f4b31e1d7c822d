// Migrations at start: applied once, whole or not at all, never edited.

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MIGRATIONS, migrate } from '#database/migrate.ts'
import { StartError } from '#kernel/start-error.ts'
import { temporaryDatabase, temporaryFolder } from './temporary.ts'

const folder = temporaryFolder()
const database = await temporaryDatabase(folder)
const pool = database.pool('test', 2)

/** A copy of the migrations and further ones, in a database that has applied the originals. */
function withMigrations(name: string, added: Record<string, string>): string {
  const target = join(folder, name)
  cpSync(MIGRATIONS, target, { recursive: true })
  for (const [migration, sql] of Object.entries(added)) {
    mkdirSync(join(target, migration), { recursive: true })
    writeFileSync(join(target, migration, 'migration.sql'), sql)
  }
  return target
}

async function tableExists(table: string): Promise<boolean> {
  const { rows } = await pool.query<{ found: string | null }>('SELECT to_regclass($1) AS found', [
    table,
  ])
  return rows[0]?.found !== null
}

test('a migrated database has every migration, and nothing is left to apply', async () => {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1',
  )
  const names = readdirSync(MIGRATIONS).filter((name) => /^\d{4}_/.test(name))
  assert.deepEqual(
    rows.map((row) => row.name),
    names.sort(),
  )
  assert.deepEqual(await migrate(pool), [])
})

test('two processes that migrate at once apply each migration once', async () => {
  const target = withMigrations('twice', { '9000_once': 'CREATE TABLE records.once (id int)' })
  const applied = await Promise.all([migrate(pool, target), migrate(pool, target)])
  assert.deepEqual(applied.flat(), ['9000_once'])
  await pool.query(
    "DROP TABLE records.once; DELETE FROM _prisma_migrations WHERE migration_name = '9000_once'",
  )
})

test('a migration that was edited after it was applied refuses the start', async () => {
  const target = withMigrations('edited', { '0001_records': 'SELECT 1' })
  await assert.rejects(migrate(pool, target), startError(/0001_records was edited/))
})

test('a database that is newer than the release refuses the start', async () => {
  const empty = join(folder, 'older')
  mkdirSync(empty)
  await assert.rejects(migrate(pool, empty), startError(/newer: it has migration 0001_records/))
})

test('a migration that fails half way leaves nothing behind', async () => {
  // The second one fails only when its row is written.
  for (const end of ['SELECT 1 / 0', 'DROP TABLE public._prisma_migrations']) {
    const sql = `CREATE TABLE records.half (id int); ${end}`
    const target = withMigrations('failing', { '9001_half': sql })
    await assert.rejects(migrate(pool, target), startError(/9001_half failed and was rolled back/))
    assert.equal(await tableExists('records.half'), false)
  }
  assert.deepEqual(await migrate(pool), [])
})

test('a migration that Prisma recorded as unfinished refuses the start', async () => {
  await pool.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'x', '9002_open')`,
  )
  await assert.rejects(migrate(pool), startError(/9002_open failed earlier/))
  await pool.query("DELETE FROM _prisma_migrations WHERE migration_name = '9002_open'")
})

function startError(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof StartError && message.test(error.message)
}

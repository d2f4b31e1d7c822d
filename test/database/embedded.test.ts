// The embedded PostgreSQL: one server per data folder, never longer than its owner, never lost.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createDatabase, type Database } from '#database/connection.ts'
import { findRunning } from '#database/postmaster.ts'
import { StartError } from '#kernel/start-error.ts'
import { putDatabase } from './template.ts'
import { beforeDatabasesClose, temporaryFolder } from './temporary.ts'

const HOLDER = fileURLToPath(new URL('./hold-database.ts', import.meta.url))

// For the tests that neither stop the server nor mind what is in it; made, not copied.
const sharedFolder = temporaryFolder()
const shared = await createDatabase({ dataFolder: sharedFolder })
beforeDatabasesClose(shared.close)

/** For those that ask what becomes of a server, not of its folder. */
async function folderWithCluster(): Promise<string> {
  const folder = temporaryFolder()
  await putDatabase(folder)
  return folder
}

function clusterOf(folder: string): string {
  return join(folder, 'postgres', 'cluster')
}

function serverOf(database: Database): number {
  const pid = database.serverPid()
  assert.ok(pid !== undefined)
  return pid
}

/** A process of its own that holds the database of a folder open, and its server's pid. */
async function hold(folder: string): Promise<{ holder: ChildProcess; server: number }> {
  const holder = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  assert.ok(holder.stdout !== null)
  const [line] = await once(holder.stdout, 'data')
  return { holder, server: Number(String(line)) }
}

async function killHard(process: ChildProcess): Promise<void> {
  process.kill('SIGKILL')
  await once(process, 'exit')
}

/** The shell that stops the server when its owner dies; it shares the server's process group. */
function watcherOf(server: number): number {
  const found = fs.readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')
      const isOfServer = Number(fields?.[2]) === server
      return isOfServer && fs.readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sh\n'
    } catch {
      return false // It has ended meanwhile.
    }
  })
  assert.ok(found !== undefined, 'the watcher was found')
  return Number(found)
}

/** A zombie has ended, even where the init of a container is slow to ask. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await condition()) return
    await sleep(20)
  }
  assert.fail('it did not happen within 10 s')
}

test('what was committed before a stop is there after the next start', async () => {
  const folder = temporaryFolder()
  const first = await createDatabase({ dataFolder: folder })
  await first.pool('test', 1).query(`INSERT INTO records.positions VALUES ('a', '{"at": 7}', 1)`)
  const server = serverOf(first)
  await first.close()
  assert.equal(isRunning(server), false, 'close waits for the server to end')
  const second = await createDatabase({ dataFolder: folder })
  const found = await second.prisma.position.findUnique({ where: { name: 'a' } })
  assert.deepEqual(found?.value, { at: 7 })
  await second.close()
})

test('only we may enter the folder and read the password, which is random', async () => {
  const other = temporaryFolder()
  await (await createDatabase({ dataFolder: other })).close()
  for (const folder of [sharedFolder, other]) {
    const mode = (name: string) => fs.statSync(join(folder, 'postgres', name)).mode & 0o777
    assert.deepEqual([mode('.'), mode('socket'), mode('password')], [0o700, 0o700, 0o600])
  }
  const password = (folder: string) => fs.readFileSync(join(folder, 'postgres', 'password'), 'utf8')
  assert.notEqual(password(sharedFolder), password(other))
  assert.ok(password(other).trim().length >= 43)
})

test('the server has a process group of its own, so Ctrl-C does not reach it', async () => {
  const server = serverOf(shared)
  const group = fs.readFileSync(`/proc/${server}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]
  assert.equal(Number(group), server)
})

test('sessions speak UTC and commit to disk unless their pool says otherwise', async () => {
  const show = async (pool: ReturnType<Database['pool']>, setting: string) =>
    Object.values((await pool.query<Record<string, string>>(`SHOW ${setting}`)).rows[0] ?? {})[0]
  const strict = shared.pool('strict', 1)
  const views = shared.pool('views', 1, { synchronous_commit: 'off' })
  assert.equal(await show(strict, 'TimeZone'), 'UTC')
  assert.equal(await show(strict, 'synchronous_commit'), 'on')
  assert.equal(await show(strict, 'fsync'), 'on')
  assert.equal(await show(views, 'TimeZone'), 'UTC')
  assert.equal(await show(views, 'synchronous_commit'), 'off')
})

test('after a kill -9 of its owner the server stops by itself', async () => {
  const { holder, server } = await hold(await folderWithCluster())
  await killHard(holder)
  await until(() => !isRunning(server))
})

test('a server that outlived its owner is stopped and replaced at the next start', async () => {
  const folder = await folderWithCluster()
  const { holder, server } = await hold(folder)
  process.kill(watcherOf(server), 'SIGKILL')
  await killHard(holder)
  await sleep(200)
  assert.equal(findRunning(clusterOf(folder))?.pid, server, 'it is an orphan that still runs')
  const database = await createDatabase({ dataFolder: folder })
  assert.notEqual(serverOf(database), server)
  assert.equal(isRunning(server), false)
  assert.equal(await database.prisma.user.count(), 0)
  await database.close()
})

test('a server that dies under us is started again and the pools find it', async () => {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const database = await createDatabase({ dataFolder: await folderWithCluster(), log })
  const pool = database.pool('test', 2)
  await pool.query(`INSERT INTO records.positions VALUES ('kept', '1', 1)`)
  const killed = serverOf(database)
  process.kill(killed, 'SIGKILL')
  await until(() => database.serverPid() !== killed && database.serverPid() !== undefined)
  await until(() =>
    pool.query('SELECT 1').then(
      () => true,
      () => false,
    ),
  )
  assert.equal(await database.prisma.position.count(), 1)
  assert.match(lines.join('\n'), /PostgreSQL ended \(SIGKILL\); it is started again/)
  await database.close()
})

test('a tool joins a server that runs and leaves it running', async () => {
  const tool = await createDatabase({ dataFolder: sharedFolder, whenRunning: 'join' })
  assert.equal(serverOf(tool), serverOf(shared))
  assert.equal(await tool.prisma.user.count(), 0)
  await tool.close()
  assert.equal(await shared.prisma.user.count(), 0)
})

test('a data folder with a long path gets its socket elsewhere, and it is removed', async () => {
  const folder = join(temporaryFolder(), 'deep'.repeat(30))
  const database = await createDatabase({ dataFolder: folder })
  const socket = findRunning(clusterOf(folder))?.socket ?? ''
  assert.ok(socket !== '' && !socket.startsWith(folder))
  assert.equal(fs.statSync(socket).mode & 0o777, 0o700)
  await database.close()
  assert.equal(fs.existsSync(socket), false)
})

test('a first start that was killed half way does not stand in the way', async () => {
  const folder = temporaryFolder()
  fs.mkdirSync(`${clusterOf(folder)}.new`, { recursive: true })
  fs.writeFileSync(join(`${clusterOf(folder)}.new`, 'PG_VERSION'), '18\n')
  await (await createDatabase({ dataFolder: folder })).close()
  assert.equal(fs.existsSync(`${clusterOf(folder)}.new`), false)
})

test('a cluster of another version, or without its password, refuses the start', async () => {
  const folder = await folderWithCluster()
  fs.writeFileSync(join(clusterOf(folder), 'PG_VERSION'), '17\n')
  await assert.rejects(
    createDatabase({ dataFolder: folder }),
    startError(/holds 17 .*18 is needed/),
  )
  fs.rmSync(join(folder, 'postgres', 'password'))
  await assert.rejects(createDatabase({ dataFolder: folder }), startError(/password .* is gone/))
})

test('a data folder that cannot be written refuses the start', async () => {
  const folder = temporaryFolder()
  fs.writeFileSync(join(folder, 'file'), '')
  const dataFolder = join(folder, 'file', 'data')
  await assert.rejects(
    createDatabase({ dataFolder }),
    startError(/cannot write to the data folder/),
  )
})

test('root keeps data where the user of PostgreSQL may not enter', async (context) => {
  // Only root lends PostgreSQL another user; for everybody else there is nothing to show.
  if (process.getuid?.() !== 0) return context.diagnostic('not root: nothing is lent')
  const folder = temporaryFolder()
  const dataFolder = join(folder, 'closed', 'data')
  fs.mkdirSync(dirname(dataFolder), { mode: 0o700 })
  for (const run of [1, 2]) {
    const database = await createDatabase({ dataFolder })
    const pool = database.pool('test', 1)
    await pool.query('CREATE TABLE IF NOT EXISTS kept (run integer)')
    await pool.query('INSERT INTO kept VALUES ($1)', [run])
    assert.equal((await pool.query('SELECT 1 FROM kept')).rowCount, run)
    await database.close()
  }
  assert.equal(fs.statSync(dirname(dataFolder)).mode & 0o777, 0o700)
})

test('an unreachable DATABASE_URL refuses the start in one line without its password', async () => {
  const databaseUrl = 'postgresql://crossbook:canary-secret@127.0.0.1:1/crossbook'
  await assert.rejects(createDatabase({ dataFolder: '/unused', databaseUrl }), (error) => {
    assert.ok(error instanceof StartError)
    assert.match(error.message, /cannot use the database: .*ECONNREFUSED/)
    assert.doesNotMatch(error.message, /canary|\n/)
    return true
  })
})

test('a DATABASE_URL that is no address refuses the start', async () => {
  const databaseUrl = 'not a url'
  await assert.rejects(createDatabase({ dataFolder: '/unused', databaseUrl }), startError(/./))
})

test('a server that DATABASE_URL names is migrated and used', async () => {
  const socket = encodeURIComponent(findRunning(clusterOf(sharedFolder))?.socket ?? '')
  const password = fs.readFileSync(join(sharedFolder, 'postgres', 'password'), 'utf8').trim()
  await shared.pool('test', 1).query('CREATE DATABASE other')
  const databaseUrl = `postgresql://crossbook:${password}@${socket}:5432/other`
  const database = await createDatabase({ dataFolder: '/unused', databaseUrl })
  assert.equal(database.kind, 'server')
  assert.equal(database.serverPid(), undefined)
  assert.equal(await database.prisma.user.count(), 0)
  await database.close()
})

function startError(message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StartError, String(error))
    assert.match(error.message, message)
    assert.doesNotMatch(error.message, /\n/)
    return true
  }
}

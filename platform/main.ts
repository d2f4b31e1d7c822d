// main.ts: the only file that creates things. `npm start` ends up here.
//
// Order of a start: configuration, the journal (and with it the lock of the data folder), database,
// exchange, demo, listen, bots. A stop goes the other way. What the operator can mend is one line
// and exit code 1; a bug ends the process at once, before anything wrong is released.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { AssertionFailed } from '#kernel/assert.ts'
import { StartError } from '#kernel/start-error.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import { readCertificate } from '#platform/vault/certificate.ts'
import { masterKeySource } from '#platform/vault/master-key.ts'
import { startSequencer } from '#sequencer/thread.ts'
import { prepareDemo } from '../scripts/demo/demo.ts'
import { withoutDemo } from '../scripts/demo/no-demo.ts'
import { parseStartOptions, type StartOptions, USAGE } from '../scripts/demo/options.ts'
import { missedTargets } from '../scripts/demo/report.ts'
import { openFleet } from '../scripts/fleet/open-fleet.ts'
import { type Config, readConfig } from './config.ts'
import { createDatabase, type Database } from './database/connection.ts'
import { type Exchange, openExchange, type ServeOptions } from './exchange.ts'
import { serveInside } from './inside.ts'
import type { Mailbox } from './notifications/port.ts'
import { mailboxRoutes } from './notifications/routes.ts'
import { assertProduction, NEWCOMERS } from './production.ts'
import { createJobs } from './transport/jobs.ts'

const clock: Clock = () => asMicros(Date.now() * 1_000)
const PAGE = fileURLToPath(new URL('./web/dist', import.meta.url))
const RECORDS_CONNECTIONS = 3
const JOBS_CONNECTIONS = 6

function log(line: string): void {
  process.stderr.write(`${line}\n`)
}

async function start(config: Config, options: StartOptions): Promise<void> {
  assertProduction(config)
  const stop = stopSignal()
  log(`crossbook ${version()}: opening ${config.dataFolder}`)
  const sequencer = await startSequencer({ folder: config.dataFolder, fatal })
  writeFileSync(join(config.dataFolder, 'core.pid'), `${process.pid}\n`)
  // Before a database takes its seconds to start.
  const server = await serverOf(config)
  const database = await createDatabase({
    ...{ dataFolder: config.dataFolder, log },
    databaseUrl: config.databaseUrl ?? undefined,
  })
  const image = sequencer.image()
  const base = { sequencer, database, image, clock, log, dataFolder: config.dataFolder }
  const isDemo = config.profile === 'demo'
  const jobs = await openJobs(database, config)
  const exchange = await openExchange({
    ...{ ...base, jobs, masterKey: masterKeySource(config), version: version() },
    ...{ smtpUrl: config.smtpUrl, emails: isDemo ? 'optional' : 'required' },
    newcomers: NEWCOMERS[config.profile],
  })
  const pool = database.pool('records', RECORDS_CONNECTIONS)
  const demo = isDemo
    ? await prepareDemo({
        ...{ ...base, exchange, pool, options, chainPort: config.chainPort },
        databasePid: database.serverPid,
      })
    : withoutDemo(config.dataFolder)
  const { prices, serve } = demo
  const fleet = await openFleet({ ...base, exchange, jobs, house: serve.fleet, prices })
  const { deployments } = fleet
  await jobs.start()
  const served = { ...serve, ...server, deployments, pageFolder: PAGE }
  const app = exchange.serve({
    ...{ ...served, more: [...serve.more, ...mailboxOf(config, exchange)] },
    serves: config.adminPort === null ? 'both' : 'public',
  })
  const url = await listen(app, config)
  const admin = await serveAdmin(config, exchange, { ...serve, ...server })
  const inside = config.tls === null ? undefined : await serveInside(exchange, served)
  const firstOrder = acknowledgedOrder(exchange)
  await demo.begin(inside?.url ?? url)
  void fleet.begin(inside?.url ?? url).catch(fatal)
  stop.isRunning()
  const signIns = isDemo ? ', sign-ins of the demo in demo.json' : ''
  log(`crossbook is running: ${url} (API ${url}/docs${signIns})`)
  const startMs = isDemo ? await Promise.race([firstOrder, stop.promise.then(() => 0)]) : 0
  const run = await follow(options, demo.second, stop.promise)
  // First, while the platform's own bots still quote.
  await deployments.close()
  if (options.headless && run.completed) {
    const report = await demo.finish({ seconds: run.seconds, startMs })
    process.stdout.write(`${JSON.stringify(report)}\n`)
    const missed = missedTargets(report)
    if (missed.length > 0) {
      log(`missed: ${missed.join(', ')}`)
      process.exitCode = 1
    }
  }
  log('stopping')
  await demo.close()
  await Promise.all([admin?.close(), inside?.app.close()])
  await app.close()
  await exchange.close()
  await jobs.close()
  await sequencer.close()
  await database.close()
}

function openJobs(database: Database, { redisUrl }: Config) {
  const settings = { search_path: 'bullmq,public' }
  const pool = database.pool('jobs', JOBS_CONNECTIONS, settings)
  return createJobs({ pool, redisUrl, now: clock, log })
}

/** Where letters stay, somebody must be able to read them: in a demo on this machine. */
function mailboxOf({ smtpUrl, profile }: Config, { mailbox }: { readonly mailbox: Mailbox }) {
  if (smtpUrl !== null) return []
  if (profile === 'demo') return [mailboxRoutes(mailbox)]
  log('no SMTP_URL: letters are not sent; read them with crossbook mailbox')
  return []
}

/** How both servers are reached. */
async function serverOf({ tls, dataFolder, profile, trustProxy }: Config) {
  const source = tls?.kind === 'development' ? { ...tls, dataFolder } : tls
  const certificate = source === null ? undefined : await readCertificate(source)
  return { tls: certificate, hsts: profile === 'production', trustProxy, report }
}

/** Admin routes on a port of their own, when one is named. */
async function serveAdmin(
  config: Config,
  exchange: Exchange,
  served: Omit<ServeOptions, 'pageFolder'>,
) {
  if (config.adminPort === null) return undefined
  const admin = exchange.serve({ ...served, more: [], pageFolder: null, serves: 'admin' })
  log(`admin routes: ${await listen(admin, { ...config, port: config.adminPort })}`)
  return admin
}

/** Before everything runs a signal ends the process at once; what is acknowledged is on disk. */
function stopSignal() {
  const { promise, resolve } = Promise.withResolvers<void>()
  let onSignal = (): void => process.exit(1)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => onSignal())
  const isRunning = () => {
    onSignal = resolve
  }
  return { promise, isRunning }
}

type Listening = { listen(at: { host: string; port: number }): Promise<string> }

async function listen(app: Listening, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException // What listen throws.
    const why = code === 'EADDRINUSE' ? 'is in use; set PORT to another one' : `fails: ${code}`
    throw new StartError(`port ${port} of ${host} ${why}`)
  }
}

/** Milliseconds from the start of the process to the first acknowledged order. */
function acknowledgedOrder({ views }: Awaited<ReturnType<typeof openExchange>>): Promise<number> {
  return new Promise((resolve) => {
    const end = views.listen({
      message: ({ channel }) => {
        if (channel !== 'orders') return
        setImmediate(end)
        resolve(Math.round(performance.now()))
      },
    })
  })
}

/** A status line a second until the time is over or somebody stops it. */
async function follow(
  { headless, seconds }: StartOptions,
  second: () => string,
  stopped: Promise<void>,
): Promise<{ readonly seconds: number; readonly completed: boolean }> {
  let passed = 0
  let isOver = false
  void stopped.then(() => {
    isOver = true
  })
  while (!isOver && (seconds === null || passed < seconds)) {
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 1_000))])
    if (isOver) break
    passed += 1
    const line = second()
    if (!headless) process.stdout.write(`${line}\n`)
  }
  return { seconds: passed, completed: !isOver }
}

/** A handler that failed: a database that is away is no reason to stop trading. */
function report(error: unknown): void {
  if (error instanceof AssertionFailed) fatal(error)
  log(`a request failed: ${error instanceof Error ? error.message : String(error)}`)
}

/** A bug, or a disk that fails: nothing more may be released. */
function fatal(error: unknown): never {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(70)
}

function version(): string {
  const file = new URL('../package.json', import.meta.url)
  // Our own package.json.
  const { version: text } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return text
}

try {
  const options = parseStartOptions(process.argv.slice(2))
  if (options.help) log(USAGE)
  else await start(readConfig(), options)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  log(error.message)
  process.exit(1)
}
process.exit(process.exitCode ?? 0)

// Hostile strategies in real processes: each harms nothing but itself.
//
// Every one runs under a runner of its own, with a venue that counts what reaches it; beside them
// one honest bot runs and must answer after each of them. A port of loopback and a Unix socket
// stand for the platform, the chain and the database: nobody may have called there in the end.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createBotRunner } from '#bots/runtime/runner.ts'
import { createSandbox } from '#bots/runtime/sandbox.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { CHILD_LIMITS, strategyChildren } from '#bots/runtime/strategy-child.ts'
import { createFakeVenue } from '../runtime/fake-venue.ts'
import { HOSTILE, type Hostile } from './hostile-strategies.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-hostile-'))
const secrets = join(folder, 'secrets')
mkdirSync(secrets)
writeFileSync(join(secrets, 'secret.json'), '{}')

const calls: string[] = []
const hearing = (what: string) =>
  createServer((socket) => {
    calls.push(what)
    socket.end()
  })
const [canary, database] = [hearing('port'), hearing('socket')]
await new Promise<void>((resolve) => void canary.listen(0, '127.0.0.1', resolve))
await new Promise<void>((resolve) => void database.listen(join(secrets, 'db'), resolve))
const { port } = canary.address() as AddressInfo // A TCP server has such an address.

const LIMITS = {
  ...{ ordersPerSecond: 10, orderNotional: 500, openNotional: 1_500, position: 1_000 },
  ...{ priceBps: 1_000, dataAgeMs: 60_000, dailyLoss: 100, drawdown: 100, flatten: true },
}
const UNLOCKED = fileURLToPath(new URL('./unlocked.ts', import.meta.url))
const PATIENT_MS = 20_000
const LOG_CHARS_MAX = 150_000
const HASTY = { ...CHILD_LIMITS, startMs: 2_500, turnMs: 500 }
const PATIENT = { ...CHILD_LIMITS, startMs: PATIENT_MS, turnMs: PATIENT_MS }

function textOf({ top = '', book = '' }: Pick<Hostile, 'top' | 'book'>): string {
  const secret = JSON.stringify(`file://${join(secrets, 'secret.json')}`)
  return `import { defineStrategy } from 'crossbook/strategy'
const [CANARY, SOCKET, SECRET] = [${port}, ${JSON.stringify(join(secrets, 'db'))}, ${secret}]
${top}
export default defineStrategy({
  name: 'hostile', params: {}, state: {},
  setup(ctx) {
    const m = ctx.market('internal:BTC-USDC')
    m.onOrder(({ state, code }) => ctx.log('order ' + state + ' ' + code))
    m.onBook(() => { ${book}; ctx.log('DONE') })
  },
})`
}

function bot(id: string, code: Pick<Hostile, 'top' | 'book'>, limits = PATIENT) {
  const home = join(folder, id)
  mkdirSync(home)
  const strategy = join(home, 'strategy.mjs')
  writeFileSync(strategy, textOf(code))
  writeFileSync(join(home, 'beside.cjs'), "require('fs')")
  const fake = createFakeVenue()
  const logs: string[] = []
  const runner = createBotRunner({
    settings: { id, strategy, params: {}, state: 'running' },
    venues: [{ venue: fake.venue }],
    ...{ treasury: undefined, store: openStateStore(join(home, 'state'), 20), limits: LIMITS },
    priceOf: (asset) => (asset === 'BTC' ? 100 : 1),
    ...{ startChild: strategyChildren([secrets], limits), onReport: () => {} },
    log: (text) => void logs.push(text),
    now: () => Math.floor(performance.now() * 1_000),
  })
  const tell = () =>
    fake.tell({
      ...{ kind: 'book', symbol: 'BTC-USDC', at: 1 },
      ...{ bids: [{ price: '99.0', size: '1' }], asks: [{ price: '101.0', size: '1' }] },
    })
  return { fake, logs, runner, tell }
}

async function until(condition: () => boolean, what: () => string): Promise<void> {
  const endMs = performance.now() + 2 * PATIENT_MS
  while (!condition()) {
    if (performance.now() > endMs) assert.fail(what())
    await sleep(10)
  }
}

const honest = bot('honest', {})
await honest.runner.start()
after(async () => {
  await honest.runner.stop()
  canary.close()
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function honestAnswers(): Promise<void> {
  const before = honest.logs.length
  honest.tell()
  await until(
    () => honest.logs.length > before,
    () => 'the honest bot does not answer',
  )
}

async function run(hostile: Hostile, id: string): Promise<void> {
  const isLate = hostile.ends?.source.includes('no answer') === true
  const started = bot(id, hostile, isLate ? HASTY : PATIENT)
  try {
    await started.runner.start()
    started.tell()
    await judge(hostile, started)
    await honestAnswers()
  } finally {
    await started.runner.stop()
  }
}

async function judge(hostile: Hostile, { fake, logs }: ReturnType<typeof bot>): Promise<void> {
  const { ends, logs: said, refused } = hostile
  const isSeen = () => {
    const text = logs.join('\n')
    if (ends !== undefined) return ends.test(text) && text.includes('the strategy ended')
    return (said ?? /DONE/).test(text) && (refused === undefined || text.includes(refused))
  }
  const start = () => logs.join('\n').slice(0, 1_000)
  await until(isSeen, () => `${hostile.name}: ${start()}`)
  // What was tried says so when it could be done; every handler says it at its end.
  const done = logs.filter((text) => text.endsWith('DONE')).length
  assert.ok(done <= 1, start())
  const isFlood = refused === 'gate.order_rate'
  assert.ok(fake.placed.length <= (isFlood ? LIMITS.ordersPerSecond : 0), 'orders at the venue')
  assert.ok(logs.join('').length < LOG_CHARS_MAX, 'the log is flooded')
}

describe('hostile strategies harm nothing but themselves', { concurrency: 4 }, () => {
  for (const [at, hostile] of HOSTILE.entries()) {
    test(`a strategy that ${hostile.name}`, () => run(hostile, `h${at}`))
  }
})

test('without the lockdown, the walls of system and Node hold alone', (context) => {
  const sandbox = createSandbox([secrets])
  if (sandbox.walls === 'permissions') {
    context.diagnostic('NOT TRIED: this kernel gives no namespaces, the lockdown stands alone')
    return
  }
  const { command, args } = sandbox.commandOf(UNLOCKED, [dirname(UNLOCKED)])
  const given = [String(port), join(secrets, 'db'), join(secrets, 'secret.json')]
  const ran = spawnSync(command, [...args, ...given], { env: {}, encoding: 'utf8' })
  assert.deepEqual(JSON.parse(ran.stdout), {
    ...{ port: 'ENETUNREACH', socket: 'ENOENT', environment: 0 },
    ...{ read: 'ERR_ACCESS_DENIED', write: 'ERR_ACCESS_DENIED' },
    ...{ program: 'ERR_ACCESS_DENIED', worker: 'ERR_ACCESS_DENIED', memory: 'RangeError' },
  })
})

test('a strategy in a hidden folder finds its own folder there, and nothing else', (context) => {
  const sandbox = createSandbox([secrets])
  if (sandbox.walls === 'permissions') {
    context.diagnostic('NOT TRIED: this kernel gives no namespaces, the lockdown stands alone')
    return
  }
  const own = join(secrets, 'own')
  mkdirSync(own)
  writeFileSync(join(own, 'strategy.ts'), 'mine')
  const { command, args } = sandbox.commandOf(UNLOCKED, [dirname(UNLOCKED)], own)
  const told = (file: string) => {
    const given = [String(port), join(secrets, 'db'), file, 'light']
    return JSON.parse(spawnSync(command, [...args, ...given], { env: {}, encoding: 'utf8' }).stdout)
  }
  const mine = told(join(own, 'strategy.ts'))
  assert.deepEqual([mine.read, mine.socket, mine.write], ['done', 'ENOENT', 'ERR_ACCESS_DENIED'])
  assert.equal(told(join(secrets, 'secret.json')).read, 'ERR_ACCESS_DENIED')
})

test('nobody has called loopback or the Unix socket, and both still answer', async () => {
  assert.deepEqual(calls, [])
  await honestAnswers()
})

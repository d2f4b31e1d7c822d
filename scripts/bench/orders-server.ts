// Our side of bench orders: the whole platform without chain and bots, in a process of its own.
//
// Real journal, engine, live views, projector, PostgreSQL, accounts and keys; the app is the one
// that npm start runs, with rate limits too high to meet. The parent pauses the projector and asks
// how far it is behind.

import { randomUUID } from 'node:crypto'
import { createDatabase } from '#database/connection.ts'
import { asUnit } from '#kernel/amount.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { refuse } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import { openExchange } from '#platform/exchange.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { startSequencer } from '#sequencer/thread.ts'

export type ServerOrder = 'pause' | 'resume' | 'status'
export type ServerReady = { readonly port: number; readonly keys: readonly Key[] }
export type ServerStatus = {
  readonly backlog: number
  readonly commitP50Ms: number
  readonly commitP99Ms: number
  /** Processor time of this process since the last report. */
  readonly cpuMs: number
  readonly rssMb: number
}
type Key = { readonly id: string; readonly secret: string }

const KEYS = 8
const PLENTY = { perSecond: 1e9, burst: 1e9 }

const [dataFolder = ''] = process.argv.slice(2)
const clock = () => asMicros(Date.now() * 1_000)
const sequencer = await startSequencer({ folder: dataFolder })
const database = await createDatabase({ dataFolder })
const base = { sequencer, database, image: sequencer.image(), clock, dataFolder }
const exchange = await openExchange({ ...base, version: 'bench', log: console.error })
const { views, auth, projector } = exchange
await listMarket(sequencer)
const app = exchange.serve({
  ...{ fleet: { list: () => [], pause: refuseBot, resume: refuseBot }, faucet: null, more: [] },
  ...{ chainFacts: { token: () => undefined, pools: () => [] }, chainHealth: () => 'none' },
  ...{ pageFolder: null, trustProxy: [], report: fail },
  rateLimits: { address: PLENTY, account: PLENTY, key: PLENTY },
})
await app.listen({ host: '127.0.0.1', port: 0 })
const keys = await makeKeys()
await projector.passed(views.asOf().eventNo)
const address = app.server.address()
const ready: ServerReady = { port: typeof address === 'object' ? (address?.port ?? 0) : 0, keys }
process.send?.(ready)

const usage = { cpu: process.cpuUsage() }
process.on('message', (order: ServerOrder) => {
  if (order === 'pause') projector.pause()
  if (order === 'resume') projector.resume()
  process.send?.(status())
})
process.on('disconnect', () => process.exit(0))

function status(): ServerStatus {
  const { user, system } = process.cpuUsage(usage.cpu)
  const cpuMs = (user + system) / 1_000
  usage.cpu = process.cpuUsage()
  const { commitP50Ms, commitP99Ms } = sequencer.status()
  const rssMb = process.memoryUsage.rss() / 1_048_576
  return { backlog: projector.backlog(), commitP50Ms, commitP99Ms, cpuMs, rssMb }
}

async function refuseBot() {
  return refuse('not_found')
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

async function listMarket({ submit }: Pick<Sequencer, 'submit'>): Promise<void> {
  await submit({ kind: 'listAsset', symbol: 'USDC', scale: 6, chainDecimals: 6 })
  await submit({ kind: 'listAsset', symbol: 'BTC', scale: 8, chainDecimals: 8 })
  await submit({ kind: 'issue', asset: asId(0), amount: asUnit(5e14) })
  await submit({
    ...{ kind: 'listMarket', symbol: 'BTC-USDC', marketKind: 'spot', priceScale: 1 },
    ...{ base: asId(1), quote: asId(0), tickUnits: 1, lotUnits: 1_000 },
    ...{ minNotional: asUnit(1_000_000), makerRate: asUnit(200), takerRate: asUnit(500) },
  })
}

async function makeKeys(): Promise<Key[]> {
  const keys: Key[] = []
  for (let index = 0; index < KEYS; index += 1) {
    const user = await auth.register({ email: `load${index}@example.com`, password: randomUUID() })
    if (!user.ok) throw new Error(user.code)
    const account = views.accountOfUser(user.value.id)
    if (account === undefined) throw new Error('no account')
    await fund(account.account)
    const key = await auth.createKey({ userId: user.value.id, name: 'load', scopes: ['trade'] })
    if (!key.ok) throw new Error(key.code)
    keys.push({ id: key.value.id, secret: key.value.secret })
  }
  return keys
}

async function fund(account: AccountId): Promise<void> {
  await sequencer.submit({
    ...{ kind: 'faucet', account, requestId: 'funds', sentAt: clock(), sentAtGiven: false },
    amounts: [{ asset: asId(0), amount: asUnit(1e12) }],
  })
}

// The process that the campaign kills: core and PostgreSQL, without chain and bots.
//
// node core.ts FOLDER [PORT [MARKETS]], forked with a channel. Real journal, engine, views,
// projector, accounts and HTTP, composed as main.ts does. Snapshots and segments are small, so that
// kills meet them, too. It ends when its parent does, and never answers for the platform other than
// over HTTP, except for the audit of what HTTP does not show.

import { createDatabase } from '#database/connection.ts'
import { formatDecimal } from '#kernel/amount.ts'
import { AssertionFailed } from '#kernel/assert.ts'
import { refuse } from '#kernel/result.ts'
import { StartError } from '#kernel/start-error.ts'
import { asMicros } from '#kernel/time.ts'
import { openExchange } from '#platform/exchange.ts'
import { ASSETS, openExchange as listDemo } from '#scripts/demo/genesis.ts'
import type { StateDigest } from '#sequencer/port.ts'
import { startSequencer } from '#sequencer/thread.ts'
import { listBotMarkets } from '../bots/markets.ts'
import { type Audit, type AuditOrder, auditExchange } from './audit.ts'

export type CoreReady = {
  readonly kind: 'ready'
  readonly port: number
  readonly databasePid: number
  /** Milliseconds of recovery, of the database, and of everything since the process began. */
  readonly recoveryMs: number
  readonly databaseMs: number
  readonly startMs: number
  /** Last seq after recovery. */
  readonly seq: number
}
export type CoreOrder = ({ readonly kind: 'audit' } & AuditOrder) | { readonly kind: 'close' }
export type CoreReport =
  | CoreReady
  | { readonly kind: 'audit'; readonly audit: Audit }
  | { readonly kind: 'closed'; readonly digest: StateDigest }

const SEGMENT_BYTES = 1 << 20
const SNAPSHOT_EVERY = 2_000
/** So much more than a person gets: the campaign must not run out of money. */
const FAUCET_TIMES = 200
const PLENTY = { perSecond: 1e9, burst: 1e9 }

const [dataFolder = '', port = '0', more = '0'] = process.argv.slice(2)
process.on('disconnect', () => process.exit(0))
const clock = () => asMicros(Date.now() * 1_000)
try {
  await run()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

async function run(): Promise<void> {
  const begin = performance.now()
  const small = { segmentBytes: SEGMENT_BYTES, snapshotEvery: SNAPSHOT_EVERY }
  const sequencer = await startSequencer({ folder: dataFolder, ...small, report: () => {} })
  const recovered = performance.now()
  const database = await createDatabase({ dataFolder })
  const opened = performance.now()
  const image = sequencer.image()
  const base = { sequencer, database, image, clock, dataFolder, log: () => {} }
  const exchange = await openExchange({ ...base, version: 'campaign' })
  const { seq } = image
  if (exchange.views.listing.assets().length === 0) {
    await listDemo(sequencer)
    await listBotMarkets(sequencer, Number(more))
  }
  const app = exchange.serve({
    ...{ fleet: { list: () => [], pause: refuseBot, resume: refuseBot }, faucet: faucet() },
    ...{ chainFacts: { token: () => undefined, pools: () => [] }, chainHealth: () => 'none' },
    ...{ more: [], pageFolder: null, trustProxy: [], report },
    rateLimits: { address: PLENTY, account: PLENTY, key: PLENTY },
  })
  await app.listen({ host: '127.0.0.1', port: Number(port) })
  const address = app.server.address()
  tell({
    ...{ kind: 'ready', seq, databasePid: database.serverPid() ?? 0 },
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    recoveryMs: recovered - begin,
    databaseMs: opened - recovered,
    startMs: performance.now(),
  })
  const pool = database.pool('audit', 1)
  const audited = { sequencer, views: exchange.views, projector: exchange.projector, pool }
  process.on('message', async (order: CoreOrder) => {
    if (order.kind === 'audit') {
      tell({ kind: 'audit', audit: await auditExchange(audited, order) })
      return
    }
    await app.close()
    await exchange.close()
    const digest = await sequencer.digest()
    await sequencer.close()
    await database.close()
    const closed: CoreReport = { kind: 'closed', digest }
    process.send?.(closed, () => process.disconnect())
  })
}

function tell(report: CoreReport): void {
  process.send?.(report)
}

function faucet() {
  return ASSETS.map(({ symbol, scale, faucet: units }) => ({
    asset: symbol,
    amount: formatDecimal(units * FAUCET_TIMES, scale),
  }))
}

async function refuseBot() {
  return refuse('not_found')
}

/** A database that is away is no bug of ours; a broken invariant ends the process. */
function report(error: unknown): void {
  if (!(error instanceof AssertionFailed)) return
  process.stderr.write(`${error.stack}\n`)
  process.exit(70)
}

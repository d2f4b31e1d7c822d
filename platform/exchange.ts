// Exchange: everything behind the API, put together over a sequencer and a database.
//
// main.ts, the benchmarks and the crash tests open the same one, so that what is measured and
// killed is what runs. It owns what it creates: close() ends it in the reverse order; sequencer and
// database are the caller's. Views stand at the released state before the first request is served.

import { randomUUID } from 'node:crypto'

import type { FastifyInstance } from 'fastify'

import type { EngineImage } from '#engine/image.ts'
import { asId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { type Clock, DAY_US } from '#kernel/time.ts'
import { createAdminActions } from '#platform/admin/service.ts'
import { createActionStore } from '#platform/admin/store.ts'
import type { Auth, Capability } from '#platform/auth/port.ts'
import { createAuth } from '#platform/auth/service.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { createMailer } from '#platform/notifications/mailer.ts'
import type { Mailbox, Mailer } from '#platform/notifications/port.ts'
import { keepingPostman, smtpPostman } from '#platform/notifications/postmen.ts'
import { createMailStore } from '#platform/notifications/store.ts'
import { createDirectJobs } from '#platform/transport/direct-jobs.ts'
import type { CalendarEntry, Jobs } from '#platform/transport/port.ts'
import type { MasterKeySource } from '#platform/vault/master-key.ts'
import { openVault } from '#platform/vault/open-vault.ts'
import type { Vault } from '#platform/vault/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { type AccountHistory, createAccountHistory } from '#views/account-history.ts'
import { accountJson } from '#views/format.ts'
import { createLiveViews, type LiveViews } from '#views/live/live-views.ts'
import { seedLiveViews } from '#views/live/seed.ts'
import { createMarketHistory } from '#views/market-history.ts'
import { createOrdersHistory } from '#views/orders-history.ts'
import { createProjector, type Projector } from '#views/projector.ts'
import type { Database } from './database/connection.ts'
import { createBotFeed } from './fleet/feed.ts'
import type { Deployments, Fleet } from './fleet/port.ts'
import { type AppDeps, createApp } from './http/app.ts'
import type { Health } from './http/health.ts'
import type { RateLimits } from './http/plugins/rate-limit.ts'
import { createMarketFeed } from './markets/feed.ts'
import type { ChainFacts } from './markets/port.ts'
import { createOrderEntry } from './orders/order-entry.ts'
import { cancelOrphans } from './orders/orphans.ts'
import { createAccountAccess } from './portfolio/account-access.ts'
import { createAccountFeed } from './portfolio/feed.ts'
import type { AccountAccess } from './portfolio/port.ts'

export type ExchangeDeps = {
  readonly sequencer: Sequencer
  /** Of the engine as it was recovered. */
  readonly image: EngineImage
  readonly database: Database
  readonly dataFolder: string
  /** The file `keys/master.key` of the data folder unless given. */
  readonly masterKey?: MasterKeySource | undefined
  /** Whether an e-mail must be proven before anybody gets in; optional unless given. */
  readonly emails?: 'required' | 'optional'
  /** What somebody may do who has just registered: trade unless given. */
  readonly newcomers?: readonly Capability[]
  /** The mail server; letters stay in the mailbox unless given. */
  readonly smtpUrl?: string | null
  /** Done at once unless given; the caller starts and closes them. */
  readonly jobs?: Jobs
  readonly clock: Clock
  readonly version: string
  readonly log: (line: string) => void
}

/** What is needed to serve; some of it exists only once the exchange is open. */
export type ServeOptions = {
  readonly fleet: Fleet
  /** People's bots; nobody deploys unless given. */
  readonly deployments?: Deployments
  readonly chainFacts: ChainFacts
  readonly chainHealth: () => Health['chain']
  /** The newest block that was seen; left out where there is no chain. */
  readonly chainBlock?: () => number
  readonly faucet: AppDeps['faucet']
  readonly more: AppDeps['more']
  readonly pageFolder: string | null
  readonly trustProxy: readonly string[]
  readonly rateLimits?: RateLimits
  readonly tls?: AppDeps['tls']
  readonly hsts?: boolean
  /** Whose routes; both unless given. */
  readonly serves?: AppDeps['serves']
  /** Events that the projector is behind, when something else shall count. */
  readonly projectorLag?: () => number
  /** Told of every bug that a handler let through. */
  readonly report: (error: unknown) => void
}

export type Exchange = {
  readonly views: LiveViews
  readonly auth: Auth
  readonly mailbox: Mailbox
  readonly mailer: Mailer
  readonly vault: Vault
  readonly projector: Projector
  readonly access: AccountAccess
  readonly accountHistory: AccountHistory
  /** The app, ready for listen or inject; once. */
  serve(options: ServeOptions): FastifyInstance
  close(): Promise<void>
}

const VIEWS_CONNECTIONS = 4
const DATA_KEY_US = 90 * DAY_US

export async function openExchange(deps: ExchangeDeps): Promise<Exchange> {
  const { sequencer, image, database, clock, log } = deps
  const views = createLiveViews(image)
  sequencer.follow(views.apply)
  const pool = database.pool('views', VIEWS_CONNECTIONS, { synchronous_commit: 'off' })
  const projector = await createProjector({
    ...{ pool, log },
    readEvents: sequencer.readEvents,
    released: { eventNo: image.eventNo, time: image.time },
    onPassed: views.forgetUpTo,
  })
  sequencer.follow(projector.follow)
  await seedLiveViews(views, pool)
  await cancelOrphans(sequencer, image)
  const access = createAccountAccess(views)
  const vault = await openVault({ ...deps, now: clock })
  deps.jobs?.calendar(rotation(vault))
  const mail = openMail(deps, vault)
  const auth = await createAuth({
    ...{ store: createAuthStore(database), vault, mailer: mail.mailer },
    ...{
      emails: deps.emails ?? 'optional',
      ...(deps.jobs === undefined ? {} : { jobs: deps.jobs }),
      ...(deps.newcomers === undefined ? {} : { newcomers: deps.newcomers }),
    },
    openAccount: (userId) => openAccount(sequencer, views, userId),
    hasMarket: (symbol) => views.listing.marketBySymbol(symbol) !== undefined,
    ownsAccount: (main, account) => views.account(asId(account))?.owner === main,
    now: clock,
    log,
  })
  await auth.reconcile()
  const adminActions = createAdminActions({
    ...{ store: createActionStore(database), sequencer, listing: views.listing, now: clock },
  })
  await adminActions.resume()
  const feeds = { markets: createMarketFeed({ views, clock }), accounts: createAccountFeed(views) }
  const accountHistory = createAccountHistory({ pool, live: views })

  const ordersHistory = createOrdersHistory({ pool, live: views })

  function serve(options: ServeOptions): FastifyInstance {
    const entering = { sequencer, views, access, ordersHistory, clock, newId: randomUUID }
    const { projectorLag = projector.backlog } = options
    const entry = createOrderEntry({ ...entering, projectorLag })
    return createApp({
      ...{ auth, views, access, clock, sequencer, accountHistory, ordersHistory, entry },
      ...feeds,
      marketHistory: createMarketHistory({ pool, live: views }),
      listAccounts: (main) => views.accountsOfOwner(asId(main)).map(accountJson),
      health: () => healthOf(deps, projector, options.chainHealth()),
      gauges: () => gaugesOf(deps, projector, options),
      ...{ version: deps.version, adminActions, serves: 'both', deployments: null },
      bots: options.deployments === undefined ? null : createBotFeed(options.deployments),
      ...options,
    })
  }

  return {
    ...{ views, auth, vault, projector, access, accountHistory, serve },
    ...{ mailbox: mail.mailer, mailer: mail.mailer },
    async close() {
      feeds.markets.close()
      feeds.accounts.close()
      await auth.close()
      mail.close()
      await projector.close()
    },
  }
}

/** A new data key each quarter; what is sealed follows. */
function rotation(vault: Vault): CalendarEntry {
  return {
    ...{ name: 'rotate-data-key', cron: '53 4 * * *', every: 'day' },
    work: async () => {
      if ((await vault.ageOfNewest()) >= DATA_KEY_US) await vault.rotate()
    },
  }
}

/** Letters, their jobs and the postman who takes them. */
function openMail(deps: ExchangeDeps, vault: Vault) {
  const { smtpUrl = null, jobs = createDirectJobs(deps.log), database, clock: now } = deps
  const postman = smtpUrl === null ? keepingPostman() : smtpPostman(smtpUrl)
  const mailer = createMailer({ store: createMailStore(database), vault, jobs, postman, now })
  return { mailer, close: postman.close }
}

/** Opening again answers the account that is there. */
async function openAccount(
  sequencer: Sequencer,
  views: LiveViews,
  userId: string,
): Promise<Result<number>> {
  const { code } = await sequencer.submit({ kind: 'openAccount', userId })
  if (code !== null) return refuse(code)
  const opened = views.accountOfUser(userId)
  return opened === undefined ? refuse('unknown') : accept(opened.account)
}

async function healthOf(
  deps: ExchangeDeps,
  projector: Projector,
  chain: Health['chain'],
): Promise<Health> {
  const { releasedSeq, eventDigest } = await deps.sequencer.eventDigest()
  const { backlog, failing } = projector.metrics()
  const status = failing === null && chain !== 'down' ? 'ok' : 'degraded'
  return { status, releasedSeq, eventDigest, projectorLag: backlog, chain, version: deps.version }
}

function gaugesOf(
  { sequencer }: ExchangeDeps,
  projector: Projector,
  { chainBlock, deployments }: ServeOptions,
): Record<string, number> {
  const { releasedSeq, releasedEventNo, commitP50Ms, commitP99Ms, queued } = sequencer.status()
  const { backlog, lagUs, retries } = projector.metrics()
  return {
    ...{ released_seq: releasedSeq, released_event_no: releasedEventNo, queued },
    ...{ commit_p50_ms: commitP50Ms, commit_p99_ms: commitP99Ms },
    ...{ projector_backlog: backlog, projector_lag_us: lagUs, projector_retries: retries },
    ...{ chain_block: chainBlock?.() ?? 0, ...deployments?.gauges() },
  }
}

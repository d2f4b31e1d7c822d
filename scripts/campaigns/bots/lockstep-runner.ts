// The runner of the lockstep campaign: real bots at a real platform, with a scripted clock.
//
// Forked with a channel and killed at any moment. Everything is composed as bots/runtime/main.ts
// does, but for clock, prices and one thing: it tells when an order leaves and when it is answered,
// so that the campaign can kill in between. It says `idle` when nothing is under way any more.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BotRunner, createBotRunner } from '#bots/runtime/runner.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { type StartStrategyChild, strategyChildren } from '#bots/runtime/strategy-child.ts'
import { createClient } from '#client/client.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream, type Stream } from '#client/stream.ts'
import { watchAccount } from '#connectors/internal/account-feed.ts'
import { createMarketFeed, type MarketFeed } from '#connectors/internal/market-feed.ts'
import { createInternalTrading } from '#connectors/internal/trading.ts'
import { createInternalVenue } from '#connectors/internal/venue.ts'
import type { Trading } from '#connectors/venue.ts'
import type { Key } from '../kill9/ask.ts'
import { createRandom } from '../random.ts'
import { createScript, type Moment, type Script } from './script-venue.ts'

export type LockstepBot = {
  readonly id: string
  readonly key: Key
  readonly strategy: string
  readonly params: Readonly<Record<string, unknown>>
  readonly market: string
}

export type LockstepSettings = {
  readonly baseUrl: string
  readonly stateFolder: string
  readonly bots: readonly LockstepBot[]
  readonly moment: Moment
}

export type ToLockstep =
  | { readonly kind: 'move'; readonly no: number; readonly moment: Moment }
  | { readonly kind: 'settle'; readonly no: number }
  | { readonly kind: 'stop' }

export type FromLockstep =
  | { readonly kind: 'ready' | 'stopped' }
  | { readonly kind: 'idle'; readonly no: number }
  | { readonly kind: 'sent'; readonly id: string; readonly pid: number }
  | { readonly kind: 'answered'; readonly id: string }

type Running = {
  readonly settings: LockstepSettings
  readonly script: Script
  readonly streams: Map<string, Stream>
  readonly runners: BotRunner[]
  /** Messages to strategies so far. */
  sent: number
}

const LIMITS = {
  ...{ ordersPerSecond: 1e6, orderNotional: 1e9, openNotional: 1e9, position: 1e9 },
  ...{ priceBps: 1e6, dataAgeMs: Number.POSITIVE_INFINITY },
  ...{ dailyLoss: 1e9, drawdown: 1e9, flatten: false },
}
const TIMEOUT_MS = 2_000
const RETRY_MS = { first: 50, max: 300 }
const LOOK_MS = 2
const SAVE_MS = 20
/** How long an order may be on its way, each way. */
const WAY_MS = 4

const random = createRandom(process.pid)
process.on('disconnect', () => process.exit(0))
process.once('message', (settings: LockstepSettings) => void run(settings))

function tell(message: FromLockstep): void {
  if (process.connected) process.send?.(message)
}

async function run(settings: LockstepSettings): Promise<void> {
  const { baseUrl, moment, bots } = settings
  const script = createScript(moment)
  const running: Running = { settings, script, streams: new Map(), runners: [], sent: 0 }
  const sender = createNodeSend(16)
  const url = `${baseUrl.replace(/^http/, 'ws')}/v1/stream`
  const stream = createStream({
    ...{ url, retryMs: RETRY_MS },
    onState: (state, why) => {
      if (state === 'waiting') feed.cut(why)
    },
  })
  const { send } = sender
  const client = createClient({ baseUrl, send, timeoutMs: TIMEOUT_MS })
  const feed: MarketFeed = createMarketFeed({ client, stream, now: script.clock.now })
  running.streams.set(bots[0]?.market ?? '', stream)
  for (const bot of bots) {
    const authorization = keyAuthorization(bot.key)
    const own = createClient({ baseUrl, send, authorization, timeoutMs: TIMEOUT_MS })
    const account = createStream({
      url,
      authorization,
      cancelOnDisconnect: true,
      retryMs: RETRY_MS,
    })
    running.streams.set(`${bot.market} of the account`, account)
    const trading = createInternalTrading({ client: own, stream: account })
    startBot(running, bot, { feed, account, trading })
  }
  const children = Promise.all(running.runners.map((one) => one.start()))
  process.on('message', (message: ToLockstep) => void obey(running, message))
  await children
  tell({ kind: 'ready' })
}

type BotDeps = { readonly feed: MarketFeed; readonly account: Stream; readonly trading: Trading }

function startBot(running: Running, bot: LockstepBot, { feed, account, trading }: BotDeps): void {
  const { settings, script, runners } = running
  const { clock } = script
  const { amend } = trading
  const internal = createInternalVenue({
    ...{ feed, now: clock.now },
    trading: {
      ...trading,
      place: (request) => slowly(request.clientOrderId, () => trading.place(request)),
      ...(amend && { amend: (id, change) => slowly(id, () => amend(id, change)) }),
    },
  })
  /** Told when it leaves and when it is answered; both ways take a while. */
  const slowly = async <T>(id: string, ask: () => Promise<T>): Promise<T> => {
    tell({ kind: 'sent', id, pid: runner.pid() ?? 0 })
    await sleep(random.share() * WAY_MS)
    const answer = await ask()
    await sleep(random.share() * WAY_MS)
    tell({ kind: 'answered', id })
    return answer
  }
  const start = strategyChildren([settings.stateFolder])
  const runner = createBotRunner({
    settings: { id: bot.id, strategy: bot.strategy, params: bot.params, state: 'running' },
    venues: [
      { venue: internal, watch: (listener) => watchAccount({ stream: account, listener }) },
      { venue: script.venue },
    ],
    ...{ treasury: undefined, limits: LIMITS, priceOf, onReport: () => {} },
    store: openStateStore(join(settings.stateFolder, `${bot.id}.json`), SAVE_MS),
    startChild: counting(running, start),
    log: (text) => process.stderr.write(`${text.trimEnd()}\n`),
    ...{ now: clock.now, every: clock.every },
  })
  runners.push(runner)
}

/** Near enough for limits that nothing reaches. */
function priceOf(asset: string): number {
  return asset === 'USDC' ? 1 : 100
}

function counting(running: Running, start: StartStrategyChild): StartStrategyChild {
  return (events) => {
    const child = start(events)
    return {
      ...child,
      send(message) {
        running.sent += 1
        child.send(message)
      },
    }
  }
}

async function obey(running: Running, message: ToLockstep): Promise<void> {
  if (message.kind === 'stop') {
    await Promise.all(running.runners.map((one) => one.stop()))
    process.send?.({ kind: 'stopped' } satisfies FromLockstep, () => process.exit(0))
    return
  }
  if (message.kind === 'move') running.script.move(message.moment)
  await untilIdle(running)
  tell({ kind: 'idle', no: message.no })
}

/** Twice in a row: all streams are read to their end, and nothing came of it. */
async function untilIdle(running: Running): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const before = running.sent
    await Promise.all([...running.streams].map(([name, stream]) => readToEnd(stream, name)))
    await sleep(LOOK_MS)
    const isQuiet = running.runners.every((one) => one.isIdle()) && running.sent === before
    quiet = isQuiet ? quiet + 1 : 0
  }
}

/** What a server answers comes after everything that it sent before. */
function readToEnd(stream: Stream, name: string): Promise<void> {
  const market = name.split(' ')[0] ?? ''
  return new Promise((resolve) => {
    stream.subscribe({ name: 'ticker', market }, { onMessage: () => {}, onReady: () => resolve() })
  })
}

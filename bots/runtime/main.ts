// The runner process: hosts every bot of a deployment, the takers and the pool swappers.
//
// It holds keys and venues and hands each bot what it needs; strategies run in processes of their
// own. It ends when the platform's channel closes, ignores Ctrl-C (the platform says when to stop),
// and may be killed at any moment: what must be found again is on disk or at the venues.

import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createClient } from '#client/client.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream, type Stream } from '#client/stream.ts'
import { openPoolWorld, type PoolAccount, type PoolWorld } from '#connectors/evm/pools/world.ts'
import { openKeystore, readPassphrase } from '#connectors/evm/signer/keystore.ts'
import { watchAccount } from '#connectors/internal/account-feed.ts'
import { createMarketFeed, type MarketFeed } from '#connectors/internal/market-feed.ts'
import { createRebalancing } from '#connectors/internal/rebalancing.ts'
import { createInternalTrading } from '#connectors/internal/trading.ts'
import { createInternalVenue } from '#connectors/internal/venue.ts'
import { readBars } from '#connectors/reference/csv.ts'
import { createSeries } from '#connectors/reference/series.ts'
import { synthesiseBars } from '#connectors/reference/synthetic.ts'
import { createReferenceVenue, type ReferenceVenue } from '#connectors/reference/venue.ts'
import { StartError } from '#kernel/start-error.ts'
import { fileNameOf, openPaperBot } from '../backtest/paper-bot.ts'
import { seedOf } from '../random.ts'
import { createTapeRecorder, type Tape } from '../tape/recorder.ts'
import { readArbitrageReport } from './arbitrage-report.ts'
import type { AccountChange, BotVenue } from './bot-venue.ts'
import type {
  ApiKey,
  BotSettings,
  ChainSettings,
  FromRunner,
  KeystoreAt,
  RunnerAsk,
  RunnerSettings,
  ToRunner,
} from './messages.ts'
import { createMids, type Mids } from './mids.ts'
import { rehearse } from './rehearsal.ts'
import { limitsOf } from './risk-gate.ts'
import { type BotRunner, createBotRunner } from './runner.ts'
import { openStateStore } from './state-store.ts'
import { type StartStrategyChild, strategyChildren } from './strategy-child.ts'
import { startSwapper } from './swappers.ts'
import { startTaker } from './takers.ts'
import { createTreasury } from './treasury.ts'

const REPORT_EVERY_MS = 1_000
const TIMEOUT_MS = 2_000
const CONNECTIONS = 16

/** What all bots share: market data of the platform, reference prices, connections. */
type Shared = {
  readonly settings: RunnerSettings
  readonly feed: MarketFeed
  readonly stream: Stream
  readonly reference: ReferenceVenue
  readonly mids: Mids
  readonly sender: ReturnType<typeof createNodeSend>
  readonly startedMs: number
  readonly startChild: StartStrategyChild
}

type Running = {
  readonly bots: Map<string, BotRunner>
  /** Takers and swappers. */
  readonly people: { readonly onChain: boolean; stop(): Promise<void> }[]
  readonly accounts: PoolAccount[]
  readonly tapes: Map<string, Tape>
  world: PoolWorld | undefined
  isStopping: boolean
  /** Chains change one after the other. */
  chainChange: Promise<void>
}

const now = () => Math.floor((performance.timeOrigin + performance.now()) * 1_000)

function tell(message: FromRunner): void {
  if (process.connected) process.send?.(message)
}

function log(text: string): void {
  process.stderr.write(`bots: ${text.trimEnd()}\n`)
}

function say(bot: string, text: string): void {
  log(text)
  tell({ kind: 'log', bot, text: text.replace(`${bot}: `, '').trimEnd(), at: now() })
}

// The channel ends with the platform; then nobody is there to answer to.
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => {})
process.once('message', (settings: RunnerSettings) => void run(settings))

async function run(settings: RunnerSettings): Promise<void> {
  mkdirSync(settings.stateFolder, { recursive: true, mode: 0o700 })
  const shared = openShared(settings)
  const running: Running = {
    ...{ bots: new Map(), people: [], accounts: [], tapes: new Map() },
    ...{ world: undefined, isStopping: false, chainChange: Promise.resolve() },
  }
  process.on('message', (message: ToRunner) => void obey(shared, running, message))
  await shared.mids.ready()
  await openChain(running, settings.chain)
  for (const bot of settings.bots) await startBot(shared, running, bot)
  await startPeople(shared, running)
  setInterval(() => report(shared, running), REPORT_EVERY_MS)
  tell({ kind: 'ready' })
}

function openShared(settings: RunnerSettings): Shared {
  const { apiUrl, prices } = settings
  const sender = createNodeSend(CONNECTIONS)
  const client = createClient({ baseUrl: apiUrl, send: sender.send, timeoutMs: TIMEOUT_MS })
  const stream = createStream({
    url: streamUrl(apiUrl),
    onState: (state, why) => {
      // The first change comes while the stream is being made.
      if (state === 'waiting') feed.cut(why)
    },
  })
  const feed: MarketFeed = createMarketFeed({ client, stream, now })
  const markets = prices.map(({ market, source, position, speed }) => {
    const bars = source.kind === 'csv' ? readBars(source.path) : synthesiseBars(source)
    return { market, position, speed, series: createSeries(bars) }
  })
  const reference = createReferenceVenue({ markets, nowMs: () => performance.now() })
  const mids = createMids({ feed, fallback: reference.prices })
  const startedMs = Date.now()
  // Neither the data folder with its keys nor the sockets of the database.
  const startChild = strategyChildren([dirname(resolve(settings.stateFolder)), tmpdir()])
  return { settings, feed, stream, reference, mids, sender, startedMs, startChild }
}

function streamUrl(apiUrl: string): string {
  return `${apiUrl.replace(/^http/, 'ws')}/v1/stream`
}

/** The API with a key: REST over the shared connections. */
function clientOf({ settings, sender }: Shared, key: ApiKey) {
  const authorization = keyAuthorization(key)
  const { send } = sender
  return createClient({ baseUrl: settings.apiUrl, send, authorization, timeoutMs: TIMEOUT_MS })
}

async function openChain(running: Running, chain: ChainSettings | null) {
  running.world = chain === null ? undefined : await openPoolWorld(chain)
  log(running.world === undefined ? 'no chain' : `chain ${chain?.deployment.instance.id}`)
}

async function startBot(shared: Shared, running: Running, bot: BotSettings): Promise<void> {
  const { settings, reference, mids } = shared
  const account = await accountOf(shared, running, bot)
  if (bot.privateKey !== null && account === undefined) {
    log(`${bot.id} needs a chain and is not started`)
    return
  }
  const client = clientOf(shared, bot.key)
  const internal = await internalOf(shared, bot)
  const all = [internal, { venue: reference }, ...(account === undefined ? [] : onPools(account))]
  const rebalancing = createRebalancing({ client })
  const runner = createBotRunner({
    settings: bot,
    venues: all.filter(({ venue: { name } }) => bot.venues?.includes(name) ?? true),
    treasury: account === undefined ? undefined : createTreasury({ rebalancing, account }),
    store: openStateStore(join(settings.stateFolder, `${fileNameOf(bot)}.json`)),
    limits: bot.limits ?? limitsOf(bot.strategy),
    startChild: (events) => shared.startChild({ ...events, tape: tapeOf(shared, running, bot) }),
    ...{ priceOf: mids.priceOf, now },
    log: (text) => say(bot.id, text),
    onHalt: (code) => tell({ kind: 'halt', bot: bot.id, code }),
    onPlot: (plot) => tell({ kind: 'plot', bot: bot.id, plot }),
    onNote: (text) => tell({ kind: 'note', bot: bot.id, text, at: now() }),
    onReport(figures) {
      const arbitrage = readArbitrageReport(figures)
      if (arbitrage !== undefined) tell({ kind: 'arbitrage', ...arbitrage })
    },
  })
  running.bots.set(bot.id, runner)
  await runner.start()
}

/** Our own platform with the bot's key, or on paper beside it. */
async function internalOf(shared: Shared, bot: BotSettings): Promise<BotVenue> {
  const { feed, settings } = shared
  const { paper } = bot
  if (paper === undefined) {
    const stream = createStream({
      ...{ url: streamUrl(settings.apiUrl), authorization: keyAuthorization(bot.key) },
      cancelOnDisconnect: true,
    })
    const trading = createInternalTrading({ client: clientOf(shared, bot.key), stream })
    const venue = createInternalVenue({ feed, now, trading })
    return { venue, watch: (listener) => watchUntilEnd(stream, listener) }
  }
  const path = join(settings.stateFolder, `${fileNameOf(bot)}.account`)
  const live = createInternalVenue({ feed, now })
  return openPaperBot({ live, balances: paper.balances, path, now, log })
}

function tapeOf({ settings }: Shared, { tapes }: Running, settingsOf: BotSettings): Tape {
  const bot = fileNameOf(settingsOf)
  const folder = join(settings.stateFolder, 'tapes', bot)
  const tape = tapes.get(settingsOf.id) ?? createTapeRecorder({ folder, bot, now, log })
  tapes.set(settingsOf.id, tape)
  return tape
}

/** The bot's account on chain, with what it sent before a restart sent again. */
async function accountOf({ settings }: Shared, running: Running, bot: BotSettings) {
  const { world, accounts } = running
  if (world === undefined || bot.privateKey === null) return undefined
  const instance = settings.chain?.deployment.instance.id.slice(2, 18) ?? ''
  const storePath = join(settings.stateFolder, `${bot.id}-${instance}.transactions`)
  const account = world.account({ privateKey: await keyOf(bot.privateKey), storePath })
  accounts.push(account)
  await account.resume()
  return account
}

async function keyOf(key: string | KeystoreAt): Promise<string> {
  if (typeof key === 'string') return key
  const passphrase = readPassphrase({ file: key.passphraseFile })
  return (await openKeystore(key.keystore, passphrase)).privateKey
}

/** Venues of one wallet: what it pays in vain is told by the first alone. */
function onPools({ address: wallet, venues, watch }: PoolAccount): BotVenue[] {
  const balancesAlone: BotVenue['watch'] = (listener) =>
    watch((change) => {
      if (change.kind === 'balances') listener(change)
    })
  return [
    { venue: venues['uniswap-v2'], wallet, watch },
    { venue: venues['uniswap-v3'], wallet, watch: balancesAlone },
    { venue: venues.uniswap, wallet, watch: balancesAlone },
  ]
}

function watchUntilEnd(stream: Stream, listener: (change: AccountChange) => void): () => void {
  const end = watchAccount({ stream, listener })
  return () => {
    end()
    stream.close()
  }
}

async function startPeople(shared: Shared, running: Running): Promise<void> {
  const { settings, feed, startedMs } = shared
  for (const [at, { key, seed, markets }] of settings.takers.entries()) {
    const trading = createInternalTrading({ client: clientOf(shared, key) })
    const venue = createInternalVenue({ feed, now, trading })
    const idPrefix = `taker${at}-${startedMs.toString(36)}-`
    const taker = await startTaker({ venue, markets, seed: seed + seedOf(idPrefix), idPrefix, now })
    running.people.push({ onChain: false, stop: taker.stop })
  }
  await startSwappers(shared, running)
}

async function startSwappers({ settings, startedMs }: Shared, running: Running): Promise<void> {
  const { world } = running
  if (world === undefined) return
  for (const { privateKey, ...swapper } of settings.swappers) {
    const account = world.account({ privateKey })
    running.accounts.push(account)
    const idPrefix = `swap-${startedMs.toString(36)}-`
    const started = await startSwapper({
      ...{ ...swapper, venue: account.venues['uniswap-v2'], idPrefix, now, log },
      onSwap: (swap) => tell({ kind: 'swap', ...swap }),
    })
    running.people.push({ onChain: true, stop: started.stop })
  }
}

function report({ reference }: Shared, { bots, isStopping }: Running): void {
  if (isStopping) return
  tell({ kind: 'prices', positions: reference.positions(), prices: reference.prices() })
  tell({ kind: 'bots', items: [...bots.values()].map((bot) => bot.figures()) })
}

async function obey(shared: Shared, running: Running, message: ToRunner): Promise<void> {
  if (message.kind === 'stop') await stop(shared, running)
  else if (message.kind === 'ask') {
    const wrong = await answerOf(shared, running, message.what).catch(whyNot)
    tell({ kind: 'answer', ask: message.ask, wrong })
  } else if (message.kind === 'chain') {
    const { chain } = message
    running.chainChange = running.chainChange.then(() => changeChain(shared, running, chain))
  } else {
    const bot = running.bots.get(message.bot)
    if (bot === undefined) return
    if (message.kind === 'pause') await bot.pause()
    else bot.resume()
    tell({ kind: 'state', bot: message.bot, state: bot.figures().state })
  }
}

/** What a person must mend is said as it is; all else may go another time. */
function whyNot(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return error instanceof StartError ? text : `later: ${text}`
}

/** What is wrong; null when it is done. */
async function answerOf(shared: Shared, running: Running, what: RunnerAsk): Promise<string | null> {
  if (what.do === 'rehearse') {
    const { feed, reference, startChild } = shared
    const venues = [createInternalVenue({ feed, now }), reference]
    const named = venues.filter(({ name }) => what.bot.venues?.includes(name) ?? true)
    const saved = savedOf(shared, running, what.bot.after)
    return rehearse(what.bot, { venues: named, startChild, saved, now })
  }
  if (what.do === 'start') {
    if (running.isStopping) return 'the bots are stopping'
    if (!running.bots.has(what.bot.id)) await startBot(shared, running, what.bot)
    return null
  }
  const bot = running.bots.get(what.bot)
  if (bot === undefined) return what.do === 'remove' ? null : 'there is no such bot'
  if (what.do === 'pause') await bot.pause()
  else if (what.do === 'resume') bot.resume()
  else {
    await bot.stop()
    await running.tapes.get(what.bot)?.close()
    running.tapes.delete(what.bot)
    running.bots.delete(what.bot)
  }
  return null
}

/** Of a bot that runs here, or of one that does not run. */
function savedOf({ settings }: Shared, { bots }: Running, id?: string): object | undefined {
  if (id === undefined) return undefined
  const running = bots.get(id)
  if (running !== undefined) return running.saved()
  const store = openStateStore(join(settings.stateFolder, `${fileNameOf({ id })}.json`))
  store.close()
  return store.found?.state
}

/** Another chain stands in the place of the one before: everything on it begins anew. */
async function changeChain(shared: Shared, running: Running, chain: ChainSettings | null) {
  const { settings } = shared
  const onChain = settings.bots.filter(({ privateKey }) => privateKey !== null)
  const swappers = running.people.filter((one) => one.onChain)
  for (const swapper of swappers) running.people.splice(running.people.indexOf(swapper), 1)
  await Promise.all(swappers.map((one) => one.stop()))
  const paused = onChain.filter(({ id }) => running.bots.get(id)?.figures().state === 'paused')
  for (const { id } of onChain) await running.bots.get(id)?.stop()
  await closeChain(running)
  const after: Shared = { ...shared, settings: { ...settings, chain } }
  await openChain(running, chain)
  for (const bot of onChain) {
    const state = paused.includes(bot) ? 'paused' : 'running'
    await startBot(after, running, { ...bot, state })
  }
  await startSwappers(after, running)
  tell({ kind: 'chain', instance: chain?.deployment.instance.id ?? null })
}

async function closeChain(running: Running): Promise<void> {
  for (const account of running.accounts.splice(0)) account.close()
  await running.world?.close()
  running.world = undefined
}

async function stop(shared: Shared, running: Running): Promise<void> {
  if (running.isStopping) return
  report(shared, running)
  running.isStopping = true
  await Promise.all(running.people.map((one) => one.stop()))
  // The last first: what it leaves half done is finished against those that still quote.
  for (const bot of [...running.bots.values()].reverse()) await bot.stop()
  await Promise.all([...running.tapes.values()].map((tape) => tape.close()))
  await closeChain(running)
  if (process.connected) process.send?.({ kind: 'stopped' }, () => process.exit(0))
  else process.exit(0)
}

// The demo: customers, chain, wallet and bots around an open exchange, and what they add up to.
//
// prepareDemo makes everything the API needs to answer; begin() starts the bots once it listens;
// finish() stops them, waits until ledger and chain agree, and proves what the report says.

import type { Pool } from 'pg'

import type { RunnerSettings } from '#bots/runtime/messages.ts'
import { createKeys } from '#connectors/evm/keys.ts'
import { formatDecimal } from '#kernel/amount.ts'
import type { Clock } from '#kernel/time.ts'
import type { Exchange, ServeOptions } from '#platform/exchange.ts'
import { createHalts } from '#platform/fleet/halts.ts'
import type { Fleet } from '#platform/fleet/port.ts'
import { walletRoutes } from '#platform/wallet/routes.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { createAudit } from './audit.ts'
import { backfillCandles } from './backfill.ts'
import { type DemoCustomer, openCustomers } from './customers.ts'
import { reportOf } from './finish.ts'
import { ASSETS, openExchange } from './genesis.ts'
import { createMarkFeed } from './mark-feed.ts'
import { createMemoryWatch } from './memory-watch.ts'
import { createMonitor, type Monitor } from './monitor.ts'
import type { StartOptions } from './options.ts'
import { loadPrices, type MarketPrice, readPositions, savePositions } from './prices.ts'
import type { Bearings } from './proofs.ts'
import type { Report } from './report.ts'
import { type Runner, startRunner } from './runner.ts'
import { chainSettings, priceSettings, runnerSettings } from './runner-settings.ts'
import { demoMnemonic } from './secrets.ts'
import { openWorld, type World } from './world.ts'

export type DemoDeps = {
  readonly sequencer: Sequencer
  readonly exchange: Exchange
  readonly pool: Pool
  readonly dataFolder: string
  readonly chainPort: number
  readonly options: Pick<StartOptions, 'prices'>
  readonly clock: Clock
  readonly databasePid: () => number | undefined
  readonly log: (line: string) => void
}

export type Demo = {
  readonly serve: Pick<
    ServeOptions,
    'fleet' | 'chainFacts' | 'chainHealth' | 'chainBlock' | 'faucet' | 'more'
  >
  /** Reference prices as they stand now; none outside of a demo. */
  prices(): RunnerSettings['prices']
  begin(apiUrl: string): Promise<void>
  /** The status line of the second. */
  second(): string
  /** Stops the bots and proves the figures. */
  finish(run: { readonly seconds: number; readonly startMs: number }): Promise<Report>
  close(): Promise<void>
}

const SWAP_GAS = 130_000n
const TIP_WEI = 1_000_000_000n

export async function prepareDemo(deps: DemoDeps): Promise<Demo> {
  const { sequencer, exchange, pool, dataFolder, clock } = deps
  const { views } = exchange
  const prices = loadPrices(deps.options.prices, await readPositions(pool))
  const keys = createKeys(demoMnemonic(dataFolder))
  if (views.listing.assets().length === 0) await openExchange(sequencer)
  const customers = await openCustomers({ ...exchange, sequencer, dataFolder, clock })
  const world = await openWorld({ ...deps, ...exchange, keys, prices })
  const runner: { current: Runner | undefined } = { current: undefined }
  const fleet = fleetOf(runner)
  const monitor = createMonitor({
    ...{ views, fleet, deployment: world.chain.deployment, pools: world.pools },
    gasEth: () => Number(SWAP_GAS * gasPrice(world)) / 1e18,
  })
  const settings = { dataFolder, customers, prices, keys }
  const run = createRun(deps, { views, keys, world }, monitor)
  const { mailer, auth } = exchange
  const halts = createHalts({ mailer, findUser: auth.findUser, log: deps.log })
  const setMarks = createMarkFeed({ sequencer, listing: views.listing, prices })
  const standing: { positions: Readonly<Record<string, number>> } = { positions: {} }
  let unwatch = () => Promise.resolve()
  const backfilled = backfillCandles(pool, prices, clock())
  return {
    serve: servedParts(deps, { customers, world, fleet, keys }),
    prices: () => pricesAt(prices, standing.positions),
    async begin(apiUrl) {
      await backfilled
      await run.begin()
      const bots = botsOf(customers, clock())
      const { chain } = world
      runner.current = startRunner(runnerSettings({ apiUrl, ...settings, chain }), bots, {
        onSwap: monitor.swapped,
        onArbitrage: monitor.arbitraged,
        onHalted: (bot, code) => void halts.heard(bot, code),
        onPositions(positions) {
          standing.positions = positions
          void savePositions(pool, positions, clock()).catch(() => {})
          void setMarks(positions)
        },
        log: deps.log,
      })
      run.memory.watchBots(runner.current.pid)
      await runner.current.ready
      unwatch = world.watch({
        async onEnding() {
          await runner.current?.tellChain(null)
          await run.chainEnds()
        },
        async onNewChain(newest) {
          await run.chainBegins()
          await runner.current?.tellChain(chainSettings(newest))
        },
      })
    },
    second() {
      run.memory.second()
      return monitor.second()
    },
    async finish(length) {
      await unwatch()
      const memory = run.memory.read()
      await runner.current?.stop()
      return run.finish({ ...length, memory })
    },
    async close() {
      await unwatch()
      monitor.close()
      await runner.current?.stop()
      await world.close()
    },
  }
}

/** The reference prices with how far they have been told. */
function pricesAt(
  prices: readonly MarketPrice[],
  positions: Readonly<Record<string, number>>,
): RunnerSettings['prices'] {
  return priceSettings(prices).map((one) => ({
    ...one,
    position: positions[one.market] ?? one.position,
  }))
}

/** What is measured over a run: where everything was before, memory, and the report. */
function createRun(deps: DemoDeps, bearings: Bearings, monitor: Monitor) {
  const { world } = bearings
  const memory = createMemoryWatch({
    databasePid: deps.databasePid,
    chain: () => ({
      pid: world.chain.local.pid,
      block: world.chain.heads.current()?.number ?? 0,
    }),
  })
  const audit = createAudit(bearings)
  type End = Pick<Parameters<typeof reportOf>[0], 'seconds' | 'startMs' | 'memory'>
  return {
    memory,
    begin: audit.begin,
    async chainEnds() {
      memory.chainEnds()
      await audit.chainEnds()
    },
    async chainBegins() {
      memory.chainBegins()
      await audit.chainBegins()
    },
    finish: (end: End) => reportOf({ ...deps, ...bearings, ...end, monitor, audit }),
  }
}

type Served = {
  readonly customers: readonly DemoCustomer[]
  readonly world: World
  readonly fleet: Fleet
  readonly keys: Bearings['keys']
}

function servedParts(
  { sequencer, exchange, clock }: DemoDeps,
  { customers, world, fleet, keys }: Served,
): Demo['serve'] {
  const bot = customers.find(({ role }) => role === 'arbitrage')
  const botAddress = keys.address('bots', 0).toLowerCase()
  const routes = walletRoutes({
    ...{ sequencer, views: exchange.views, history: exchange.accountHistory },
    ...{ access: exchange.access, wallet: world.wallet, clock },
    registeredAddress: (account) => (account === bot?.account ? botAddress : undefined),
  })
  const faucet = ASSETS.map(({ symbol, scale, faucet: units }) => ({
    asset: symbol,
    amount: formatDecimal(units, scale),
  }))
  const { chainFacts, chainHealth } = world
  const chainBlock = () => world.wallet.status().block
  return { fleet, chainFacts, chainHealth, chainBlock, faucet, more: [routes] }
}

/** The fleet before, while and after there is a runner. */
function fleetOf(runner: { readonly current: Runner | undefined }): Fleet {
  const running = (): Fleet => {
    if (runner.current === undefined) throw new Error('the bots are asked before they are started')
    return runner.current.fleet
  }
  return {
    list: () => runner.current?.fleet.list() ?? [],
    pause: (id) => running().pause(id),
    resume: (id) => running().resume(id),
  }
}

function botsOf(customers: readonly DemoCustomer[], since: number) {
  return customers
    .filter(({ role }) => role === 'market-making' || role === 'arbitrage')
    .map(({ role, account, userId }) => ({
      ...{ id: role, strategy: role, account, ownerId: userId, since },
    }))
}

function gasPrice({ chain }: World): bigint {
  return (chain.heads.current()?.baseFeePerGas ?? 0n) + TIP_WEI
}

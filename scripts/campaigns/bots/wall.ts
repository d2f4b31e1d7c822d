// Wall time: the same ten bots under the platform's own runner, with real clocks and no waiting.
//
// Strategy, runner and platform are killed in turn at moments that a seed chooses, while bots trade
// all the time. At the end the runner is stopped as the platform stops it, and what each bot has on
// disk is held against the venue's own account.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FromRunner, RunnerSettings } from '#bots/runtime/messages.ts'
import { createNodeSend } from '#client/send-node.ts'
import { startCore } from '../kill9/core-process.ts'
import { registerCustomers } from '../kill9/customers.ts'
import type { Tally } from '../kill9/tally.ts'
import { createRandom } from '../random.ts'
import { readAccount, readRecord } from './accounts.ts'
import { gone } from './gone.ts'
import { BOTS, type LockstepEnd, STRATEGY } from './lockstep.ts'
import { createMarketScript } from './market-script.ts'
import { botMarket } from './markets.ts'

export type WallOrder = {
  readonly folder: string
  readonly seed: number
  readonly kills: number
  readonly tally: Tally
}

const MAIN = join(import.meta.dirname, '../../../bots/runtime/main.ts')
const FIRST_PRICE = 100
const EVERY_MS = 250
const QUOTE_MS = 200
/** Of trading between a recovery and the next kill. */
const BETWEEN_MS = { least: 500, most: 2_000 }
const LAST_MS = 3_000

export async function runWall({ folder, seed, kills, tally }: WallOrder): Promise<LockstepEnd> {
  const first = await startCore(folder, { markets: BOTS })
  const { baseUrl, port } = first
  const platform = { core: first }
  const sender = createNodeSend(32)
  const { send } = sender
  const [maker, taker, ...owners] = await registerCustomers({ baseUrl, send, count: BOTS + 2 })
  if (maker === undefined || taker === undefined) throw new Error('no customers')
  const markets = owners.map((_, at) => botMarket(at))
  const random = createRandom(seed)
  const keys = { maker: maker.key, taker: taker.key }
  const market = createMarketScript({ baseUrl, send, markets, ...keys, random })
  const stateFolder = join(folder, 'bots')
  const settings = settingsOf({ baseUrl, stateFolder, keys: owners.map(({ key }) => key) })
  await market.requote()
  const runner = { now: await startRunner(settings, market.setPrices) }
  const strikes = [
    async () => killOneOf(runner.now.child),
    async () => {
      await gone(runner.now.child)
      runner.now = await startRunner(settings, market.setPrices)
    },
    async () => {
      await platform.core.kill()
      platform.core = await startCore(folder, { port, markets: BOTS })
    },
  ]
  const trading = { isOver: false }
  const traded = keepTrading(market, trading)
  try {
    for (let count = 0; count < kills; count += 1) {
      await sleep(BETWEEN_MS.least + random.below(BETWEEN_MS.most - BETWEEN_MS.least))
      await strikes[count % strikes.length]?.()
      tally.reach(`wall ${['strategy', 'runner', 'platform'][count % 3]}Killed`)
      if (count % 3 === 2) process.stderr.write(`wall: ${count + 1} kills\n`)
    }
    await sleep(LAST_MS)
    await runner.now.stop()
    trading.isOver = true
    await traded
    return await Promise.all(
      owners.map(async ({ key }, at) => ({
        account: await readAccount(baseUrl, send, key),
        record: readRecord(join(stateFolder, `bot-${at}.json`)),
      })),
    )
  } finally {
    trading.isOver = true
    await gone(runner.now.child)
    await platform.core.close().catch(() => platform.core.kill())
    sender.close()
  }
}

async function keepTrading(
  market: ReturnType<typeof createMarketScript>,
  trading: { readonly isOver: boolean },
): Promise<void> {
  while (!trading.isOver) {
    await market.requote()
    await market.trade()
    await sleep(QUOTE_MS)
  }
}

type Settings = Pick<RunnerSettings, 'stateFolder'> & {
  readonly baseUrl: string
  readonly keys: readonly RunnerSettings['bots'][number]['key'][]
}

function settingsOf({ baseUrl: apiUrl, stateFolder, keys }: Settings): RunnerSettings {
  return {
    ...{ apiUrl, stateFolder, chain: null, takers: [], swappers: [] },
    prices: keys.map((_, at) => ({
      market: botMarket(at),
      source: {
        ...{ kind: 'synthetic', seed: at + 1, count: 2_000 },
        ...{ startPrice: FIRST_PRICE, volatility: 5e-4 },
      },
      ...{ position: 0, speed: 10 },
    })),
    bots: keys.map((key, at) => {
      const [market, clock] = [`internal:${botMarket(at)}`, `reference:${botMarket(at)}`]
      const params = { market, clock, style: at, everyMs: EVERY_MS }
      const bot = { id: `bot-${at}`, strategy: STRATEGY, key, params, privateKey: null }
      return { ...bot, state: 'running' }
    }),
  }
}

type StartedRunner = { readonly child: ChildProcess; stop(): Promise<void> }

async function startRunner(
  settings: RunnerSettings,
  onPrices: (prices: Readonly<Record<string, number>>) => void,
): Promise<StartedRunner> {
  const child = fork(MAIN, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ready = Promise.withResolvers<void>()
  child.on('message', (message: FromRunner) => {
    if (message.kind === 'ready') ready.resolve()
    if (message.kind === 'prices') onPrices(message.prices)
  })
  child.once('exit', () => ready.reject(new Error('the runner ended while starting')))
  child.send(settings)
  await ready.promise
  return {
    child,
    async stop() {
      const ended = once(child, 'exit')
      child.send({ kind: 'stop' })
      await ended
    },
  }
}

/** One of its strategies. */
function killOneOf({ pid }: ChildProcess): void {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(pid)
    } catch {
      return false
    }
  })
  const one = children[Math.floor(Date.now() % children.length)]
  if (one !== undefined) process.kill(Number(one), 'SIGKILL')
}

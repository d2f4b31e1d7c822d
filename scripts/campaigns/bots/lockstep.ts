// Lockstep: ten bots, a scripted clock and market; the next event comes when all of them are idle.
//
// So a run depends on its seed alone, and one with kills must end as one without: the same orders,
// fills, balances, positions and states. A kill waits for an order that has left and is not
// answered, and falls somewhere on its way there, inside, or back.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createNodeSend } from '#client/send-node.ts'
import { startCore } from '../kill9/core-process.ts'
import { registerCustomers } from '../kill9/customers.ts'
import type { Tally } from '../kill9/tally.ts'
import { createRandom } from '../random.ts'
import { type Account, type BotRecord, readAccount, readRecord } from './accounts.ts'
import { createAssassin } from './assassin.ts'
import { gone } from './gone.ts'
import type { FromLockstep, LockstepBot, LockstepSettings, ToLockstep } from './lockstep-runner.ts'
import { createMarketScript } from './market-script.ts'
import { botMarket } from './markets.ts'
import type { Moment } from './script-venue.ts'

export type LockstepOrder = {
  readonly folder: string
  readonly seed: number
  readonly steps: number
  /** 0: an uninterrupted run. */
  readonly kills: number
  /** Microseconds at which the script begins. */
  readonly startAt: number
  readonly tally: Tally
}

export type LockstepEnd = readonly { readonly account: Account; readonly record: BotRecord }[]

export const BOTS = 10
const TOLD_EVERY = 10
const STEP_US = 1_000_000
const SCRIPT = join(import.meta.dirname, 'lockstep-runner.ts')
export const STRATEGY = fileURLToPath(new URL('./styles.ts', import.meta.url))
/** A record waits that long for the changes after it. */
const SAVED_AFTER_MS = 600

export async function runLockstep(order: LockstepOrder): Promise<LockstepEnd> {
  const { folder, seed, steps, kills, startAt, tally } = order
  mkdirSync(join(folder, 'bots'), { recursive: true })
  const first = await startCore(folder, { markets: BOTS })
  const { baseUrl, port } = first
  const platform = { core: first }
  const sender = createNodeSend(32)
  const { send } = sender
  const [maker, taker, ...owners] = await registerCustomers({ baseUrl, send, count: BOTS + 2 })
  if (maker === undefined || taker === undefined) throw new Error('no customers')
  const bots: LockstepBot[] = owners.map(({ key }, at) => ({
    ...{ id: `bot-${at}`, key, strategy: STRATEGY, market: botMarket(at) },
    params: { market: `internal:${botMarket(at)}`, clock: `script:${botMarket(at)}`, style: at },
  }))
  const random = createRandom(seed)
  const markets = bots.map(({ market }) => market)
  const keys = { maker: maker.key, taker: taker.key }
  const market = createMarketScript({ baseUrl, send, markets, ...keys, random })
  const moment = { now: startAt, prices: market.prices() }
  const assassin = createAssassin({
    ...{ random: createRandom(seed + 1), tally, steps, kills },
    strike: {
      strategy: async (pid) => void process.kill(pid, 'SIGKILL'),
      runner: async () => runner.kill(),
      async platform() {
        await platform.core.kill()
        platform.core = await startCore(folder, { port, markets: BOTS })
        tally.time('platformRestart', platform.core.restartMs)
      },
    },
  })
  await market.requote()
  const runner = await openRunner({
    settings: () => ({ baseUrl, stateFolder: join(folder, 'bots'), bots, moment: { ...moment } }),
    onMessage: (message) => assassin.hear(message),
  })
  try {
    await runner.settle()
    for (let step = 1; step <= steps; step += 1) {
      assassin.arm(step)
      market.walk()
      await market.requote()
      await runner.settle()
      await market.trade()
      await runner.settle()
      Object.assign(moment, { now: moment.now + STEP_US, prices: market.prices() })
      await runner.move({ ...moment })
      await assassin.calm()
      if (step % TOLD_EVERY === 0) process.stderr.write(`step ${step}: ${assassin.line()}\n`)
    }
    await runner.settle()
    await sleep(SAVED_AFTER_MS)
    await runner.end()
    return await Promise.all(
      bots.map(async ({ id, key }) => ({
        account: await readAccount(baseUrl, send, key),
        record: readRecord(join(folder, 'bots', `${id}.json`)),
      })),
    )
  } finally {
    await runner.end()
    await platform.core.close().catch(() => platform.core.kill())
    sender.close()
  }
}

type RunnerDeps = {
  /** As of now. */
  readonly settings: () => LockstepSettings
  readonly onMessage: (message: FromLockstep) => void
}

type LockstepRunner = {
  settle(): Promise<void>
  move(moment: Moment): Promise<void>
  /** Answers when the next one handles events. */
  kill(): Promise<void>
  end(): Promise<void>
}

async function openRunner(deps: RunnerDeps): Promise<LockstepRunner> {
  let child = await startRunner(deps)
  let revived: Promise<void> = Promise.resolve()
  let no = 0
  /** Until a runner that lives to the end of it says that all are idle. */
  const ask = async (of: (no: number) => ToLockstep): Promise<void> => {
    for (;;) {
      await revived
      no += 1
      const asked = no
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const hear = (message: FromLockstep) => {
        if (message.kind === 'idle' && message.no === asked) resolve(true)
      }
      const die = () => resolve(false)
      const one = child
      one.on('message', hear)
      one.once('exit', die)
      one.send(of(asked))
      const isDone = await promise
      one.off('message', hear)
      one.off('exit', die)
      if (isDone) return
    }
  }
  return {
    settle: () => ask((asked) => ({ kind: 'settle', no: asked })),
    move: (moment) => ask((asked) => ({ kind: 'move', no: asked, moment })),
    kill() {
      const again = async () => {
        await gone(child)
        child = await startRunner(deps)
      }
      revived = again()
      return revived
    },
    end: () => gone(child),
  }
}

async function startRunner({ settings, onMessage }: RunnerDeps): Promise<ChildProcess> {
  const child = fork(SCRIPT, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ready = Promise.withResolvers<void>()
  child.on('message', (message: FromLockstep) => {
    if (message.kind === 'ready') ready.resolve()
    onMessage(message)
  })
  child.once('exit', () => ready.reject(new Error('the runner ended while starting')))
  child.send(settings())
  await ready.promise
  return child
}

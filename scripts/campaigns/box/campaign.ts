// campaign -- box: every strategy of the box at once on a demo of its own, for some minutes.
//
//   --seconds N      how long they trade (300)
//   --only A,B       these and no others
//
// Each is a bot of a customer with coins from the faucet. None may halt, crash or be refused again
// and again; at the end only stops around what they hold may rest, and what each believes to hold
// is what the venue has filled. No two runs are the same: they interleave as the machine lets them.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createMids } from '#bots/runtime/mids.ts'
import { strategyChildren } from '#bots/runtime/strategy-child.ts'
import { createClient } from '#client/client.ts'
import { createNodeSend } from '#client/send-node.ts'
import { createStream } from '#client/stream.ts'
import { createMarketFeed } from '#connectors/internal/market-feed.ts'
import { registerCustomers } from '../kill9/customers.ts'
import { startWhole, type Whole } from '../kill9/whole-process.ts'
import type { Campaign, CampaignResult } from '../result.ts'
import { BOX_BOTS, type BoxBot } from './bots.ts'
import { judge, type Verdict } from './judge.ts'
import { type Ground, type RunningBot, startBot } from './running-bot.ts'

const COUNT = /^[1-9][0-9]{0,4}$/
const USAGE = 'usage: campaign -- box [--seconds N] [--only STRATEGY,...]'
const CONNECTIONS = 32
const TELL_EVERY_MS = 30_000

const now = () => Math.floor((performance.timeOrigin + performance.now()) * 1_000)

export const campaign: Campaign = async (args) => {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    ...{ args: [...args], strict: false, allowPositionals: true },
    options: { seconds: text, only: text },
  })
  const { seconds = '300', only, ...others } = values
  const bots = chosen(only)
  const isStrange = Object.keys(others).length + positionals.length > 0
  if (!COUNT.test(String(seconds)) || isStrange || bots === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-box-'))
  try {
    return await onDemo(folder, { bots, seconds: Number(seconds) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Undefined when one of them is not in the box. */
function chosen(only: string | boolean | undefined): readonly BoxBot[] | undefined {
  if (only === undefined) return BOX_BOTS
  const names = String(only).split(',')
  const bots = BOX_BOTS.filter(({ strategy }) => names.includes(strategy))
  return bots.length === names.length ? bots : undefined
}

type Plan = { readonly bots: readonly BoxBot[]; readonly seconds: number }

async function onDemo(folder: string, plan: Plan): Promise<CampaignResult> {
  const whole = await startWhole(join(folder, 'demo'))
  const sender = createNodeSend(CONNECTIONS)
  const { feed, close } = openFeed(whole.baseUrl, sender.send)
  try {
    const stateFolder = join(folder, 'bots')
    mkdirSync(stateFolder, { mode: 0o700 })
    const mids = createMids({ feed, fallback: () => ({}) })
    await mids.ready()
    const ground: Ground = {
      ...{ baseUrl: whole.baseUrl, folder: join(folder, 'demo'), stateFolder, send: sender.send },
      ...{ feed, priceOf: mids.priceOf, startChild: strategyChildren([join(folder, 'demo')]) },
    }
    const verdict = await trade(ground, whole, plan)
    return { campaign: 'box', cases: plan.bots.length, seed: 0, ...verdict }
  } finally {
    close()
    whole.noteChildren()
    await whole.kill()
    sender.close()
  }
}

function openFeed(baseUrl: string, send: Ground['send']) {
  const stream = createStream({ url: `${baseUrl.replace(/^http/, 'ws')}/v1/stream` })
  const feed = createMarketFeed({ client: createClient({ baseUrl, send }), stream, now })
  const close = () => {
    feed.close()
    stream.close()
  }
  return { feed, close }
}

async function trade(ground: Ground, whole: Whole, { bots, seconds }: Plan): Promise<Verdict> {
  const { baseUrl, send } = ground
  const customers = await registerCustomers({ baseUrl, send, count: bots.length })
  const running: RunningBot[] = []
  for (const [at, bot] of bots.entries()) {
    const customer = customers[at]
    if (customer !== undefined) running.push(await startBot(ground, bot, customer))
  }
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) {
    await sleep(Math.min(TELL_EVERY_MS, end - performance.now()))
    for (const { bot, runner, counts } of running) {
      const { state, pnl, lastAction } = runner.figures()
      process.stderr.write(
        `${bot.strategy}: ${state}, ${counts.placed} orders, ${pnl}; ${lastAction}\n`,
      )
    }
  }
  const states = running.map(({ runner }) => runner.figures().state)
  await Promise.all(running.map(({ runner }) => runner.stop()))
  const verdict = await judge(running, { states, demoSaid: whole.said(), seconds })
  await Promise.all(running.map((one) => one.close()))
  return verdict
}

// Breaches: how long the venue had orders of a bot after it had lost more than it may.
//
// Read from the venue alone: from the last fill of a bot that is then halted, which is the latest
// moment at which its loss can have passed the limit, to the last of its orders that was cancelled.

import { setTimeout as sleep } from 'node:timers/promises'
import type { DeployedBot } from '#client/shapes.ts'
import type { Run } from './acts.ts'
import { answered } from './world.ts'

const LOOK_MS = 700
const LIMIT_MS = 1_000

/** Looks for halted bots until it is told to end. */
export function watchBreaches(run: Run): { end(): Promise<void> } {
  const state = { isOver: false, seen: new Map<string, string>() }
  const watching = (async () => {
    while (!state.isOver) {
      await sleep(LOOK_MS)
      await lookOnce(run, state.seen).catch(() => {})
    }
  })()
  return {
    async end() {
      state.isOver = true
      await watching
    },
  }
}

async function lookOnce(run: Run, seen: Map<string, string>): Promise<void> {
  const told = await run.world.client().myBots()
  if (told.kind !== 'done') return
  for (const bot of told.value.items) {
    const isHalted = bot.wanted === 'paused' && bot.why.startsWith('halted: ')
    if (isHalted && !seen.has(bot.id)) await measure(run, bot)
    if (isHalted) seen.set(bot.id, bot.why)
    else seen.delete(bot.id)
  }
}

async function measure({ world, tally }: Run, { id, account }: DeployedBot): Promise<void> {
  const client = world.client()
  const orders = await answered(() => client.orders({ account, limit: 100 }))
  const fills = await answered(() => client.fills({ account, limit: 1 }))
  if (orders.kind !== 'done' || fills.kind !== 'done') return
  const [last] = fills.value.items
  const open = orders.value.items.filter(({ status }) => /^(open|partially_filled)$/.test(status))
  if (open.length > 0) tally.violated(`${id} was halted and has ${open.length} open orders`)
  if (last === undefined) return
  const ended = orders.value.items.filter((order) => {
    return order.status === 'cancelled' && order.updatedAt >= last.at
  })
  tally.reach('breaches')
  if (ended.length === 0) return
  const tookMs = (Math.max(...ended.map(({ updatedAt }) => updatedAt)) - last.at) / 1_000
  tally.time('breach', Math.round(tookMs))
  if (tookMs > LIMIT_MS) tally.violated(`${id}: its orders were cancelled after ${tookMs} ms`)
}

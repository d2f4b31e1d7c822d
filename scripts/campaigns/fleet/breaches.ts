// Breaches: how long the venue had orders of a bot after it had lost more than it may.
//
// Read from the venue alone: from the last fill of a bot that is then halted, which is the latest
// moment at which its loss can have passed the limit, to the last of its orders that was cancelled.
// Where runner or platform were killed about then, nobody was there to see it: those are told
// apart, and must be over when the runner is back.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '#client/client.ts'
import type { DeployedBot } from '#client/shapes.ts'
import type { Run } from './acts.ts'
import { answered } from './world.ts'

const LOOK_MS = 700
const LIMIT_MS = 1_000
/** Until a runner that was killed, or the whole platform, looks after its bots again. */
const BACK_MS = 30_000
const BACK_US = 10_000_000
const LINES_MAX = 1_000

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

async function measure({ world, tally, kills }: Run, { id, account }: DeployedBot): Promise<void> {
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
  const endedAt = Math.max(...ended.map(({ updatedAt }) => updatedAt))
  const haltedAt = await haltOf(client, id)
  // Paused before, by a person, and halted by a price that moved later.
  if (haltedAt !== undefined && endedAt < haltedAt) return
  const tookMs = (endedAt - last.at) / 1_000
  const isAlone = kills.some((at) => at >= last.at - BACK_US && at <= endedAt)
  tally.time(isAlone ? 'breachUnwatched' : 'breach', Math.round(tookMs))
  if (tookMs > (isAlone ? BACK_MS : LIMIT_MS)) {
    const haltMs = ((haltedAt ?? 0) - last.at) / 1_000
    tally.violated(`${id}: orders cancelled ${tookMs} ms and halted ${haltMs} ms after its fill`)
  }
}

/** By the runner's own word. */
async function haltOf(client: Client, id: string): Promise<number | undefined> {
  const log = await answered(() => client.botLog(id, { limit: LINES_MAX }))
  if (log.kind !== 'done') return undefined
  return log.value.items.findLast(({ text }) => text.includes(': halted until '))?.at
}

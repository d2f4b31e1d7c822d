// Bots: the deployed bots, asked for every two seconds, with the equity seen since the page opened.
//
// A bot is paused by whoever owns it; the answer of the server decides what the card says, never
// the click.

import { signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Connection } from './connection.ts'
import type { ItemOf } from './item-of.ts'
import type { Notices } from './notices.ts'
import { outcomeText } from './outcome-text.ts'
import type { Session } from './session.ts'

export type BotsDeps = {
  readonly client: Client
  readonly connection: Connection
  readonly notices: Notices
  readonly session: Session
}

export type Bot = ItemOf<Client['bots']>

const EVERY_MS = 2_000
const POINTS_MAX = 300

export function createBots({ client, connection, notices, session }: BotsDeps) {
  const list = signal<readonly Bot[] | null>(null)
  const equity = signal<ReadonlyMap<string, readonly number[]>>(new Map())
  const busy = signal<ReadonlySet<string>>(new Set())
  const read = async (): Promise<void> => {
    const outcome = await client.bots()
    if (outcome.kind !== 'done') return
    list.value = outcome.value.items
    equity.value = new Map(
      outcome.value.items.map((bot) => [bot.id, withPoint(equity.peek().get(bot.id) ?? [], bot)]),
    )
  }
  connection.every(EVERY_MS, read)
  return {
    ...{ list, equity, busy },
    toggle: async (bot: Bot): Promise<void> => {
      if (!session.isSignedIn.peek()) return notices.say('Sign in to pause a bot.', 'bad')
      busy.value = new Set([...busy.value, bot.id])
      const isPaused = bot.state === 'paused'
      const outcome = await (isPaused ? client.resumeBot(bot.id) : client.pauseBot(bot.id))
      if (outcome.kind !== 'done') notices.say(outcomeText(outcome), 'bad')
      else notices.say(`${bot.id} is ${outcome.value.bot.state}`)
      await read()
      busy.value = new Set([...busy.value].filter((id) => id !== bot.id))
    },
  }
}

function withPoint(points: readonly number[], { equity }: Bot): readonly number[] {
  return equity === null ? points : [...points.slice(1 - POINTS_MAX), Number(equity)]
}

/** The deepest fall from a peak, as a share of the peak; null before there are two points. */
export function drawdown(points: readonly number[]): number | null {
  if (points.length < 2) return null
  const walk = { peak: Number.NEGATIVE_INFINITY, worst: 0 }
  for (const point of points) {
    walk.peak = Math.max(walk.peak, point)
    if (walk.peak > 0) walk.worst = Math.max(walk.worst, (walk.peak - point) / walk.peak)
  }
  return walk.worst
}

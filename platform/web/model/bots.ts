// Bots: the platform's own and those of whoever is signed in, asked for every two seconds.
//
// What is done to a bot is decided by the server's answer, never by the click. Orders, log and
// course of one bot are the bot view's; here is what the list shows, and what was asked to be done
// and waits for a yes.

import { computed, effect, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { DeployedBot } from '#client/shapes.ts'
import { newsOf } from './bot-words.ts'
import { callerId } from './caller-id.ts'
import type { Connection } from './connection.ts'
import type { ItemOf } from './item-of.ts'
import type { Notices } from './notices.ts'
import { outcomeText } from './outcome-text.ts'
import type { Session } from './session.ts'

export type BotsDeps = {
  readonly client: Client
  /** Waits as long as a check of a strategy takes. */
  readonly patient: Client
  readonly connection: Connection
  readonly notices: Notices
  readonly session: Session
}

export type HouseBot = ItemOf<Client['bots']>
export type { DeployedBot }

/** What is to be done to a bot. */
export type BotAct =
  | { readonly do: 'pause' | 'resume'; readonly id: string }
  | { readonly do: 'stop'; readonly id: string; readonly flatten: boolean }
  | { readonly do: 'roll back'; readonly id: string; readonly version: number }

export type Bots = ReturnType<typeof createBots>

const EVERY_MS = 2_000
const POINTS_MAX = 300

export function createBots(deps: BotsDeps) {
  const { connection, session } = deps
  const state = createState()
  const read = async (): Promise<void> => {
    await Promise.all([readHouse(deps, state), readOwn(deps, state)])
  }
  connection.every(EVERY_MS, read)
  effect(() => {
    const isIn = session.isSignedIn.value
    state.own.value = isIn ? null : []
    state.selected.value = null
    if (isIn && connection.hasFleet.value) void readOwn(deps, state)
  })
  return {
    ...state,
    chosen: computed(() => state.own.value?.find(({ id }) => id === state.selected.value) ?? null),
    canDeploy: computed(() => {
      const capabilities = session.user.value?.capabilities ?? []
      return connection.hasFleet.value && capabilities.includes('deploy')
    }),
    read,
    /** True when the server says that it is done. */
    act: async (act: BotAct): Promise<boolean> => {
      const { busy } = state
      busy.value = new Set([...busy.value, act.id])
      const outcome = await send(deps, act)
      if (outcome.kind !== 'done') deps.notices.say(outcomeText(outcome), 'bad')
      else deps.notices.say(`${act.id} is ${outcome.value.bot.state}`)
      await read()
      busy.value = new Set([...busy.value].filter((id) => id !== act.id))
      return outcome.kind === 'done'
    },
  }
}

function createState() {
  return {
    house: signal<readonly HouseBot[] | null>(null),
    /** null until they were read. */
    own: signal<readonly DeployedBot[] | null>([]),
    /** Why one's own cannot be shown. */
    refused: signal(''),
    /** Seen since the page was opened. */
    equity: signal<ReadonlyMap<string, readonly number[]>>(new Map()),
    busy: signal<ReadonlySet<string>>(new Set()),
    selected: signal<string | null>(null),
    /** Waits for a yes. */
    asked: signal<BotAct | null>(null),
  }
}

type State = ReturnType<typeof createState>

function send({ client, patient }: BotsDeps, act: BotAct) {
  switch (act.do) {
    case 'pause':
      return client.pauseBot(act.id)
    case 'resume':
      return client.resumeBot(act.id)
    case 'stop':
      return patient.stopBot(act.id, { flatten: act.flatten })
    case 'roll back':
      return patient.rollBackBot(act.id, { version: act.version, requestId: callerId() })
  }
}

async function readHouse({ client }: BotsDeps, state: State): Promise<void> {
  const outcome = await client.bots()
  if (outcome.kind !== 'done') return
  state.house.value = outcome.value.items
  addPoints(state, outcome.value.items)
}

async function readOwn({ client, notices, session, connection }: BotsDeps, state: State) {
  const user = session.user.peek()
  if (user === null || !connection.hasFleet.peek()) {
    if (user !== null) state.own.value = []
    return
  }
  const outcome = await client.myBots()
  // Somebody else may be signed in by now.
  if (session.user.peek() !== user) return
  state.refused.value = outcome.kind === 'refused' ? outcomeText(outcome) : ''
  if (outcome.kind === 'refused') state.own.value = []
  if (outcome.kind !== 'done') return
  const before = new Map(state.own.peek()?.map((bot) => [bot.id, bot]))
  const { items } = outcome.value
  for (const bot of items) {
    const news = newsOf(before.get(bot.id), bot)
    if (news !== null) notices.say(news, 'bad')
  }
  state.own.value = items
  addPoints(state, items)
}

function addPoints(
  { equity }: State,
  bots: readonly Pick<HouseBot, 'id' | 'equity' | 'state'>[],
): void {
  const all = new Map(equity.peek())
  for (const bot of bots) {
    const points = all.get(bot.id) ?? []
    // Before it has read its balances a bot says that it has nothing.
    const isKnown = bot.equity !== null && bot.state !== 'starting'
    if (isKnown) all.set(bot.id, [...points.slice(1 - POINTS_MAX), Number(bot.equity)])
  }
  equity.value = all
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

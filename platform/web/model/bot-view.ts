// Bot view: all there is to see of the bot that is looked at: account, log, plots and course.
//
// All but the course is told by the stream as it happens; what was before is read once. The course
// is a point a minute as the platform wrote it down, and from now on a point every time the bot is
// asked for.

import { computed, effect, type Signal, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { BotLogLine, BotPlot, BotSample, BotVersion } from '#client/shapes.ts'
import type { Stream } from '#client/stream.ts'
import {
  clearAccount,
  createAccountState,
  followAccount,
  isOpen,
  newestFirst,
} from './account-state.ts'
import { followBot, type LiveState } from './bot-live.ts'
import type { Bots } from './bots.ts'
import type { Frames } from './frames.ts'
import { insist } from './insist.ts'

export type BotViewDeps = {
  readonly client: Client
  readonly stream: Stream
  readonly frames: Frames
  readonly bots: Bots
}

/** Microseconds, and what the bot was worth. */
export type CoursePoint = { readonly at: number; readonly equity: number; readonly pnl: number }

const SAMPLES_PAGE = 1_000
/** A week of minutes. */
const SAMPLES_MAX = 10_080
const LIVE_MAX = 900

export function createBotView(deps: BotViewDeps) {
  const { bots, client } = deps
  const account = createAccountState()
  const state = {
    lines: signal<readonly BotLogLine[] | null>(null),
    plots: signal<readonly BotPlot[] | null>(null),
    notes: signal<readonly BotLogLine[] | null>(null),
    samples: signal<readonly BotSample[] | null>(null),
    live: signal<readonly CoursePoint[]>([]),
    versions: signal<readonly BotVersion[] | null>(null),
  }
  const id = computed(() => bots.chosen.value?.id)
  const number = computed(() => bots.chosen.value?.account ?? 0)
  const version = computed(() => bots.chosen.value?.version.number)
  effect(() => {
    const { lines, plots, notes, samples, versions } = state
    for (const part of [lines, plots, notes, samples, versions]) part.value = null
    state.live.value = []
    if (id.value !== undefined) return follow(deps, state, id.value)
  })
  effect(() => {
    clearAccount(account)
    if (number.value === 0) return
    return followAccount({ ...deps, onRefused: () => {} }, account, number.value)
  })
  effect(() => {
    const bot = id.value
    // A new version is read at once.
    if (bot === undefined || version.value === undefined) return
    const alive = { is: true }
    void insist(
      () => client.botVersions(bot),
      () => alive.is,
    ).then((page) => {
      if (page !== undefined) state.versions.value = page.items
    })
    return () => {
      alive.is = false
    }
  })
  effect(() => addLive(state.live, bots.chosen.value))
  return {
    ...{ ...state, account },
    open: computed(() => [...account.orders.value.values()].filter(isOpen).sort(newestFirst)),
    newestFills: computed(() => [...account.fills.value.values()].sort((a, b) => b.at - a.at)),
    course: computed(() => courseOf(state.samples.value ?? [], state.live.value)),
  }
}

type State = LiveState & { readonly samples: Signal<readonly BotSample[] | null> }

function follow(deps: BotViewDeps, state: State, id: string): () => void {
  const alive = { is: true }
  const stop = followBot(deps, id, state)
  void readSamples(deps.client, id, () => alive.is).then((samples) => {
    if (alive.is) state.samples.value = samples
  })
  return () => {
    alive.is = false
    stop()
  }
}

async function readSamples(client: Client, id: string, isWanted: () => boolean) {
  const samples: BotSample[] = []
  for (let after = 0; samples.length < SAMPLES_MAX; ) {
    const asked = { after, limit: SAMPLES_PAGE }
    const page = await insist(() => client.botEquity(id, asked), isWanted)
    if (page === undefined) break
    samples.push(...page.items)
    if (page.items.length < SAMPLES_PAGE || page.next === null) break
    after = page.next
  }
  return samples
}

function addLive(live: Signal<readonly CoursePoint[]>, bot: Bots['chosen']['value']): void {
  if (bot === null || bot.equity === null || bot.pnl === null) return
  const point = { at: Date.now() * 1_000, equity: Number(bot.equity), pnl: Number(bot.pnl) }
  live.value = [...live.peek().slice(1 - LIVE_MAX), point]
}

/** Minutes that were written down, then what was seen after the last of them. */
export function courseOf(
  samples: readonly BotSample[],
  live: readonly CoursePoint[],
): readonly CoursePoint[] {
  const last = samples.at(-1)?.at ?? 0
  const written = samples.map(({ at, equity, pnl }) => {
    return { at, equity: Number(equity), pnl: Number(pnl) }
  })
  return [...written, ...live.filter(({ at }) => at > last)]
}

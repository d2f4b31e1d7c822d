// Deployments: what may be done with bots, each as steps that a crash may cut anywhere.
//
// A change of one bot waits for the one before. What is wanted is written down first, then it is
// made true; at a start everything that was left half done is gone on with: accounts are opened or
// settled, bots get back to what is wanted of them. A pause does not believe the runner: the venue
// itself cancels every order, before and after the runner has answered.

import { createBotLog } from './bot-log.ts'
import { createBotShows } from './bot-shows.ts'
import { createChecks } from './checks.ts'
import { deploy, openBot, takeBack } from './deploy.ts'
import { descriptions } from './descriptions.ts'
import {
  type DeploymentsDeps,
  type FleetState,
  fail,
  note,
  run,
  tellState,
  want,
} from './fleet-state.ts'
import { SAMPLE_MS } from './limits.ts'
import type { DeployedBot, Deployments, RunnerFigures } from './port.ts'
import { rollBack, update } from './renew.ts'
import { botOf, type Entry, entryOf, hearFigures, hearLog, hearOldLog } from './roster.ts'
import { sample, thinning } from './samples.ts'
import { finishStop, pause, resume, stopBot } from './standing.ts'
import type { BotRow } from './store.ts'
import { createSupervisor } from './supervisor.ts'

export type OpenDeployments = Deployments & {
  /** Goes on with everything that was left; called once the API listens. */
  begin(): Promise<void>
  /** Every bot's orders are cancelled; what is wanted stays as it is. */
  close(): Promise<void>
  /** Undefined while nothing runs. */
  runnerPid(): number | undefined
}

/** Knows every bot when it answers; none runs before begin(). */
export async function createDeployments(deps: DeploymentsDeps): Promise<OpenDeployments> {
  const state = stateOf(deps)
  for (const row of await deps.store.bots()) await know(state, row)
  deps.jobs?.calendar(thinning(state))
  const sampling = setInterval(() => void sample(state), SAMPLE_MS).unref()
  return {
    ...reads(state),
    ...descriptions(state),
    box: deps.box,
    deploy: (bot) => inTurn(state, bot.id, () => deploy(state, bot)),
    update: (wish) => inTurn(state, wish.id, () => update(state, wish)),
    rollBack: (back) => inTurn(state, back.id, () => rollBack(state, back)),
    pause: (id) => inTurn(state, id, () => pause(state, id, 'paused by a person')),
    resume: (id) => inTurn(state, id, () => resume(state, id)),
    stop: (stop) => inTurn(state, stop.id, () => stopBot(state, stop)),
    begin: () => begin(state),
    runnerPid: state.supervisor.pid,
    async close() {
      state.isClosed = true
      clearInterval(sampling)
      await Promise.allSettled(state.changes.values())
      await state.supervisor.close()
      await state.botLog.close()
    },
  }
}

async function know({ store, entries, botLog }: FleetState, row: BotRow): Promise<void> {
  const [version] = await store.versions(row.id)
  if (version === undefined) return
  const entry = entryOf(row, version)
  entries.set(row.id, entry)
  if (row.settledAt === null) hearOldLog(entry, await botLog.open(row.id))
}

function stateOf(deps: DeploymentsDeps): FleetState {
  const botLog = createBotLog({ files: deps.logFiles, log: deps.log })
  const botShows = createBotShows(botLog.tell)
  const entries = new Map<string, Entry>()
  /** Last words may come late. */
  const heardOf = (bot: string) => {
    const entry = entries.get(bot)
    return entry?.row.settledAt === null ? entry : undefined
  }
  const supervisor = createSupervisor({
    start: () =>
      deps.startRunner({
        figures: (items) => hear(state, items),
        log(bot, text, at) {
          const entry = heardOf(bot)
          if (entry === undefined) return
          botLog.add(bot, text, at)
          hearLog(entry, text)
        },
        plot: (bot, plot) => heardOf(bot) && botShows.plot(bot, plot),
        note: (bot, text, at) => heardOf(bot) && botShows.note(bot, text, at),
      }),
    onFailed: (id, why) => fail(state, id, why),
    onLost(ids, why) {
      for (const id of ids) {
        const entry = entries.get(id)
        if (entry !== undefined) entry.told = undefined
        note(state, id, `its runner ended: ${why}`)
      }
    },
    log: deps.log,
    ...(deps.answerMs === undefined ? {} : { answerMs: deps.answerMs }),
  })
  const checks = createChecks({ workshop: deps.workshop, supervisor })
  const state: FleetState = {
    ...{ ...deps, entries, botLog, botShows, supervisor, checks },
    ...{ changes: new Map(), isClosed: false },
  }
  return state
}

function reads(state: FleetState) {
  const { entries, botLog, botShows, store } = state
  return {
    bots: (ownerId?: string) =>
      [...entries.values()]
        .filter(({ row }) => ownerId === undefined || row.owner === ownerId)
        .map(botOf),
    find: (id: string) => {
      const entry = entries.get(id)
      return entry === undefined ? undefined : botOf(entry)
    },
    versions: store.versions,
    async source(id: string, number: number) {
      const version = (await store.versions(id)).find((one) => one.number === number)
      return version === undefined ? undefined : store.source(version.hash)
    },
    log: botLog.after,
    plots: botShows.plots,
    notes: botShows.notes,
    samples: store.samples,
    listen: botLog.listen,
    gauges: () => gaugesOf(state),
  }
}

function gaugesOf({ entries, supervisor }: FleetState): Record<string, number> {
  const bots = [...entries.values()].map(botOf)
  const of = (one: DeployedBot['state']) => bots.filter(({ state }) => state === one).length
  return {
    ...{ fleet_running: of('running'), fleet_paused: of('paused'), fleet_failed: of('failed') },
    fleet_starting: of('starting'),
    fleet_strategy_crashes: bots.reduce((all, { crashes }) => all + crashes, 0),
    ...{ fleet_runner_restarts: supervisor.restarts(), fleet_runner_pid: supervisor.pid() ?? 0 },
  }
}

/** One change of a bot at a time, in the order in which they were asked for. */
function inTurn<T>(state: FleetState, id: string, work: () => Promise<T>): Promise<T> {
  const before = state.changes.get(id) ?? Promise.resolve()
  const done = before.catch(() => {}).then(work)
  state.changes.set(id, done)
  const forget = () => {
    if (state.changes.get(id) === done) state.changes.delete(id)
  }
  void done.then(forget, forget)
  return done
}

function hear(state: FleetState, items: readonly RunnerFigures[]): void {
  for (const told of items) {
    const entry = state.entries.get(told.id)
    if (entry === undefined || entry.row.wanted === 'stopped') continue
    hearFigures(entry, told)
    tellState(state, entry)
    void state.onHalted?.(botOf(entry), told.halted)
    if (told.halted === null || entry.row.wanted !== 'running' || state.isClosed) continue
    // Written down as what it is: a pause that a person ends.
    void inTurn(state, told.id, () => halt(state, told.id, `halted: ${told.halted}`))
  }
}

async function halt(state: FleetState, id: string, why: string): Promise<void> {
  const entry = state.entries.get(id)
  if (entry?.row.wanted !== 'running' || (entry.told?.halted ?? null) === null) return
  await want(state, entry, 'paused', why)
}

/** In the order in which they were deployed. */
async function begin(state: FleetState): Promise<void> {
  const left = [...state.entries.values()].filter(({ row }) => row.settledAt === null)
  const started = left.map((entry) =>
    inTurn(state, entry.row.id, () => goOn(state, entry)).catch((error: unknown) => {
      fail(state, entry.row.id, error instanceof Error ? error.message : String(error))
    }),
  )
  await Promise.all(started)
}

async function goOn(state: FleetState, entry: Entry): Promise<void> {
  if (entry.row.wanted === 'stopped') {
    await finishStop(state, entry)
    return
  }
  if (entry.row.openedAt === null) {
    const opened = await openBot(state, entry)
    if (!opened.ok) {
      await takeBack(state, entry, opened)
      return
    }
  }
  await run(state, entry)
}

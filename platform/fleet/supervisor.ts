// Supervisor: keeps one runner alive for as long as there are bots, and every bot in it.
//
// A runner that ends is started again, later each time, and gets its bots in the order in which
// they were deployed. A bot whose start took the runner along is started alone the next time, and
// left out after BLAMES_MAX times. A runner that does not answer is killed: its bots' orders are
// the venue's to cancel, and everything else is found again.

import { setTimeout as sleep } from 'node:timers/promises'
import {
  ANSWER_MS,
  BACK_OFF_MS,
  BLAMES_MAX,
  HEALTHY_MS,
  READY_MS,
  STARTS_AT_ONCE,
} from './limits.ts'
import { LATER, type RehearsedBot, type RunnerBot, type RunnerProcess } from './port.ts'

export type SupervisorDeps = {
  readonly start: () => RunnerProcess
  /** Why a bot does not run, when it is not its runner that says so. */
  readonly onFailed: (id: string, why: string) => void
  /** Its bots are in no process now. */
  readonly onLost: (ids: readonly string[], why: string) => void
  readonly log: (line: string) => void
  readonly backOffMs?: readonly number[]
  readonly answerMs?: number
}

export type Supervisor = {
  /** From now on it shall run; answers when its runner has it, or why not. */
  put(bot: RunnerBot): Promise<string | null>
  /** It runs nowhere when this answers. */
  drop(id: string): Promise<void>
  pause(id: string): Promise<string | null>
  resume(id: string): Promise<string | null>
  rehearse(bot: RehearsedBot): Promise<string | null>
  has(id: string): boolean
  /** Of the runner; undefined while there is none. */
  pid(): number | undefined
  restarts(): number
  close(): Promise<void>
}

type State = {
  readonly bots: Map<string, RunnerBot>
  readonly starting: Set<string>
  readonly blames: Map<string, number>
  runner: RunnerProcess | undefined
  /** Until a runner may be asked; undefined: none is wanted yet. */
  opening: Promise<RunnerProcess | undefined> | undefined
  deaths: number
  isClosed: boolean
}

const LOOKS = 10
/** So many times as long a runner may take that lives. */
const PATIENCE = 10

/** What is answered when the runner ended first. */
export const GONE = 'the runner ended'

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const state: State = {
    ...{ bots: new Map(), starting: new Set(), blames: new Map(), runner: undefined },
    ...{ opening: undefined, deaths: 0, isClosed: false },
  }
  const ask = (what: (runner: RunnerProcess) => Promise<string | null>) => askIt(deps, state, what)
  return {
    async put(bot) {
      state.bots.set(bot.id, bot)
      state.blames.delete(bot.id)
      const before = state.runner
      const runner = await opened(deps, state)
      // A runner that has just begun has started all of them already.
      if (runner === undefined || runner !== before) return null
      return startOne(deps, state, bot)
    },
    async drop(id) {
      state.bots.delete(id)
      if (state.runner !== undefined) await ask((runner) => runner.remove(id))
    },
    pause(id) {
      setState(state, id, 'paused')
      return ask((runner) => runner.pause(id))
    },
    resume(id) {
      setState(state, id, 'running')
      return ask((runner) => runner.resume(id))
    },
    async rehearse(bot) {
      const wrong = await askIt(deps, state, (runner) => runner.rehearse(bot))
      return wrong?.startsWith(LATER) === true ? GONE : wrong
    },
    has: (id) => state.bots.has(id),
    pid: () => state.runner?.pid,
    restarts: () => state.deaths,
    async close() {
      state.isClosed = true
      await state.runner?.stop()
    },
  }
}

function setState({ bots }: State, id: string, state: RunnerBot['state']): void {
  const bot = bots.get(id)
  if (bot !== undefined) bots.set(id, { ...bot, state })
}

/** The runner, started if there is none; undefined when it ends before it can be asked. */
function opened(deps: SupervisorDeps, state: State): Promise<RunnerProcess | undefined> {
  state.opening ??= open(deps, state)
  return state.opening
}

async function open(deps: SupervisorDeps, state: State): Promise<RunnerProcess | undefined> {
  if (state.isClosed) return undefined
  const runner = deps.start()
  const begun = performance.now()
  void runner.ended.then((why) => {
    state.runner = undefined
    state.opening = undefined
    if (state.isClosed) return
    if (performance.now() - begun > HEALTHY_MS) state.deaths = 0
    void again(deps, state, why)
  })
  const late = setTimeout(runner.kill, READY_MS).unref()
  try {
    await runner.ready
  } catch {
    return undefined
  } finally {
    clearTimeout(late)
  }
  state.runner = runner
  await startAll(deps, state)
  return state.runner
}

async function again(deps: SupervisorDeps, state: State, why: string): Promise<void> {
  const { backOffMs = BACK_OFF_MS } = deps
  for (const id of state.starting) blame(deps, state, id)
  state.starting.clear()
  const waitMs = backOffMs[Math.min(state.deaths, backOffMs.length - 1)] ?? 0
  state.deaths += 1
  deps.log(`the fleet's runner ended (${why}); again in ${waitMs} ms`)
  deps.onLost([...state.bots.keys()], why)
  await sleep(waitMs, undefined, { ref: false })
  if (state.bots.size > 0) await opened(deps, state)
}

function blame({ onFailed }: SupervisorDeps, { blames, bots }: State, id: string): void {
  const times = (blames.get(id) ?? 0) + 1
  blames.set(id, times)
  if (times < BLAMES_MAX) return
  bots.delete(id)
  onFailed(id, `its start ended the runner ${times} times`)
}

/** Who is suspected is started alone. */
async function startAll(deps: SupervisorDeps, state: State): Promise<void> {
  const suspects: RunnerBot[] = []
  const others: RunnerBot[] = []
  for (const bot of state.bots.values()) {
    if (state.blames.has(bot.id)) suspects.push(bot)
    else others.push(bot)
  }
  const queue = others.values()
  const work = async () => {
    for (const bot of queue) await startOne(deps, state, bot)
  }
  await Promise.all(Array.from({ length: STARTS_AT_ONCE }, work))
  for (const bot of suspects) await startOne(deps, state, bot)
}

async function startOne(deps: SupervisorDeps, state: State, bot: RunnerBot) {
  const { runner } = state
  // What was dropped or changed meanwhile is not started as it was.
  const now = state.bots.get(bot.id)
  if (runner === undefined || now === undefined) return GONE
  state.starting.add(bot.id)
  const wrong = await whenItCan(deps, () => answered(deps, runner, runner.start(now)))
  if (wrong === GONE) return GONE
  state.starting.delete(bot.id)
  if (wrong !== null) deps.onFailed(bot.id, wrong)
  return wrong
}

/** Asked again, later each time, while the runner cannot do it now. */
async function whenItCan(
  { backOffMs = BACK_OFF_MS }: SupervisorDeps,
  ask: () => Promise<string | null>,
): Promise<string | null> {
  let wrong = await ask()
  for (const waitMs of backOffMs) {
    if (wrong?.startsWith(LATER) !== true) return wrong
    await sleep(waitMs, undefined, { ref: false })
    wrong = await ask()
  }
  return wrong
}

async function askIt(
  deps: SupervisorDeps,
  state: State,
  what: (runner: RunnerProcess) => Promise<string | null>,
): Promise<string | null> {
  const runner = await opened(deps, state)
  return runner === undefined ? GONE : answered(deps, runner, what(runner))
}

/** GONE when the runner ends first; one that is silent, or takes far too long, is ended. */
async function answered(
  deps: SupervisorDeps,
  runner: RunnerProcess,
  answer: Promise<string | null>,
): Promise<string | null> {
  const { answerMs: ms = ANSWER_MS } = deps
  const begun = performance.now()
  // On a busy machine an answer takes long; only one that says nothing at all does not live.
  const look = setInterval(() => {
    const isLate = performance.now() - begun > ms * PATIENCE
    if (runner.silentMs() <= ms && !isLate) return
    deps.log(`the fleet's runner does not answer within ${ms} ms`)
    runner.kill()
  }, ms / LOOKS)
  const first = await Promise.race([answer, runner.ended.then(() => GONE)])
  clearInterval(look)
  return first
}

// Cycle: load, a kill at a random moment, a restart, and everything that must hold after it.
//
// The first violation is told at once and counted; the run goes on, so that one look shows whether
// it happens always or rarely. end() leaves no process behind.

import { setTimeout as sleep } from 'node:timers/promises'
import { createNodeSend } from '#client/send-node.ts'
import { inPool } from '#scripts/test/pool.ts'
import { createRandom, type Random } from '../random.ts'
import type { CampaignResult } from '../result.ts'
import { type Ask, createAsk } from './ask.ts'
import type { DigestMark, Published } from './audit.ts'
import { type Core, isGone, killWhileStarting, startCore } from './core-process.ts'
import { type Customer, registerCustomers } from './customers.ts'
import { checkFolderAfter } from './final-checks.ts'
import { runLoad } from './load.ts'
import { createMemory, type Memory } from './memory.ts'
import { createTally, type Tally } from './tally.ts'
import {
  repeat,
  type Verifying,
  verifyAnswers,
  verifyMismatch,
  verifyOrder,
} from './verify-answers.ts'
import { createLedger, type Ledger, verifyAllOrders, verifyLists } from './verify-lists.ts'

const KILL_WITHIN_MS = 600
const START_KILL_WITHIN_MS = 900
const HEALTH_EVERY_MS = 25
const CONNECTIONS = 32
const CUSTOMERS = 5
const OLDER_REPEATED = 40
const MISMATCHES = 3
/** Below the window in which an id is remembered. */
const REMEMBERED_MS = 13 * 60_000

export type Run = {
  cycle(): Promise<void>
  /** A clean stop, and the folder read by others. */
  finish(): Promise<void>
  violated(what: string): void
  end(): Promise<void>
  progress(): string
  result(): Pick<CampaignResult, 'violations' | 'reached' | 'extra'>
}

type State = {
  readonly folder: string
  readonly random: Random
  /** Of its own, so that a seed repeats the kills whatever the load was answered. */
  readonly kills: Random
  readonly memory: Memory
  readonly ledger: Ledger
  readonly customers: readonly Customer[]
  readonly tally: Tally
  readonly databasePids: Set<number>
  readonly sender: ReturnType<typeof createNodeSend>
  readonly prefix: string
  core: Core
  ids: number
  killedAt: number
  published: Published[]
  mark: DigestMark | null
}

export async function createRun(folder: string, seed: number): Promise<Run> {
  const sender = createNodeSend(CONNECTIONS)
  const core = await startCore(folder)
  const order = { baseUrl: core.baseUrl, send: sender.send, count: CUSTOMERS }
  const customers = await registerCustomers(order)
  const state: State = {
    ...{
      folder,
      sender,
      core,
      random: createRandom(seed),
      kills: createRandom(~seed),
      memory: createMemory(),
    },
    ...{ ledger: createLedger(), customers },
    ...{ databasePids: new Set([core.databasePid]), prefix: `s${seed}` },
    ...{ ids: 0, tally: createTally(), killedAt: 0, published: [], mark: null },
  }
  return {
    async cycle() {
      await loadAndKill(state)
      await restart(state)
      await verify(state)
    },
    finish: () => finish(state),
    violated: state.tally.violated,
    async end() {
      await state.core.kill()
      sender.close()
      for (const pid of state.databasePids) {
        if (!(await isGone(pid))) state.tally.violated(`PostgreSQL ${pid} outlived its platform`)
      }
    },
    progress: state.tally.line,
    result: () => state.tally.result({ events: state.mark?.eventNo ?? 0 }),
  }
}

function askOf(state: State): Ask {
  const { send } = state.sender
  const onUndecided = (status: number) => state.tally.reach(`status${status}`)
  return createAsk({ send, baseUrl: state.core.baseUrl, onUndecided })
}

async function loadAndKill(state: State): Promise<void> {
  const { random, kills, memory, customers, core } = state
  const over = { is: false }
  const newId = () => {
    state.ids += 1
    return `${state.prefix}-${state.ids}`
  }
  const isOver = () => over.is
  const load = runLoad({ ask: askOf(state), customers, memory, random, newId, isOver })
  const watch = watchHealth(state, isOver)
  const draw = kills.share()
  if (draw < 0.15) {
    await sleep(kills.below(KILL_WITHIN_MS))
    core.killDatabase()
    state.tally.reach('databaseKilledFirst')
  }
  await sleep(kills.below(KILL_WITHIN_MS))
  over.is = true
  state.killedAt = Date.now()
  if (!(await core.kill())) state.tally.violated('the core had ended by itself before the kill')
  if (draw >= 0.15 && draw < 0.4) {
    core.killDatabase()
    state.tally.reach('databaseKilledToo')
  }
  await Promise.all([load, watch])
  state.tally.reach('coreKilled')
  if (draw > 0.9 && !(await isGone(core.databasePid))) {
    state.tally.violated('PostgreSQL outlived its core')
  }
}

/** What /v1/health publishes: after the restart it must still be so. */
async function watchHealth(state: State, isOver: () => boolean): Promise<void> {
  const url = `${state.core.baseUrl}/v1/health`
  while (!isOver()) {
    try {
      const get = { method: 'GET', url, headers: {}, body: '', timeoutMs: 5_000 } as const
      const { status, text } = await state.sender.send(get)
      if (status !== 200) continue
      const { releasedSeq: seq, eventDigest: digest } = JSON.parse(text)
      state.published.push({ seq, digest })
    } catch {
      // It is dead.
    }
    await sleep(HEALTH_EVERY_MS)
  }
}

async function restart(state: State): Promise<void> {
  if (state.kills.share() < 0.1) {
    await killWhileStarting(state.folder, state.kills.below(START_KILL_WITHIN_MS))
    state.tally.reach('killedWhileStarting')
  }
  state.core = await startCore(state.folder)
  state.databasePids.add(state.core.databasePid)
  state.tally.time('restart', state.core.restartMs)
  state.tally.time('recovery', state.core.recoveryMs)
}

async function verify(state: State): Promise<void> {
  const { memory, ledger, customers, random, killedAt } = state
  const run = verifyingOf(state)
  await audit(state)
  const cycle = memory.takeCycle()
  const unanswered = cycle.filter(({ answer }) => answer === null).length
  state.tally.reach('unanswered', unanswered)
  state.tally.reach('acknowledged', cycle.length - unanswered)
  await verifyAnswers(run, cycle)
  await inPool(cycle, { atATime: CONNECTIONS, work: (asked) => verifyOrder(run, asked) })
  const fresh = memory.settled.filter(({ at }) => at > killedAt - REMEMBERED_MS)
  const older =
    fresh.length === 0 ? [] : Array.from({ length: OLDER_REPEATED }, () => random.pick(fresh))
  for (const asked of older) await repeat(run, asked)
  const placed = cycle.filter(
    ({ intent, answer }) => intent.kind === 'place' && answer?.status === 201,
  )
  for (const asked of placed.slice(0, MISMATCHES)) await verifyMismatch(run, asked)
  await audit(state)
  for (const customer of customers) await verifyLists(run, ledger, { customer, cycle })
  memory.settled.push(...cycle)
}

async function audit(state: State): Promise<void> {
  const { published, mark } = state
  const result = await state.core.audit({ published, mark })
  state.published = []
  state.mark = result.mark
  state.tally.time('catchUp', result.catchUpMs)
  for (const finding of result.findings) state.tally.violated(finding)
}

function verifyingOf(state: State): Verifying {
  return {
    ...{ ask: askOf(state), memory: state.memory, killedAt: state.killedAt },
    ...{ violated: state.tally.violated, reach: state.tally.reach },
  }
}

async function finish(state: State): Promise<void> {
  const run = verifyingOf(state)
  for (const customer of state.customers) await verifyAllOrders(run, state.ledger, customer)
  const business = await state.core.close()
  for (const finding of await checkFolderAfter(state.folder, business))
    state.tally.violated(finding)
}

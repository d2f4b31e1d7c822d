// Acts: what the campaign does with bots, chosen by the seed.
//
// Every answer must be one that fits: a refusal that the moment explains is counted, any other one
// is a violation.

import { readFileSync } from 'node:fs'
import type { Outcome } from '#client/outcome.ts'
import type { DeployedBot } from '#client/shapes.ts'
import type { Tally } from '../kill9/tally.ts'
import type { Random } from '../random.ts'
import { strategiesOf } from './processes.ts'
import { BUDGET, type Kind, LIMITS, LOSS_LIMITS, SOURCES } from './strategies.ts'
import { answered, type World } from './world.ts'

export type Run = {
  readonly world: World
  readonly tally: Tally
  readonly random: Random
  /** Bots that were ever asked for. */
  count: number
  acts: number
  /** When runner or platform were killed, in microseconds. */
  readonly kills: number[]
}

type Act = (run: Run, bots: readonly DeployedBot[]) => Promise<void>

const KINDS: readonly Kind[] = ['quotes', 'quotes', 'quotes', 'greedy', 'loses']
const AT_ONCE = 4

/** By weight. */
const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [8, (run, bots) => withBot(run, bots, 'running', pause)],
  [10, (run, bots) => withBot(run, bots, 'paused', resume)],
  [6, (run, bots) => withBot(run, bots, undefined, update)],
  [4, (run, bots) => withBot(run, bots, undefined, rollBack)],
  [2, (run, bots) => withBot(run, bots, undefined, stop)],
  [6, killStrategy],
  [2, killRunner],
  [1, restart],
]

export async function deployAll(run: Run, bots: number): Promise<void> {
  const work = async () => {
    while (run.count < bots) await deploy(run)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

/** One act; where bots are missing, a deployment. */
export async function actOnce(run: Run, wanted: number): Promise<void> {
  const told = await answered(() => run.world.client().myBots())
  if (told.kind !== 'done') return run.tally.violated(`no bots: ${JSON.stringify(told)}`)
  const bots = told.value.items.filter(({ wanted: one }) => one !== 'stopped')
  if (bots.length < wanted) return deploy(run)
  let at = run.random.below(ACTS.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, act] of ACTS) {
    at -= weight
    if (at < 0) return act(run, bots)
  }
}

function withBot(
  run: Run,
  bots: readonly DeployedBot[],
  wanted: DeployedBot['wanted'] | undefined,
  act: (run: Run, bot: DeployedBot) => Promise<void>,
): Promise<void> {
  const fitting = bots.filter((bot) => wanted === undefined || bot.wanted === wanted)
  return fitting.length === 0 ? Promise.resolve() : act(run, run.random.pick(fitting))
}

async function deploy(run: Run): Promise<void> {
  run.count += 1
  const kind = KINDS[run.count % KINDS.length] ?? 'quotes'
  const id = `${kind}-${run.count}`
  const body = {
    ...{ id, requestId: `deploy-${id}`, source: SOURCES[kind], venues: ['internal'] },
    ...{ params: { market: 'internal:ETH-USDC', bps: 20 + (run.count % 7) } },
    budget: [{ asset: 'USDC', amount: BUDGET }],
    limits: kind === 'loses' ? LOSS_LIMITS : LIMITS,
  }
  const told = await answered(() => run.world.client().deployBot(body))
  done(run, 'deployed', told)
  if (run.random.share() > 0.2) return
  const again = await answered(() => run.world.client().deployBot(body))
  if (again.kind === 'done' && told.kind === 'done') {
    if (again.value.bot.account !== told.value.bot.account) {
      run.tally.violated(`${id} was deployed twice`)
    }
    run.tally.reach('deployed again with the same id')
  }
}

async function pause(run: Run, { id, account }: DeployedBot): Promise<void> {
  const told = await answered(() => run.world.client().pauseBot(id))
  done(run, 'paused', told)
  if (told.kind !== 'done') return
  const query = { account, status: 'open', limit: 1 } as const
  const open = await answered(() => run.world.client().orders(query))
  if (open.kind === 'done' && open.value.items.length > 0) {
    run.tally.violated(`${id} was paused and has an open order`)
  }
}

async function resume(run: Run, { id }: DeployedBot): Promise<void> {
  done(run, 'resumed', await answered(() => run.world.client().resumeBot(id)))
}

async function update(run: Run, { id, version }: DeployedBot): Promise<void> {
  const bps = 10 + run.random.below(100)
  const source = `${SOURCES[version.strategy as Kind]}// ${bps % 3}\n` // A name of ours.
  const body = {
    requestId: `update-${id}-${run.acts}`,
    params: { market: 'internal:ETH-USDC', bps },
    ...(run.random.share() < 0.5 ? { source } : {}),
  }
  const told = await answered(() => run.world.client().updateBot(id, body))
  done(run, 'updated', told)
}

async function rollBack(run: Run, { id, version }: DeployedBot): Promise<void> {
  const to = 1 + run.random.below(version.number)
  const body = { requestId: `back-${id}-${run.acts}`, version: to }
  const told = await answered(() => run.world.client().rollBackBot(id, body))
  done(run, 'rolled back', told)
  if (told.kind !== 'done') return
  const { like, number } = told.value.bot.version
  if (like !== to || number !== version.number + 1) {
    run.tally.violated(`${id} was rolled back to ${to} and is version ${number} like ${like}`)
  }
}

async function stop(run: Run, { id }: DeployedBot): Promise<void> {
  const flatten = run.random.share() < 0.5
  const told = await answered(() => run.world.client().stopBot(id, { flatten }))
  done(run, 'stopped', told)
  if (told.kind === 'done' && told.value.bot.state !== 'stopped') {
    run.tally.violated(`${id} was stopped and is ${told.value.bot.state}`)
  }
}

async function killStrategy({ world, tally, random }: Run): Promise<void> {
  const strategies = strategiesOf(await world.runnerPid())
  if (strategies.length === 0) return
  kill(random.pick(strategies))
  tally.reach('strategies killed')
}

async function killRunner({ world, tally, kills }: Run): Promise<void> {
  const runner = await world.runnerPid()
  if (runner === 0) return
  kills.push(Date.now() * 1_000)
  kill(runner)
  tally.reach('runners killed')
}

async function restart({ world, tally, kills }: Run): Promise<void> {
  kills.push(Date.now() * 1_000)
  await world.restart()
  tally.reach('platforms killed')
}

/** A process of the campaign's own platform. */
function kill(pid: number): void {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bots/runtime')) {
      process.kill(pid, 'SIGKILL')
    }
  } catch {
    // It has ended by itself.
  }
}

function done(run: Run, what: string, told: Outcome<unknown>): void {
  if (told.kind === 'done') run.tally.reach(what)
  else run.tally.violated(`${what}: ${JSON.stringify(told)}`)
}

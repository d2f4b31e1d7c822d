// fleet: deploys, updates, rolls back, pauses, resumes, stops and kills bots at random.
//
// npm run campaign -- fleet [--bots N] [--seconds N] [--seed N]
// Kills hit strategies, the fleet's runner and the whole platform. At the end records, processes
// and the venue's orders must say the same, every account must balance, and nobody may have traded
// outside of budget and envelope; a breach must have cancelled everything within a second.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { DeployedBot } from '#client/shapes.ts'
import { createTally } from '../kill9/tally.ts'
import { createRandom } from '../random.ts'
import type { CampaignResult } from '../result.ts'
import { actOnce, deployAll, type Run } from './acts.ts'
import { watchBreaches } from './breaches.ts'
import { judgeBooks, judgeEnvelope, judgeStates } from './final-checks.ts'
import { memoryOf, strategiesOf } from './processes.ts'
import { answered, openWorld, type World } from './world.ts'

const USAGE = 'usage: campaign -- fleet [--bots N, at most 55] [--seconds N] [--seed N]\n'
const BOTS_MAX = 55
const PAUSE_MS = 400
/** Fifty strategies start again after the last kill, on a machine that others use, too. */
const SETTLE_MS = 300_000
const LOOK_MS = 500
/** Coins for all budgets of a long run: what is stopped gives its money back. */
const FAUCETS = 4

type Options = { readonly bots: number; readonly seconds: number; readonly seed: number }

export async function campaign(args: readonly string[]): Promise<CampaignResult | null> {
  const options = optionsOf(args)
  if (options === null) {
    process.stderr.write(USAGE)
    return null
  }
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-fleet-'))
  chmodSync(folder, 0o711)
  const tally = createTally()
  const world = await openWorld(folder, FAUCETS)
  const random = createRandom(options.seed)
  const run: Run = { world, tally, random, count: 0, acts: 0, kills: [] }
  try {
    await work(run, options)
  } catch (error) {
    tally.violated(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const { bots, seconds } = options
  const told = tally.result({ bots, seconds })
  return { campaign: 'fleet', cases: run.acts, seed: options.seed, ...told }
}

async function work(run: Run, { bots, seconds }: Options): Promise<void> {
  const { world, tally } = run
  const begun = performance.now()
  await deployAll(run, bots)
  tally.time('deployAll', performance.now() - begun)
  await settled(run)
  const restarted = performance.now()
  await world.restart()
  await settled(run)
  tally.time('fleetStart', performance.now() - restarted)
  await measureMemory(run)
  const breaches = watchBreaches(run)
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) {
    await actOnce(run, bots)
    run.acts += 1
    await sleep(PAUSE_MS)
    if (run.acts % 50 === 0) process.stderr.write(`fleet: ${run.acts} acts\n`)
  }
  await breaches.end()
  await judge(run)
}

async function measureMemory({ world, tally }: Run): Promise<void> {
  const strategies = strategiesOf(await world.runnerPid())
  const all = strategies.reduce((sum, pid) => sum + memoryOf(pid), 0)
  if (strategies.length > 0) tally.reach('kiB of a strategy', Math.round(all / strategies.length))
  tally.reach('kiB of the runner', memoryOf(await world.runnerPid()))
}

async function botsOf(world: World): Promise<readonly DeployedBot[]> {
  const told = await answered(() => world.client().myBots())
  if (told.kind !== 'done') throw new Error(`the bots are not told: ${JSON.stringify(told)}`)
  return told.value.items
}

/** Until every bot is as it is wanted, or long enough. */
async function settled({ world }: Run): Promise<void> {
  const end = performance.now() + SETTLE_MS
  while (performance.now() < end) {
    const bots = await botsOf(world)
    if (bots.every(({ state, wanted }) => state === wanted)) return
    await sleep(LOOK_MS)
  }
}

async function judge(run: Run): Promise<void> {
  const { world, tally } = run
  await settled(run)
  await caughtUp(world)
  const judging = { client: world.client(), violated: tally.violated, reach: tally.reach }
  const bots = await botsOf(world)
  await judgeStates(judging, bots, strategiesOf(await world.runnerPid()))
  // From here on nothing shall move.
  for (const { id, wanted } of bots) {
    if (wanted === 'running') await answered(() => world.client().pauseBot(id))
  }
  await caughtUp(world)
  for (const bot of bots) {
    await judgeBooks(judging, bot)
    await judgeEnvelope(judging, bot)
  }
}

async function caughtUp(world: World): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const health = await world.client().health()
    if (health.kind === 'done' && health.value.projectorLag === 0) return
    await sleep(LOOK_MS)
  }
}

function optionsOf(args: readonly string[]): Options | null {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args: [...args],
      options: { bots: text, seconds: text, seed: text },
    })
    const options = {
      bots: wholeOf(values.bots ?? '50'),
      seconds: wholeOf(values.seconds ?? '600'),
      seed: wholeOf(values.seed ?? '1'),
    }
    const fits = options.bots >= 1 && options.bots <= BOTS_MAX && options.seconds >= 1
    return fits && Number.isFinite(options.seed) ? options : null
  } catch {
    return null
  }
}

function wholeOf(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
}

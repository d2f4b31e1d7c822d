// Bench of the fleet: so many bots on one machine, what each takes, and how long until all run.
//
// A whole platform with its demo, over its API: every bot is deployed, then the platform is killed
// and started again. Beside both figures stands what this machine can do with as many empty Node
// processes, started as many at a time. Only on a machine that does nothing else do they mean much.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { STARTS_AT_ONCE } from '#platform/fleet/limits.ts'
import { strategiesOf } from '#scripts/campaigns/fleet/processes.ts'
import { BUDGET, LIMITS, SOURCES } from '#scripts/campaigns/fleet/strategies.ts'
import { answered, openWorld, type World } from '#scripts/campaigns/fleet/world.ts'
import { pssMb } from '#scripts/demo/memory.ts'
import { median, round } from '../measure.ts'
import type { BenchResult } from '../result.ts'

type Row = Omit<BenchResult, 'rows'> & { readonly name: string }

export type FleetFigures = {
  readonly bots: number
  /** From the first request to deploy until all run; one after another, each with its compiler. */
  readonly deploySeconds: number
  /** From the start of the platform's process until all run. */
  readonly startSeconds: number
  /** Until the platform answers; the demo's own bots start meanwhile. */
  readonly platformSeconds: number
  /** Of each strategy's process. */
  readonly botMb: readonly number[]
  readonly runnerMb: number
  readonly emptySeconds: number
  readonly emptyMb: readonly number[]
}

const LOOK_MS = 200
const LATEST_MS = 600_000
const SETTLED_MS = 5_000
const FAUCETS = 4

export async function measureFleet(bots: number): Promise<FleetFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-bench-fleet-'))
  chmodSync(folder, 0o711)
  const world = await openWorld(folder, FAUCETS)
  try {
    const deploySeconds = await secondsOf(() => deployAll(world, bots))
    const startSeconds = await secondsOf(async () => {
      await world.restart()
      await allRun(world, bots)
    })
    await sleep(SETTLED_MS)
    const runner = await world.runnerPid()
    const [botMb, runnerMb] = [strategiesOf(runner).map(pssMb), pssMb(runner)]
    const platformSeconds = world.whole().restartMs / 1_000
    await world.close()
    const empty = await measureEmpty(bots)
    return { bots, deploySeconds, startSeconds, platformSeconds, botMb, runnerMb, ...empty }
  } finally {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

export function fleetRows(figures: FleetFigures): Row[] {
  const { bots, botMb, emptyMb, deploySeconds, startSeconds, emptySeconds } = figures
  const [own, peer] = [round(median(botMb), 1), round(median(emptyMb), 1)]
  const [start, least] = [round(startSeconds, 1), round(emptySeconds, 1)]
  const bench = { bench: 'bots', runs: 1 }
  return [
    {
      ...{ ...bench, name: `memory per bot of ${bots}`, unit: 'MB', ours: own },
      ...{ peers: { 'empty Node': peer }, ratios: { 'empty Node': round(own / peer, 2) } },
      extra: {
        ...{ bots, greatestMb: round(Math.max(...botMb), 1), processes: botMb.length },
        runnerMb: round(figures.runnerMb, 1),
        allMb: round(
          botMb.reduce((sum, one) => sum + one, figures.runnerMb),
          0,
        ),
      },
    },
    {
      ...{ ...bench, name: `start of ${bots} bots with their platform`, unit: 's', ours: start },
      ...{ peers: { 'as many empty Nodes': least } },
      ratios: { 'as many empty Nodes': round(start / least, 2) },
      extra: {
        ...{ bots, platformSeconds: round(figures.platformSeconds, 1) },
        deploySeconds: round(deploySeconds, 1),
      },
    },
  ]
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1_000
}

async function deployAll(world: World, bots: number): Promise<void> {
  for (let at = 0; at < bots; at += 1) {
    const bot = { id: `bench-${at}`, source: SOURCES.quotes, limits: LIMITS, params: { bps: 20 } }
    const budget = [{ asset: 'USDC', amount: BUDGET }]
    const told = await answered(() => world.client().deployBot({ ...bot, budget }))
    if (told.kind !== 'done') throw new Error(`not deployed: ${JSON.stringify(told)}`)
  }
  await allRun(world, bots)
}

async function allRun(world: World, bots: number): Promise<void> {
  const end = performance.now() + LATEST_MS
  while (performance.now() < end) {
    const told = await answered(() => world.client().myBots())
    const items = told.kind === 'done' ? told.value.items : []
    if (items.filter(({ state }) => state === 'running').length === bots) return
    await sleep(LOOK_MS)
  }
  throw new Error(`${bots} bots do not all run`)
}

/** As many processes that do nothing, as many at a time as a fleet starts. */
async function measureEmpty(count: number) {
  const children: ChildProcess[] = []
  const work = async () => {
    while (children.length < count) {
      const child = spawn(process.execPath, ['-e', 'console.log(1);setInterval(()=>{},1e9)'])
      children.push(child)
      await once(child.stdout, 'data')
    }
  }
  try {
    const all = Array.from({ length: STARTS_AT_ONCE }, () => work)
    const emptySeconds = await secondsOf(async () => {
      await Promise.all(all.map((one) => one()))
    })
    return { emptySeconds, emptyMb: children.map(({ pid = 0 }) => pssMb(pid)) }
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

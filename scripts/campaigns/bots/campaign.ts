// bots: kills strategies, runner and platform under ten bots, and holds everything to the unit.
//
// npm run campaign -- bots [--steps N] [--kills N] [--seed N] [--wall-kills N]
// First in lockstep: a run with kills must end as the uninterrupted run of the same seed. Then on
// wall time with the runner of the platform itself, held against the venue's own account.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTally, type Tally } from '../kill9/tally.ts'
import type { CampaignResult } from '../result.ts'
import { comparable, differences, judge } from './accounts.ts'
import { type LockstepEnd, runLockstep } from './lockstep.ts'
import { runWall } from './wall.ts'

export type BotsOptions = {
  readonly steps: number
  readonly kills: number
  readonly wallKills: number
  readonly seed: number
}

const TOLD = 10

export async function campaign(args: readonly string[]): Promise<CampaignResult | null> {
  const options = parseOptions(args)
  if (options === null) {
    process.stderr.write('options of bots: --steps N, --kills N, --wall-kills N, --seed N\n')
    return null
  }
  return killBots(options)
}

export async function killBots(options: BotsOptions): Promise<CampaignResult> {
  const { steps, kills, wallKills, seed } = options
  const tally = createTally()
  // A step is a second of the script; the venue refuses what was sent later than its own now.
  const startAt = (Math.floor(Date.now() / 1_000) - steps) * 1_000_000
  const run = async (some: number, told: Tally) => {
    const folder = newFolder()
    try {
      return await runLockstep({ folder, seed, steps, kills: some, startAt, tally: told })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const whole = await run(0, createTally())
  const killed = await run(kills, tally)
  const off = compare(tally, whole, killed)
  const { lost, doubled } = judgeAll(tally, killed)
  const wall = wallKills === 0 ? NO_WALL : await onWallTime(options, tally)
  return {
    ...{ campaign: 'bots', cases: kills + wallKills, seed },
    ...tally.result({
      steps,
      differences: off,
      lost: lost + wall.lost,
      doubled: doubled + wall.doubled,
    }),
  }
}

const NO_WALL = { lost: 0, doubled: 0 }

async function onWallTime({ wallKills, seed }: BotsOptions, tally: Tally) {
  const folder = newFolder()
  try {
    const ends = await runWall({ folder, seed, kills: wallKills, tally })
    return judgeAll(tally, ends, 'wall ')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How many differences there are between the end of a run with kills and of one without. */
function compare(tally: Tally, whole: LockstepEnd, killed: LockstepEnd): number {
  let count = 0
  for (const [at, end] of whole.entries()) {
    const other = killed[at]
    if (other === undefined) throw new Error(`bot ${at} is missing`)
    const off = differences(
      comparable(end.account, end.record),
      comparable(other.account, other.record),
      `bot ${at}`,
    )
    count += off.length
    for (const what of off.slice(0, TOLD)) tally.violated(what)
  }
  return count
}

/** Counts what is lost and doubled. */
function judgeAll(tally: Tally, ends: LockstepEnd, where = '') {
  const counts = { lost: 0, doubled: 0 }
  for (const [at, { account, record }] of ends.entries()) {
    const { lost, doubled } = judge(account, record)
    for (const what of lost) tally.violated(`${where}bot ${at} lost ${what}`)
    for (const what of doubled) tally.violated(`${where}bot ${at} doubled ${what}`)
    counts.lost += lost.length
    counts.doubled += doubled.length
    tally.reach(`${where}orders`, account.orders.length)
    tally.reach(`${where}fills`, account.fills.length)
    tally.reach(`${where}amends`, record.state.state.amends)
  }
  return counts
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-bots-'))
  chmodSync(folder, 0o711)
  return folder
}

function parseOptions(args: readonly string[]): BotsOptions | null {
  const number = { type: 'string' } as const
  const options = { steps: number, kills: number, 'wall-kills': number, seed: number } as const
  try {
    const { values } = parseArgs({ args: [...args], options })
    const read = {
      ...{ steps: Number(values.steps ?? 170), kills: Number(values.kills ?? 36) },
      ...{ wallKills: Number(values['wall-kills'] ?? 30), seed: Number(values.seed ?? 1) },
    }
    return Object.values(read).every((one) => Number.isSafeInteger(one) && one >= 0) ? read : null
  } catch {
    return null
  }
}

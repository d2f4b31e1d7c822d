// campaign -- auditor: the engine against the naive model, by as many processors as there are.
//
//   --seeds N      lists of random commands, each from a seed of its own (20,000)
//   --commands N   commands of a list, besides the opening and the ticks (1,000)
//   --seed N       the first seed (1); with --seeds 1 a list is repeated and shrunken
//
// Both predict every event of every command; states, invariants and INV-10 are compared after every
// fiftieth. What was never met stands in extra.missed; of what must be met it is a violation.

import { countsOf, MUST_REACH, SELDOM_REACHED } from '#test/support/must-reach.ts'
import { countsIn } from '../counts.ts'
import type { Campaign } from '../result.ts'
import { workOff } from '../workers.ts'
import type { Audit, Audited } from './worker.ts'

const GIVEN = { seeds: 20_000, commands: 1_000, seed: 1 }
const USAGE = 'usage: campaign -- auditor [--seeds N] [--commands N] [--seed N]'
const BATCH = 50
/** Below it a run is too short to ask it for everything. */
const WHOLE_SEEDS = 500

type Options = { readonly seeds: number; readonly commands: number; readonly seed: number }

export const campaign: Campaign = async (args) => {
  const options = countsIn(args, GIVEN)
  if (options === null) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const { seeds, commands, seed } = options
  const started = performance.now()
  const total = createTotal(seeds)
  const batches = batchesOf(options)
  const module = new URL('worker.ts', import.meta.url)
  const most = Math.ceil(seeds / BATCH)
  const workers = await workOff<Audit, Audited>({ module, batches, most, add: total.add })
  const seconds = Math.round((performance.now() - started) / 1_000)
  return {
    ...{ campaign: 'auditor', cases: seeds, seed, ...total.result(seeds >= WHOLE_SEEDS) },
    extra: { ...total.extra(), commandsPerSeed: commands, workers, seconds },
  }
}

function* batchesOf({ seeds, commands, seed }: Options): Generator<Audit> {
  for (let done = 0; done < seeds; done += BATCH) {
    yield { from: seed + done, seeds: Math.min(BATCH, seeds - done), commands }
  }
}

function createTotal(cases: number) {
  const seen = new Map<string, number>()
  let [seeds, commands, differences] = [0, 0, 0]
  const missedOf = (names: readonly string[]) => {
    const counts = countsOf(seen)
    return names.filter((name) => !counts.has(name))
  }
  return {
    add(audited: Audited): void {
      for (const [name, count] of audited.seen) seen.set(name, (seen.get(name) ?? 0) + count)
      for (const { seed, text } of audited.differences) {
        process.stderr.write(`difference at --seeds 1 --seed ${seed}\n${text}\n`)
      }
      seeds += audited.seeds
      commands += audited.commands
      differences += audited.differences.length
      const isTold = seeds % (10 * BATCH) < BATCH || seeds === cases
      if (isTold) process.stderr.write(`${seeds} seeds, ${differences} differences\n`)
    },
    result: (isWhole: boolean) => ({
      violations: differences + (isWhole ? missedOf(MUST_REACH).length : 0),
      reached: Object.fromEntries([...countsOf(seen)].sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
    extra: () => {
      const missed = missedOf([...MUST_REACH, ...SELDOM_REACHED]).join(', ')
      return { commands, differences, missed }
    },
  }
}

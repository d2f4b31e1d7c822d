// campaign -- auditor: the engine against the naive model, by as many processors as there are.
//
//   --seeds N      lists of random commands, each from a seed of its own (20,000)
//   --commands N   commands of a list, besides the opening and the ticks (1,000)
//   --seed N       the first seed (1); with --seeds 1 a list is repeated and shrunken
//
// Both predict every event of every command; states, invariants and INV-10 are compared after every
// fiftieth. What was never met stands in extra.missed; of what must be met it is a violation.

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { countsOf, MUST_REACH, SELDOM_REACHED } from '#test/support/must-reach.ts'
import type { Campaign } from '../result.ts'
import type { Audit, Audited } from './worker.ts'

const COUNT = /^[1-9][0-9]{0,8}$/
const USAGE = 'usage: campaign -- auditor [--seeds N] [--commands N] [--seed N]'
const BATCH = 50
/** Below it a run is too short to ask it for everything. */
const WHOLE_SEEDS = 500

type Options = { readonly seeds: number; readonly commands: number; readonly seed: number }

export const campaign: Campaign = async (args) => {
  const options = optionsOf(args)
  if (options === null) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const { seeds, commands, seed } = options
  const started = performance.now()
  const total = createTotal(seeds)
  const batches = batchesOf(options)
  const workers = Math.min(availableParallelism(), Math.ceil(seeds / BATCH))
  await Promise.all(Array.from({ length: workers }, () => drain(batches, total.add)))
  const seconds = Math.round((performance.now() - started) / 1_000)
  return {
    ...{ campaign: 'auditor', cases: seeds, seed, ...total.result(seeds >= WHOLE_SEEDS) },
    extra: { ...total.extra(), commandsPerSeed: commands, workers, seconds },
  }
}

function optionsOf(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const
  const options = { seeds: text, commands: text, seed: text }
  try {
    const {
      seeds = '20000',
      commands = '1000',
      seed = '1',
    } = parseArgs({
      ...{ args: [...args], options },
    }).values
    if (![seeds, commands, seed].every((count) => COUNT.test(count))) return null
    return { seeds: Number(seeds), commands: Number(commands), seed: Number(seed) }
  } catch {
    return null
  }
}

function* batchesOf({ seeds, commands, seed }: Options): Generator<Audit> {
  for (let done = 0; done < seeds; done += BATCH) {
    yield { from: seed + done, seeds: Math.min(BATCH, seeds - done), commands }
  }
}

/** One worker takes batches until none is left. */
async function drain(batches: Iterator<Audit>, add: (audited: Audited) => void): Promise<void> {
  const worker = new Worker(new URL('worker.ts', import.meta.url))
  try {
    for (let next = batches.next(); next.done !== true; next = batches.next()) {
      add(await answerOf(worker, next.value))
    }
  } finally {
    await worker.terminate()
  }
}

function answerOf(worker: Worker, audit: Audit): Promise<Audited> {
  return new Promise((resolve, reject) => {
    worker.once('message', (audited: Audited) => {
      worker.off('error', reject)
      resolve(audited)
    })
    worker.once('error', reject)
    worker.postMessage(audit)
  })
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

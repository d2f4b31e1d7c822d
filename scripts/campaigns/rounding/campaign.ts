// campaign -- rounding: searches for a sequence of tiny orders that gains by rounding.
//
//   --seeds N      markets to attack from --seed on, each with a search of its own (1,000)
//   --steps N      changes that a search tries, keeping what pays more (400)
//   --seconds N    begins no search after so long (600)
//
// What an attack gains is beyond what others gave by their prices and paid as rebates, and beyond
// exact fees: more than nothing is a violation, and so are sums, fees or dust that are off.

import type { Climbed } from '#test/support/rounding/climb.ts'
import { countsIn } from '../counts.ts'
import type { Campaign } from '../result.ts'
import { seedBatches, workOff } from '../workers.ts'

const GIVEN = { seeds: 1_000, steps: 400, seed: 1, seconds: 600 }
const USAGE = 'usage: campaign -- rounding [--seeds N] [--steps N] [--seed N] [--seconds N]'
const BATCH = 5
/** Below it a run is too short to ask it for everything. */
const WHOLE_SEEDS = 50
const MUST_REACH = [
  ...['fill', 'fill of an auction', 'rebate', 'fee in base', 'triggered', 'prevented'],
  ...['reduced', 'refreshed', 'amended', 'exitOpened'],
]

export const campaign: Campaign = async (args) => {
  const options = countsIn(args, GIVEN)
  if (options === null) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const { seeds, steps, seed } = options
  const started = performance.now()
  const total = createTotal()
  const workers = await workOff<object, readonly Climbed[]>({
    module: new URL('worker.ts', import.meta.url),
    batches: withSteps(seedBatches({ ...options, batch: BATCH }), steps),
    most: Math.ceil(seeds / BATCH),
    add: total.add,
  })
  const seconds = Math.round((performance.now() - started) / 1_000)
  const { cases, extra, ...result } = total.result()
  return {
    ...{ campaign: 'rounding', cases, seed, ...result },
    extra: { ...extra, stepsPerSeed: steps, workers, seconds },
  }
}

function* withSteps(batches: Iterable<object>, steps: number): Generator<object> {
  for (const batch of batches) yield { ...batch, steps }
}

function createTotal() {
  const reached = new Map<string, number>()
  let [seeds, attacks, improved, violations] = [0, 0, 0, 0]
  let [bestProfit, bestExcess] = [-Infinity, -Infinity]
  const missed = () => {
    return seeds < WHOLE_SEEDS ? [] : MUST_REACH.filter((name) => !reached.has(name))
  }
  return {
    add(climbs: readonly Climbed[]): void {
      for (const climbed of climbs) {
        seeds += 1
        attacks += climbed.attacks
        improved += climbed.improved
        violations += climbed.violations.length
        bestProfit = Math.max(bestProfit, climbed.bestProfit)
        bestExcess = Math.max(bestExcess, climbed.bestExcess)
        for (const told of climbed.violations) process.stderr.write(`${told}\n`)
        for (const [name, count] of climbed.reached) {
          reached.set(name, (reached.get(name) ?? 0) + count)
        }
        if (seeds % 100 === 0) process.stderr.write(`${seeds} seeds, best ${bestProfit}\n`)
      }
    },
    result: () => ({
      cases: attacks,
      violations: violations + missed().length,
      reached: Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1))),
      extra: { seeds, improved, bestProfit, bestExcess, missed: missed().join(', ') },
    }),
  }
}

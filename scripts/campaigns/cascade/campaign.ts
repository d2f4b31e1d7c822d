// campaign -- cascade: giant market sales into books full of stops, as on GDAX in 2017.
//
//   --seeds N      crashes from --seed on, each with rules, bids and stops of its own (1,000)
//   --stops N      the most stops of one; there are 800 at least (10,000)
//   --seconds N    begins no crash after so long (600)
//
// A fill beyond a collar or the band, a command that fires too many triggers, a halt that does not
// end by an auction, a stop that is lost or money that does not add up is a violation.

import { countsIn } from '../counts.ts'
import type { Campaign } from '../result.ts'
import { seedBatches, workOff } from '../workers.ts'
import type { Crashed } from './worker.ts'

const GIVEN = { seeds: 1_000, stops: 10_000, seed: 1, seconds: 600 }
const USAGE = 'usage: campaign -- cascade [--seeds N] [--stops N] [--seed N] [--seconds N]'
const BATCH = 5
/** Below it a run is too short to ask it for everything. */
const WHOLE_SEEDS = 50
const MUST_REACH = [
  ...['triggered', 'fills', 'fills of auctions', 'halted by band', 'auction by band'],
  ...['auction by schedule', 'continuous by uncross', 'cancelled: order.collar'],
  ...['cancelled: market.halted', 'fills of market orders'],
]

export const campaign: Campaign = async (args) => {
  const options = countsIn(args, GIVEN)
  if (options === null) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const { seeds, stops, seed } = options
  const started = performance.now()
  const total = createTotal()
  const workers = await workOff<object, readonly Crashed[]>({
    module: new URL('worker.ts', import.meta.url),
    batches: withStops(seedBatches({ ...options, batch: BATCH }), stops),
    most: Math.ceil(seeds / BATCH),
    add: total.add,
  })
  const seconds = Math.round((performance.now() - started) / 1_000)
  const { extra, ...result } = total.result()
  return {
    ...{ campaign: 'cascade', seed, ...result },
    extra: { ...extra, workers, seconds },
  }
}

function* withStops(batches: Iterable<object>, stops: number): Generator<object> {
  for (const batch of batches) yield { ...batch, stops }
}

function createTotal() {
  const reached = new Map<string, number>()
  let [cases, violations, commands, stops, lowest] = [0, 0, 0, 0, 1]
  const missed = () => {
    return cases < WHOLE_SEEDS ? [] : MUST_REACH.filter((name) => !reached.has(name))
  }
  return {
    add(crashes: readonly Crashed[]): void {
      for (const crash of crashes) {
        cases += 1
        stops += crash.stops
        if (crash.cascade === null) {
          violations += 1
          process.stderr.write(`seed ${crash.seed}, ${crash.stops} stops: ${crash.told}\n`)
          continue
        }
        commands += crash.cascade.commands
        lowest = Math.min(lowest, crash.cascade.lowest)
        for (const [name, count] of crash.cascade.counts) {
          reached.set(name, (reached.get(name) ?? 0) + count)
        }
      }
      if (cases % 100 === 0) process.stderr.write(`${cases} crashes, ${violations} violations\n`)
    },
    result: () => ({
      cases,
      violations: violations + missed().length,
      reached: Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1))),
      extra: { commands, stops, lowest, missed: missed().join(', ') },
    }),
  }
}

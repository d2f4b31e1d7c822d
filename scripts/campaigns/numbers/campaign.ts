// campaign -- numbers: numbers about limits and powers of two, on engine and naive model alike.
//
//   --seeds N      lists of commands from --seed on, each on an exchange of its own (5,000)
//   --commands N   commands of a list, besides the opening and the ticks (100)
//   --texts N      texts of decimals read twice beside each list (1,000)
//   --seconds N    begins no list after so long (600)
//
// An event, state or text that both do not see alike, or a number that is not exact: a violation.

import { countsIn } from '../counts.ts'
import type { Campaign } from '../result.ts'
import { seedBatches, workOff } from '../workers.ts'
import type { Tried } from './worker.ts'

const GIVEN = { seeds: 5_000, commands: 100, texts: 1_000, seed: 1, seconds: 600 }
const USAGE =
  'usage: campaign -- numbers [--seeds N] [--commands N] [--texts N] [--seed N] [--seconds N]'
const BATCH = 20
/** Below it a run is too short to ask it for everything. */
const WHOLE_SEEDS = 200
const MUST_REACH = [
  ...['no record', 'fill', 'place: done', 'amend: done', 'order.too_large', 'funds.insufficient'],
  ...['order.price_out_of_band', 'capacity.exhausted', 'market.invalid', 'request.malformed'],
  ...['text read', 'text malformed', 'text too_precise', 'text too_large'],
]

export const campaign: Campaign = async (args) => {
  const options = countsIn(args, GIVEN)
  if (options === null) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const { seeds, commands, texts, seed } = options
  const started = performance.now()
  const total = createTotal()
  const workers = await workOff<object, Tried>({
    module: new URL('worker.ts', import.meta.url),
    batches: withCounts(seedBatches({ ...options, batch: BATCH }), { commands, texts }),
    most: Math.ceil(seeds / BATCH),
    add: total.add,
  })
  const seconds = Math.round((performance.now() - started) / 1_000)
  const { extra, ...result } = total.result()
  return {
    ...{ campaign: 'numbers', seed, ...result },
    extra: { ...extra, commandsPerSeed: commands, workers, seconds },
  }
}

function* withCounts(batches: Iterable<object>, counts: object): Generator<object> {
  for (const batch of batches) yield { ...batch, ...counts }
}

function createTotal() {
  const reached = new Map<string, number>()
  let [cases, commands, texts, differences] = [0, 0, 0, 0]
  const missed = () => {
    return cases < WHOLE_SEEDS ? [] : MUST_REACH.filter((name) => !reached.has(name))
  }
  return {
    add(tried: Tried): void {
      cases += tried.seeds
      commands += tried.commands
      texts += tried.texts
      differences += tried.differences.length
      for (const told of tried.differences) process.stderr.write(`${told}\n`)
      for (const [name, count] of tried.reached) reached.set(name, (reached.get(name) ?? 0) + count)
      if (cases % 200 === 0) process.stderr.write(`${cases} seeds, ${differences} differences\n`)
    },
    result: () => ({
      cases,
      violations: differences + missed().length,
      reached: Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1))),
      extra: { commands, texts, differences, missed: missed().join(', ') },
    }),
  }
}

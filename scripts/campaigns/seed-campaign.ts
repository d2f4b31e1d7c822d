// Seed campaign: carries out seeds in batches, by workers, and adds up what these tell.
//
// Every campaign of this kind takes --seeds, --seed and --seconds, and numbers of its own, which
// its workers get beside their seeds. What it must reach and never met is a violation, unless the
// run was too short to ask it for everything.

import { countsIn } from './counts.ts'
import type { Campaign } from './result.ts'
import { seedBatches, workOff } from './workers.ts'

/** Of every such campaign, and of one its own. */
type Options<Own extends string> = Readonly<Record<'seeds' | 'seed' | 'seconds' | Own, number>>

type SeedCampaign<Own extends string, Answer> = {
  readonly name: string
  /** Every option and what it is when not given. */
  readonly given: Options<Own>
  /** Seeds of one batch. */
  readonly batch: number
  /** The module that answers a batch: { from, seeds } and the options. */
  readonly worker: URL
  readonly mustReach: readonly string[]
  /** Of fewer seeds not everything is asked. */
  readonly wholeSeeds: number
  readonly createTotal: (options: NoInfer<Options<Own>>) => Total<Answer>
}

export type Total<Answer> = {
  /** Adds an answer; `note` counts what it reached. */
  readonly add: (
    answer: Answer,
    note: (counts: Iterable<readonly [string, number]>) => void,
  ) => void
  readonly result: () => {
    readonly seeds: number
    readonly cases: number
    readonly violations: number
    readonly extra: Readonly<Record<string, number | string>>
  }
}

export function seedCampaign<Own extends string, Answer>(
  order: SeedCampaign<Own, Answer>,
): Campaign {
  const { name, given, batch, worker: module, mustReach, wholeSeeds, createTotal } = order
  return async (args) => {
    const options = countsIn(args, given)
    if (options === null) {
      const usage = Object.keys(given).map((option) => ` [--${option} N]`)
      process.stderr.write(`usage: campaign -- ${name}${usage.join('')}\n`)
      return null
    }
    const started = performance.now()
    const total = createTotal(options)
    const reached = new Map<string, number>()
    const note = (counts: Iterable<readonly [string, number]>): void => {
      for (const [what, count] of counts) reached.set(what, (reached.get(what) ?? 0) + count)
    }
    const workers = await workOff<object, Answer>({
      ...{ module, batches: batchesOf(options, batch), most: Math.ceil(options.seeds / batch) },
      add: (answer) => total.add(answer, note),
    })
    const { seeds, cases, violations, extra } = total.result()
    const missed = seeds < wholeSeeds ? [] : mustReach.filter((what) => !reached.has(what))
    const seconds = Math.round((performance.now() - started) / 1_000)
    return {
      ...{ campaign: name, seed: options.seed, cases, violations: violations + missed.length },
      reached: Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1))),
      extra: { ...extra, missed: missed.join(', '), workers, seconds },
    }
  }
}

function* batchesOf(options: Options<never>, batch: number): Generator<object> {
  for (const seeds of seedBatches({ ...options, batch })) yield { ...options, ...seeds }
}

// campaign -- rounding: searches for a sequence of tiny orders that gains by rounding.
//
//   --seeds N      markets to attack from --seed on, each with a search of its own (1,000)
//   --steps N      changes that a search tries, keeping what pays more (400)
//   --seconds N    begins no search after so long (600)
//
// What an attack gains is beyond what others gave by their prices and paid as rebates, and beyond
// exact fees: more than nothing is a violation, and so are sums, fees or dust that are off.

import type { Climbed } from '#test/support/rounding/climb.ts'
import { seedCampaign, type Total } from '../seed-campaign.ts'

export const campaign = seedCampaign({
  name: 'rounding',
  given: { seeds: 1_000, steps: 400, seed: 1, seconds: 600 },
  batch: 5,
  worker: new URL('worker.ts', import.meta.url),
  wholeSeeds: 50,
  mustReach: [
    ...['fill', 'fill of an auction', 'rebate', 'fee in base', 'triggered', 'prevented'],
    ...['reduced', 'refreshed', 'amended', 'exitOpened'],
  ],
  createTotal,
})

function createTotal({ steps }: { readonly steps: number }): Total<readonly Climbed[]> {
  let [seeds, cases, improved, violations] = [0, 0, 0, 0]
  let [bestProfit, bestExcess] = [-Infinity, -Infinity]
  return {
    add(climbs, note) {
      for (const climbed of climbs) {
        seeds += 1
        cases += climbed.attacks
        improved += climbed.improved
        violations += climbed.violations.length
        bestProfit = Math.max(bestProfit, climbed.bestProfit)
        bestExcess = Math.max(bestExcess, climbed.bestExcess)
        for (const told of climbed.violations) process.stderr.write(`${told}\n`)
        note(climbed.reached)
        if (seeds % 100 === 0) process.stderr.write(`${seeds} seeds, best ${bestProfit}\n`)
      }
    },
    result: () => {
      const extra = { seeds, stepsPerSeed: steps, improved, bestProfit, bestExcess }
      return { seeds, cases, violations, extra }
    },
  }
}

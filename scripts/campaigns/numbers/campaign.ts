// campaign -- numbers: numbers about limits and powers of two, on engine and naive model alike.
//
//   --seeds N      lists of commands from --seed on, each on an exchange of its own (5,000)
//   --commands N   commands of a list, besides the opening and the ticks (100)
//   --texts N      texts of decimals read twice beside each list (1,000)
//   --seconds N    begins no list after so long (600)
//
// An event, state or text that both do not see alike, or a number that is not exact: a violation.

import { seedCampaign, type Total } from '../seed-campaign.ts'
import type { Tried } from './worker.ts'

export const campaign = seedCampaign({
  name: 'numbers',
  given: { seeds: 5_000, commands: 100, texts: 1_000, seed: 1, seconds: 600 },
  batch: 20,
  worker: new URL('worker.ts', import.meta.url),
  wholeSeeds: 200,
  mustReach: [
    ...['no record', 'fill', 'place: done', 'amend: done', 'order.too_large'],
    ...['funds.insufficient', 'order.price_out_of_band', 'capacity.exhausted', 'market.invalid'],
    ...['request.malformed', 'text read', 'text malformed', 'text too_precise', 'text too_large'],
  ],
  createTotal,
})

function createTotal(options: { readonly commands: number }): Total<Tried> {
  let [seeds, commands, texts, differences] = [0, 0, 0, 0]
  return {
    add(tried, note) {
      seeds += tried.seeds
      commands += tried.commands
      texts += tried.texts
      differences += tried.differences.length
      for (const told of tried.differences) process.stderr.write(`${told}\n`)
      note(tried.reached)
      if (seeds % 200 === 0) process.stderr.write(`${seeds} seeds, ${differences} differences\n`)
    },
    result: () => {
      const extra = { commands, texts, differences, commandsPerSeed: options.commands }
      return { seeds, cases: seeds, violations: differences, extra }
    },
  }
}

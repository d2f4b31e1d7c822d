// campaign -- cascade: giant market sales into books full of stops, as on GDAX in 2017.
//
//   --seeds N      crashes from --seed on, each with rules, bids and stops of its own (1,000)
//   --stops N      the most stops of one; there are 800 at least (10,000)
//   --seconds N    begins no crash after so long (600)
//
// A fill beyond a collar or the band, a command that fires too many triggers, a halt that does not
// end by an auction, a stop that is lost or money that does not add up is a violation.

import { seedCampaign, type Total } from '../seed-campaign.ts'
import type { Crashed } from './worker.ts'

export const campaign = seedCampaign({
  name: 'cascade',
  given: { seeds: 1_000, stops: 10_000, seed: 1, seconds: 600 },
  batch: 5,
  worker: new URL('worker.ts', import.meta.url),
  wholeSeeds: 50,
  mustReach: [
    ...['triggered', 'fills', 'fills of auctions', 'halted by band', 'auction by band'],
    ...['auction by schedule', 'continuous by uncross', 'cancelled: order.collar'],
    ...['cancelled: market.halted', 'fills of market orders'],
  ],
  createTotal,
})

function createTotal(): Total<readonly Crashed[]> {
  let [seeds, violations, commands, stops, lowest] = [0, 0, 0, 0, 1]
  return {
    add(crashes, note) {
      for (const crash of crashes) {
        seeds += 1
        stops += crash.stops
        if (crash.cascade === null) {
          violations += 1
          process.stderr.write(`seed ${crash.seed}, ${crash.stops} stops: ${crash.told}\n`)
          continue
        }
        commands += crash.cascade.commands
        lowest = Math.min(lowest, crash.cascade.lowest)
        note(crash.cascade.counts)
      }
      if (seeds % 100 === 0) process.stderr.write(`${seeds} crashes, ${violations} violations\n`)
    },
    result: () => ({ seeds, cases: seeds, violations, extra: { commands, stops, lowest } }),
  }
}

// campaign -- chain: real contracts on chains of our own, against what we compute and promise.
//
//   --quotes N   quotes compared with QuoterV2 and the V2 router (20,000)
//   --seed N     repeats what was chosen

import { parseArgs } from 'node:util'
import type { Campaign } from '../result.ts'
import { compareQuotes } from './quotes.ts'

const COUNT = /^[1-9][0-9]{0,8}$/
const USAGE = 'usage: campaign -- chain [--quotes N] [--seed N]'

export const campaign: Campaign = async (args) => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    ...{ args: [...args], strict: false },
    options: { quotes: text, seed: text },
  })
  const { quotes = '20000', seed = '1' } = values
  if (![quotes, seed].map(String).every((count) => COUNT.test(count))) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const seeded = { seed: Number(seed) }
  const onDifference = (difference: string) => process.stderr.write(`${difference}\n`)
  const parts = {
    quotes: await compareQuotes({ cases: Number(quotes), positions: 60, ...seeded, onDifference }),
  }
  const all = Object.entries(parts)
  const reached = all.flatMap(([part, one]) =>
    Object.entries(one.reached).map(([what, count]) => [`${part}: ${what}`, count] as const),
  )
  return {
    campaign: 'chain',
    cases: all.reduce((sum, [, one]) => sum + one.cases, 0),
    violations: all.reduce((sum, [, one]) => sum + one.violations, 0),
    reached: Object.fromEntries(reached),
    extra: Object.fromEntries(all.map(([part, one]) => [part, one.cases])),
    ...seeded,
  }
}

// campaign -- chain: our sender, our swaps and our quotes against real contracts on real chains.
//
//   --runs N         of reorganisations, nonces, drops and replacements each, against anvil (500)
//   --sandwiches N   swaps of ours that somebody squeezes in (200)
//   --weird N        swaps of tokens that misbehave (500)
//   --quotes N       quotes compared with QuoterV2 and the V2 router (20,000)
//   --seed N         repeats what was chosen

import { parseArgs } from 'node:util'
import type { Campaign } from '../result.ts'
import type { PartTally } from './part-tally.ts'
import { compareQuotes } from './quotes.ts'
import { campaignSandwiches } from './sandwiches.ts'
import { campaignSending, SENDING_PARTS } from './sending.ts'
import { campaignWeirdTokens } from './weird-tokens.ts'

const COUNT = /^[1-9][0-9]{0,8}$/
const USAGE =
  'usage: campaign -- chain [--runs N] [--sandwiches N] [--weird N] [--quotes N] [--seed N]'
const POSITIONS = 60
const TELL_EVERY = 50

export const campaign: Campaign = async (args) => {
  const counts = readCounts(args)
  if (counts === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const { quotes, seed } = counts
  const sending = await runSendings(counts)
  const swaps = await runSwaps(counts)
  const compared = { positions: POSITIONS, seed, onDifference: say }
  const parts = {
    ...sending,
    ...swaps,
    quotes: await compareQuotes({ cases: quotes, ...compared }),
  }
  const tallies = Object.values(parts)
  const sum = (of: (tally: PartTally) => number) => tallies.reduce((all, one) => all + of(one), 0)
  const wrong = (what: string) => sum((one) => one.wrong?.[what] ?? 0)
  const reached = Object.entries(parts).flatMap(([part, one]) =>
    Object.entries(one.reached).map(([what, count]) => [`${part}: ${what}`, count] as const),
  )
  return {
    campaign: 'chain',
    cases: sum(({ cases }) => cases),
    violations: sum(({ violations }) => violations),
    reached: Object.fromEntries(reached),
    extra: {
      ...Object.fromEntries(Object.entries(parts).map(([part, { cases }]) => [part, cases])),
      minedTwice: wrong('mined twice'),
      nonceGapsLeft: wrong('nonce gaps'),
      answersUnlikeTheChain: wrong('answers unlike the chain'),
      lossesBeyondTheTolerance: parts.sandwiches.violations + parts.weird.violations,
      differencesOfQuotes: parts.quotes.violations,
    },
    seed,
  }
}

function readCounts(args: readonly string[]) {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    ...{ args: [...args], strict: false },
    options: { runs: text, sandwiches: text, weird: text, quotes: text, seed: text },
  })
  const { runs = '500', sandwiches = '200', weird = '500', quotes = '20000', seed = '1' } = values
  const all = { runs, sandwiches, weird, quotes, seed }
  if (!Object.values(all).every((count) => COUNT.test(String(count)))) return undefined
  const numbers = { runs: Number(runs), sandwiches: Number(sandwiches), weird: Number(weird) }
  return { ...numbers, quotes: Number(quotes), seed: Number(seed) }
}

type Counts = NonNullable<ReturnType<typeof readCounts>>

/** All four at once: each waits most of its time. */
async function runSendings({ runs, seed }: Counts): Promise<Record<string, PartTally>> {
  const rows = SENDING_PARTS.map(async (part) => {
    const onRun = (done: number) => {
      if (done % TELL_EVERY === 0) say(`${part}: ${done} of ${runs}`)
    }
    return [part, await campaignSending({ part, runs, seed, onWrong: say, onRun })] as const
  })
  return Object.fromEntries(await Promise.all(rows))
}

async function runSwaps({ sandwiches, weird, seed }: Counts) {
  const [squeezed, traded] = await Promise.all([
    campaignSandwiches({ cases: sandwiches, seed, onWrong: say }),
    campaignWeirdTokens({ cases: weird, seed, onWrong: say }),
  ])
  say(`${sandwiches} sandwiches and ${weird} swaps of weird tokens`)
  return { sandwiches: squeezed, weird: traded }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

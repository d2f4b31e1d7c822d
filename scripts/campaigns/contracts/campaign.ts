// campaign -- contracts: the Solidity tests with far more runs than npm test has time for.
//
//   --runs N        random inputs of each fuzz test (10,000; four sandwiches an input)
//   --sequences N   sequences of calls of each invariant (10,000)
//   --depth N       calls in a sequence (256)
//   --seed N        repeats what was chosen

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Campaign } from '../result.ts'
import type { ContractsTold } from './child.ts'

const COUNT = /^[1-9][0-9]{0,8}$/
const USAGE = 'usage: campaign -- contracts [--runs N] [--sequences N] [--depth N] [--seed N]'
const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

export const campaign: Campaign = async (args) => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    ...{ args: [...args], strict: false },
    options: { runs: text, sequences: text, depth: text, seed: text },
  })
  const { runs = '10000', sequences = '10000', depth = '256', seed = '1' } = values
  const counts = [runs, sequences, depth, seed].map(String)
  if (!counts.every((count) => COUNT.test(count))) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const { inputs, calls, passed, failed } = await runTests(counts)
  return {
    campaign: 'contracts',
    cases: inputs + calls,
    // A run that told nothing has not shown anything either.
    violations: failed + (passed === 0 ? 1 : 0),
    reached: { 'random inputs': inputs, 'calls of sequences': calls, 'tests that passed': passed },
    extra: { runs: Number(runs), sequences: Number(sequences), depth: Number(depth) },
    seed: Number(seed),
  }
}

/** Hardhat's own words go to stderr: stdout is for the result. */
async function runTests(counts: readonly string[]): Promise<ContractsTold> {
  const child = fork(CHILD, [...counts], { stdio: ['ignore', 2, 2, 'ipc'] })
  let told: ContractsTold = { inputs: 0, calls: 0, passed: 0, failed: 1 }
  // By child.ts, which exports the type.
  child.on('message', (message) => (told = message as ContractsTold))
  await new Promise((resolve) => child.on('close', resolve))
  return told
}

// Runs the Solidity tests of contracts/ with Hardhat and tells the parent process the counts.
//
// Its own process, because Hardhat prints as it goes and changes the environment it runs in. They
// run with every line counted (--coverage, which the configuration reads too), so that a line of
// contracts/ that no test runs is told as well.

import { readFileSync } from 'node:fs'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../../hardhat.config.ts'
import type { SoliditySummary } from './solidity.ts'

type Suites = {
  readonly suiteResults: readonly { readonly testResults: readonly { readonly status: string }[] }[]
}
type TaskResult = { readonly value?: Suites; readonly error?: Suites }

const root = process.cwd()
const hre = await createHardhatRuntimeEnvironment(config, { coverage: true }, root)
const result: TaskResult = await hre.tasks.getTask(['test', 'solidity']).run({})
const suites = (result.value ?? result.error)?.suiteResults ?? []
const tests = suites.flatMap(({ testResults }) => testResults)
const count = (wanted: string) => tests.filter(({ status }) => status === wanted).length

/** 'contracts/A.sol:12' for each line that was compiled and never run. */
function unrunLines(): string[] {
  let file = ''
  return readFileSync('coverage/lcov.info', 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('SF:')) file = line.slice(3)
      const [, at] = /^DA:(\d+),0$/.exec(line) ?? []
      return at === undefined ? [] : [`${file}:${at}`]
    })
}

const summary: SoliditySummary = {
  ...{ passed: count('Success'), failed: count('Failure'), skipped: count('Skipped') },
  unrun: unrunLines(),
}
process.send?.(summary)
process.disconnect()

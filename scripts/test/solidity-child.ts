// Runs the Solidity tests of contracts/ with Hardhat and tells the parent process the counts.
//
// Its own process, because Hardhat prints as it goes and changes the environment it runs in.

import hre from 'hardhat'

type Suites = {
  readonly suiteResults: readonly { readonly testResults: readonly { readonly status: string }[] }[]
}
type TaskResult = { readonly value?: Suites; readonly error?: Suites }

const result: TaskResult = await hre.tasks.getTask(['test', 'solidity']).run({})
const suites = (result.value ?? result.error)?.suiteResults ?? []
const tests = suites.flatMap(({ testResults }) => testResults)
const count = (wanted: string) => tests.filter(({ status }) => status === wanted).length

process.send?.({ passed: count('Success'), failed: count('Failure'), skipped: count('Skipped') })
process.disconnect()

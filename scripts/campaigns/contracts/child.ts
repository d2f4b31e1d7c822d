// Runs the Solidity tests with given counts and tells the campaign what they came to.
//
// Its own process, because Hardhat prints as it goes and changes the environment it runs in.

import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../../../hardhat.config.ts'

export type ContractsTold = {
  /** Of fuzz tests, and of calls in the sequences of invariants. */
  readonly inputs: number
  readonly calls: number
  readonly passed: number
  readonly failed: number
}

/** What Hardhat tells of a test, as far as it is counted here. */
type Test = {
  readonly status: string
  readonly kind: { readonly runs?: bigint; readonly calls?: bigint }
}
type Suites = { readonly suiteResults: readonly { readonly testResults: readonly Test[] }[] }
type TaskResult = { readonly value?: Suites; readonly error?: Suites }

const [runs = 0, sequences = 0, depth = 0, seed = 0] = process.argv.slice(2).map(Number)
const given = config.test?.solidity
const solidity = {
  ...given,
  fuzz: { runs, seed: `0x${seed.toString(16)}` },
  invariant: { runs: sequences, depth, failOnRevert: true },
}
const scaled = { ...config, test: { ...config.test, solidity } }
const hre = await createHardhatRuntimeEnvironment(scaled, {}, process.cwd())
const result: TaskResult = await hre.tasks.getTask(['test', 'solidity']).run({})
const suites = (result.value ?? result.error)?.suiteResults ?? []
const tests = suites.flatMap(({ testResults }) => testResults)
const sum = (counts: readonly (bigint | undefined)[]) =>
  counts.reduce((all: number, count) => all + Number(count ?? 0n), 0)

const told: ContractsTold = {
  inputs: sum(tests.map(({ kind }) => (kind.calls === undefined ? kind.runs : 0n))),
  calls: sum(tests.map(({ kind }) => kind.calls)),
  passed: tests.filter(({ status }) => status === 'Success').length,
  failed: tests.filter(({ status }) => status === 'Failure').length,
}
process.send?.(told)
process.disconnect()

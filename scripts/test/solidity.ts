// The Solidity tests as one part of the test run; the counts are Hardhat's own.
//
// One more is counted: that every line of contracts/ was run by some test.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Tally } from '#scripts/test/tally.ts'

const TIMEOUT_MS = 600_000

export type SoliditySummary = {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Lines of contracts/ that no test ran. */
  readonly unrun: readonly string[]
}

export async function runSolidityTests(): Promise<Tally> {
  const start = performance.now()
  const child = fork(fileURLToPath(new URL('solidity-child.ts', import.meta.url)), ['--coverage'], {
    silent: true,
    timeout: TIMEOUT_MS,
    env: { ...process.env, CI: 'true' },
  })
  let output = ''
  let summary: SoliditySummary | undefined
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  // By solidity-child.ts, which imports the type.
  child.on('message', (message) => (summary = message as SoliditySummary))
  await new Promise((resolve) => child.on('close', resolve))
  const { passed, failed, skipped, unrun } = summary ?? NOTHING
  const isWhole = unrun.length === 0 && passed > 0
  return {
    name: 'Solidity',
    passed: passed + (isWhole ? 1 : 0),
    failed: failed + (isWhole ? 0 : 1),
    skipped: Array.from({ length: skipped }, () => 'a Solidity test: it says so itself'),
    seconds: (performance.now() - start) / 1000,
    output: isWhole ? output : `${output}\nNo test runs:\n${unrun.join('\n')}`,
  }
}

const NOTHING: SoliditySummary = { passed: 0, failed: 1, skipped: 0, unrun: [] }

// The Solidity tests as one part of the test run; the counts are Hardhat's own.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Tally } from '#scripts/test/tally.ts'

const TIMEOUT_MS = 300_000

type Summary = { readonly passed: number; readonly failed: number; readonly skipped: number }

export async function runSolidityTests(): Promise<Tally> {
  const start = performance.now()
  const child = fork(fileURLToPath(new URL('solidity-child.ts', import.meta.url)), {
    silent: true,
    timeout: TIMEOUT_MS,
    env: { ...process.env, CI: 'true' },
  })
  let output = ''
  let summary: Summary | undefined
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  child.on('message', (message) => (summary = message as Summary)) // sent by solidity-child.ts
  await new Promise((resolve) => child.on('close', resolve))
  const { passed, failed, skipped } = summary ?? { passed: 0, failed: 1, skipped: 0 }
  return {
    name: 'Solidity',
    passed,
    failed: passed + failed === 0 ? 1 : failed,
    skipped: Array.from({ length: skipped }, () => 'a Solidity test: it says so itself'),
    seconds: (performance.now() - start) / 1000,
    output,
  }
}

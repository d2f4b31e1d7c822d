// The checks of npm run check: types, format and lint, contracts, import rules, unused code, house
// rules.
//
// Each is a command of its own that prints what is wrong and ends with 0 or 1. What they print is
// shown only when they fail. typescript-7 checks types; the import rules need typescript 6.

import { execFile } from 'node:child_process'

export type Check = { readonly name: string; readonly command: readonly string[] }

export type CheckResult = {
  readonly name: string
  readonly ok: boolean
  readonly seconds: number
  readonly output: string
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024
/** On two processors several checkers take twice the work to be done no sooner. */
const tsc = ['node_modules/typescript-7/bin/tsc', '--singleThreaded', '--noEmit']

const solhint = ['node_modules/solhint/solhint.js', '--max-warnings', '0', '--disc', '--noPoster']
const SOLIDITY = '{contracts,test}/**/*.sol'

export const CHECKS: readonly Check[] = [
  { name: 'types', command: tsc },
  { name: 'types of the core', command: [...tsc, '-p', 'platform/engine/core'] },
  { name: 'types of the page', command: [...tsc, '-p', 'platform/web'] },
  { name: "types of the page's tests", command: [...tsc, '-p', 'test/web'] },
  {
    name: 'format and lint',
    command: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  },
  {
    name: 'format of the contracts',
    command: ['node_modules/prettier/bin/prettier.cjs', '--check', SOLIDITY],
  },
  { name: 'lint of the contracts', command: [...solhint, 'contracts/**/*.sol'] },
  {
    name: "lint of the contracts' tests",
    command: [...solhint, '-c', 'test/contracts/.solhint.json', 'test/**/*.sol'],
  },
  { name: 'imports', command: ['scripts/check/imports.ts'] },
  {
    name: 'unused code',
    command: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'],
  },
]

/** The house rules; a test file, so npm test counts its tests one by one. */
export const TIDY: Check = { name: 'tidy', command: ['--test', 'test/tidy.test.ts'] }

/** Runs one check in the clone; never throws for a check that fails. */
export function runCheck({ name, command }: Check): Promise<CheckResult> {
  const start = performance.now()
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      command,
      { env, maxBuffer: OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        const seconds = (performance.now() - start) / 1000
        resolve({ name, ok: error === null, seconds, output: (stdout + stderr).trimEnd() })
      },
    )
  })
}

/** One line a check, and under it what it found when it failed. */
export function checkReport({ name, ok, seconds, output }: CheckResult): string {
  const line = `${ok ? 'ok' : 'FAILED'} ${seconds.toFixed(1)} s  ${name}`
  return ok ? line : `${line}\n${output.replaceAll(/^/gm, '    ')}`
}

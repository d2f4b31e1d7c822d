// npm test: the checks, the Solidity tests, every test/**/*.test.ts in a process of its own.
//
// npm test [-- PART_OF_A_PATH ...]     with parts: only the test files whose path contains one
// Three files run at a time, for many of them wait; those named *.alone.test.ts run afterwards, one
// by one. The last line is "N passed, N failed"; CROSSBOOK_FORBID_SKIP=1 makes a skipped test a
// failed one.

import { globSync } from 'node:fs'
import { CHECKS, runCheck } from '#scripts/check/checks.ts'
import { browserPath } from '#scripts/test/browser-path.ts'
import { inPool } from '#scripts/test/pool.ts'
import { runSolidityTests } from '#scripts/test/solidity.ts'
import { type Tally, tallyReport, totalLine, withoutSkips } from '#scripts/test/tally.ts'
import { runTestFile } from '#scripts/test/test-file.ts'

const AT_A_TIME = 3
const parts = process.argv.slice(2)
const skipsForbidden = process.env.CROSSBOOK_FORBID_SKIP === '1'

const wanted = (file: string) => parts.length === 0 || parts.some((part) => file.includes(part))
const isAlone = (file: string) => file.endsWith('.alone.test.ts')
const files = globSync('test/**/*.test.ts').filter(wanted).sort()
const hasSolidity = globSync('{contracts,test}/**/*.t.sol').some(wanted)

type Part = () => Promise<Tally>
const checks = parts.length === 0 ? CHECKS : []
const together: Part[] = [
  ...checks.map((check) => async () => {
    const { name, ok, seconds, output } = await runCheck(check)
    return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], seconds, output }
  }),
  ...(hasSolidity ? [runSolidityTests] : []),
  ...files.filter((file) => !isAlone(file)).map((file) => () => runTestFile(file)),
]
const alone: Part[] = files.filter(isAlone).map((file) => () => runTestFile(file))

async function told(part: Part): Promise<Tally> {
  const tally = await part()
  const judged = skipsForbidden ? withoutSkips(tally) : tally
  console.log(tallyReport(judged))
  return judged
}

/** Before several files want it; what its package does to the environment is not for all. */
async function unpackBrowser(): Promise<void> {
  const before = { ...process.env }
  await browserPath()
  process.env = before
}

if (files.some((file) => file.startsWith('test/e2e/'))) await unpackBrowser()
const tallies = [
  ...(await inPool(together, { atATime: AT_A_TIME, work: told })),
  ...(await inPool(alone, { atATime: 1, work: told })),
]
if (tallies.length === 0) console.log(`no test file has ${parts.join(' or ')} in its path`)
for (const { name, failed } of tallies) if (failed > 0) console.log(`FAILED  ${name}`)
for (const { skipped } of tallies) for (const reason of skipped) console.log(`SKIPPED ${reason}`)
console.log(totalLine(tallies))
process.exit(tallies.length > 0 && tallies.every(({ failed }) => failed === 0) ? 0 : 1)

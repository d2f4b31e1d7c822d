// npm run coverage: lines and branches of our contracts, counted by forge.
//
//   npm run coverage [-- --json]
//
// Hardhat counts lines, and npm test holds them; branches only forge counts. It is 80 MB for one
// platform and installed on first use into scripts/forge, where nothing else of Crossbook looks.
// Ends with 1 when a test fails or a branch of contracts/ is never taken; mocks do not count.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'

const FOLDER = new URL('./forge/', import.meta.url)
const ROOT = new URL('../', import.meta.url).pathname
const FLAGS = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
const REPORT = 'coverage/forge.lcov'
const OURS = /^contracts\/(?!mocks\/)/
const CPUS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

type Counts = { lines: number; linesRun: number; branches: number; branchesRun: number }

function forgeProgram(): string {
  const name = `@foundry-rs/forge-${platform()}-${CPUS[arch()]}`
  if (!existsSync(new URL(`node_modules/${name}/`, FOLDER))) {
    const args = ['install', ...FLAGS, '--prefix', FOLDER.pathname]
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const file = platform() === 'win32' ? 'forge.exe' : 'forge'
  return createRequire(new URL('package.json', FOLDER)).resolve(`${name}/bin/${file}`)
}

/** By file; a branch counts as often as it can go. */
function readReport(text: string): ReadonlyMap<string, Counts> {
  const files = new Map<string, Counts>()
  let counts: Counts = { lines: 0, linesRun: 0, branches: 0, branchesRun: 0 }
  for (const line of text.split('\n')) {
    const [kind = '', rest = ''] = line.split(/:(.*)/)
    if (kind === 'SF') {
      counts = { lines: 0, linesRun: 0, branches: 0, branchesRun: 0 }
      files.set(rest, counts)
    } else if (kind === 'LF') counts.lines = Number(rest)
    else if (kind === 'LH') counts.linesRun = Number(rest)
    else if (kind === 'BRF') counts.branches = Number(rest)
    else if (kind === 'BRH') counts.branchesRun = Number(rest)
  }
  return files
}

function main(options: readonly string[]): number {
  if (options.some((option) => option !== '--json')) {
    process.stderr.write('usage: npm run coverage [-- --json]\n')
    return 2
  }
  mkdirSync(new URL('../coverage/', import.meta.url), { recursive: true })
  const { status } = spawnSync(
    forgeProgram(),
    ['coverage', '--root', ROOT, '--report', 'lcov', '--report-file', REPORT],
    {
      cwd: ROOT,
      env: { ...process.env, FOUNDRY_CONFIG: `${ROOT}scripts/forge/foundry.toml` },
      stdio: ['ignore', 2, 2],
    },
  )
  if (status !== 0) return 1
  const ours = [...readReport(readFileSync(`${ROOT}${REPORT}`, 'utf8'))].filter(([file]) => {
    return OURS.test(file)
  })
  const sum = (of: (counts: Counts) => number) => ours.reduce((all, [, one]) => all + of(one), 0)
  const total: Counts = {
    ...{ lines: sum(({ lines }) => lines), linesRun: sum(({ linesRun }) => linesRun) },
    branches: sum(({ branches }) => branches),
    branchesRun: sum(({ branchesRun }) => branchesRun),
  }
  const rows = [...ours, ['all', total] as const].map(([file, counts]) => {
    const { lines, linesRun, branches, branchesRun } = counts
    return `${file}: lines ${linesRun} of ${lines}, branches ${branchesRun} of ${branches}`
  })
  const told = { ...total, files: Object.fromEntries(ours) }
  console.log(options.includes('--json') ? JSON.stringify(told) : rows.join('\n'))
  return total.branchesRun === total.branches && total.branches > 0 ? 0 : 1
}

process.exitCode = main(process.argv.slice(2))

// npm run bench -- NAME [--json]: one benchmark, ours and the peers in turn in one run.
//
// Prints progress to stderr and at the end one JSON line to stdout (with --json nothing else).
// A benchmark is a module that exports `bench`; it is registered by one row of the table.

import { execFileSync } from 'node:child_process'
import type { Bench, BenchResult } from './bench/result.ts'

const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  book: () => import('./bench/book.ts'),
  bots: () => import('./bench/bots.ts'),
  dex: () => import('./bench/dex.ts'),
  engine: () => import('./bench/engine.ts'),
  indicators: () => import('./bench/indicators.ts'),
  orders: () => import('./bench/orders.ts'),
  tape: () => import('./bench/tape.ts'),
  'worst-case': () => import('./bench/worst-case.ts'),
}

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...options] = args
  const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
  if (load === undefined) {
    const names = Object.keys(BENCHES).join(', ')
    process.stderr.write(`usage: npm run bench -- NAME [--json], NAME one of: ${names}\n`)
    return 2
  }
  const { bench } = await load()
  const result = await bench(options)
  if (!options.includes('--json')) process.stdout.write(`${summary(result)}\n`)
  process.stdout.write(`${JSON.stringify({ ...result, commit: commit() })}\n`)
  return 0
}

function summary({ bench, unit, ours, peers, ratios }: BenchResult): string {
  const against = Object.entries(peers).map(([peer, value]) => {
    return `${peer} ${value} (${ratios[peer] ?? '?'} times)`
  })
  return `${bench}: ${ours} ${unit}; ${against.join(', ')}`
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

process.exitCode = await main(process.argv.slice(2))

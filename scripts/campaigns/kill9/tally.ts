// Tally: violations, situations that were met, and times of a run.

import type { CampaignResult } from '../result.ts'

type Extra = CampaignResult['extra']

export type Tally = {
  violated(what: string): void
  reach(what: string, times?: number): void
  /** A duration in milliseconds; reported as p50 and p99. */
  time(what: string, ms: number): void
  line(): string
  result(extra: Extra): Pick<CampaignResult, 'violations' | 'reached' | 'extra'>
}

const VIOLATIONS_TOLD = 20

export function createTally(): Tally {
  const reached = new Map<string, number>()
  const times = new Map<string, number[]>()
  let violations = 0
  const count = (what: string): number => reached.get(what) ?? 0
  return {
    violated(what) {
      violations += 1
      if (violations <= VIOLATIONS_TOLD) process.stderr.write(`VIOLATION ${what}\n`)
    },
    reach: (what, more = 1) => void reached.set(what, count(what) + more),
    time: (what, ms) => void times.set(what, [...(times.get(what) ?? []), ms]),
    line: () =>
      `${count('coreKilled')} kills, ${count('acknowledged')} acknowledged, ` +
      `${count('unanswered')} unanswered, ${violations} violations`,
    result: (extra) => ({
      violations,
      reached: Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1))),
      extra: { ...timesOf(times), ...extra },
    }),
  }
}

function timesOf(times: ReadonlyMap<string, readonly number[]>): Extra {
  const rows = [...times].flatMap(([what, values]) => [
    [`${what}P50Ms`, percentile(values, 0.5)],
    [`${what}P99Ms`, percentile(values, 0.99)],
  ])
  return Object.fromEntries(rows)
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}

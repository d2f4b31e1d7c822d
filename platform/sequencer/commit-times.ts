// Commit times: how long recent commits took, in a ring of COMMIT_TIMES_KEPT.

import { COMMIT_TIMES_KEPT } from './limits.ts'

export type CommitTimes = {
  add(milliseconds: number): void
  /** The value that so many percent of the recent commits stayed below; 0 when there were none. */
  percentile(percent: number): number
}

export function createCommitTimes(): CommitTimes {
  const ring = new Float64Array(COMMIT_TIMES_KEPT)
  let count = 0
  return {
    add(milliseconds) {
      ring[count % COMMIT_TIMES_KEPT] = milliseconds
      count += 1
    },
    percentile(percent) {
      const sorted = ring.slice(0, Math.min(count, COMMIT_TIMES_KEPT)).sort()
      return sorted[Math.floor((sorted.length * percent) / 100)] ?? 0
    },
  }
}

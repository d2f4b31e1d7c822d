// Measure: medians, percentiles and allocation of one benchmark.
//
// Ours and the peers run in turn within one process, so that noise of the machine meets both.
// Latencies and allocation are measured in passes of their own and never distort the throughput.

import v8 from 'node:v8'
import vm from 'node:vm'

/** The middle of the values; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** The value that a share of the sorted values does not pass. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** p50, p99 and p99.9 of latencies in ms. */
export function percentiles(latenciesMs: Float64Array): Record<string, number> {
  const sorted = latenciesMs.slice().sort()
  return {
    p50Ms: round(percentile(sorted, 0.5), 7),
    p99Ms: round(percentile(sorted, 0.99), 7),
    p999Ms: round(percentile(sorted, 0.999), 7),
  }
}

/** Seconds that a synchronous run takes. */
export function secondsOf(run: () => void): number {
  const start = performance.now()
  run()
  return (performance.now() - start) / 1000
}

export type Contender = (from: number, to: number) => void
export type Span = { readonly from: number; readonly to: number; readonly chunks: number }

/**
 * Runs two contenders over the same span of commands, chunk by chunk in turn, and answers millions
 * of commands per second of each in its median chunk: what else the machine does meets both, and a
 * chunk that was interrupted counts for neither.
 */
export function race(
  ours: Contender,
  peer: Contender,
  { from, to, chunks }: Span,
): [number, number] {
  const size = Math.ceil((to - from) / chunks)
  const seconds: [number[], number[]] = [[], []]
  for (let start = from; start < to; start += size) {
    const end = Math.min(to, start + size)
    seconds[0].push(secondsOf(() => ours(start, end)) / (end - start))
    seconds[1].push(secondsOf(() => peer(start, end)) / (end - start))
  }
  return [1 / median(seconds[0]) / 1e6, 1 / median(seconds[1]) / 1e6]
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** Bytes allocated per step: the median of stretches, each too short for a collection within. */
export function bytesPerStep(stretches: number, steps: number, run: () => void): number {
  const samples: number[] = []
  for (let i = 0; i < stretches; i += 1) {
    collectGarbage()
    const before = allocated()
    run()
    samples.push((allocated() - before) / steps)
  }
  return round(median(samples), 2)
}

function allocated(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function collectGarbage(): void {
  v8.setFlagsFromString('--expose-gc')
  const collect: () => void = vm.runInNewContext('gc')
  collect()
}

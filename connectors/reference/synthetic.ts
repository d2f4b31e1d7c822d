// Synthetic bars: a seeded random walk for a market without a recorded series.
//
// The same seed gives the same bars on every machine. Whoever shows such a price says that it is
// synthetic.

import type { Bar } from './bar.ts'
import { BAR_MS } from './bar.ts'

const STEPS_PER_BAR = 6

export type SyntheticOptions = {
  readonly seed: number
  readonly count: number
  readonly startPrice: number
  /** Standard deviation of a minute's return, as a ratio: 0.0008 is 8 basis points. */
  readonly volatility: number
}

export function synthesiseBars(options: SyntheticOptions): Bar[] {
  const gauss = createGauss(options.seed)
  const step = options.volatility / Math.sqrt(STEPS_PER_BAR)
  const bars: Bar[] = []
  let price = options.startPrice
  for (let i = 0; i < options.count; i++) {
    const path = [price]
    for (let k = 0; k < STEPS_PER_BAR; k++) {
      price *= Math.exp(step * gauss())
      path.push(price)
    }
    const [open = price] = path
    const [high, low] = [Math.max(...path), Math.min(...path)]
    bars.push({ openMs: i * BAR_MS, open, high, low, close: price, volume: 0 })
  }
  return bars
}

/** Standard normal numbers by the polar method of Marsaglia over xorshift32. */
export function createGauss(seed: number): () => number {
  const uniform = createUniform(seed)
  let spare = Number.NaN
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare
      spare = Number.NaN
      return value
    }
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1]
      const s = x * x + y * y
      if (s === 0 || s >= 1) continue
      const factor = Math.sqrt((-2 * Math.log(s)) / s)
      spare = y * factor
      return x * factor
    }
  }
}

/** Uniform numbers in [0, 1) by xorshift32; the seed must not be 0. */
export function createUniform(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

// Measure: how well the arbitrage keeps pools at the book, and whether every loss is explained.
//
// Once a second, per pool: the distance between pool and book, whether it lies in the band in which
// nobody could earn, and the distance of the shadow pool that had the same swaps and no arbitrage.
// The band is fee of the pool + fee of the taker + half the spread + gas + 5 bps. Gas in bps is the
// distance at which the best arbitrage earns just its gas: with reserves R in quote and a distance
// x beyond the fees the profit is R x^2 / 4, so x = 2 sqrt(gas / R).

export type PoolSample = {
  readonly market: string
  readonly bid: number
  readonly ask: number
  readonly pool: number
  readonly shadow: number
  /** Quote coins in the pool. */
  readonly reserve: number
  /** Quote coins that the gas of one swap costs. */
  readonly gas: number
}

export type Rates = { readonly poolFee: number; readonly takerFee: number }

export type Losses = { readonly unexplained: number; readonly explained: number }

export type Measure = {
  sample(sample: PoolSample): void
  /** realised is null when nothing was traded: then it was no arbitrage. */
  arbitrage(report: { readonly realised: number | null; readonly cause: string | null }): void
  inBand(): number
  meanDistanceBps(): { readonly without: number; readonly with: number }
  arbitrages(): number
  losses(): Losses
}

/** What may make an arbitrage lose; anything else is unexplained. */
export const CAUSES: ReadonlySet<string> = new Set([
  'pool moved',
  'book moved',
  'leg failed',
  'gas',
])

const SLACK = 0.0005
const BPS = 10_000

export function createMeasure(rates: Rates): Measure {
  const sums = { samples: 0, inBand: 0, with: 0, without: 0 }
  const counts = { arbitrages: 0, unexplained: 0, explained: 0 }
  const share = (sum: number) => (sums.samples === 0 ? 0 : sum / sums.samples)
  return {
    sample(sample) {
      const mid = (sample.bid + sample.ask) / 2
      const distance = Math.abs(sample.pool / mid - 1)
      sums.samples += 1
      sums.inBand += distance <= bandOf(sample, rates) ? 1 : 0
      sums.with += distance * BPS
      sums.without += Math.abs(sample.shadow / mid - 1) * BPS
    },
    arbitrage({ realised, cause }) {
      if (realised === null) return
      counts.arbitrages += 1
      if (realised >= 0) return
      if (cause !== null && CAUSES.has(cause)) counts.explained += 1
      else counts.unexplained += 1
    },
    inBand: () => share(sums.inBand),
    meanDistanceBps: () => ({ without: share(sums.without), with: share(sums.with) }),
    arbitrages: () => counts.arbitrages,
    losses: () => ({ unexplained: counts.unexplained, explained: counts.explained }),
  }
}

/** The distance within which nobody earns, as a ratio of the mid price. */
export function bandOf(sample: PoolSample, { poolFee, takerFee }: Rates): number {
  const halfSpread = (sample.ask - sample.bid) / (sample.ask + sample.bid)
  const gas = 2 * Math.sqrt(sample.gas / sample.reserve)
  return poolFee + takerFee + halfSpread + gas + SLACK
}

// The demo's measures: the band in which nobody earns, distances, and losses with their causes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { bandOf, createMeasure, type PoolSample } from '#scripts/demo/measure.ts'
import { missedTargets, type Report } from '#scripts/demo/report.ts'
import { createShadowPool, poolPrice } from '#scripts/demo/shadow-pool.ts'

const RATES = { poolFee: 0.003, takerFee: 0.0005 }
const SAMPLE: PoolSample = {
  market: 'BTC-USDC',
  bid: 99.99,
  ask: 100.01,
  pool: 100,
  shadow: 102,
  reserve: 1_000_000,
  gas: 0.25,
}

test('the band is both fees, half the spread, gas and five basis points', () => {
  const gas = 2 * Math.sqrt(0.25 / 1_000_000)
  assert.ok(Math.abs(bandOf(SAMPLE, RATES) - (0.003 + 0.0005 + 0.0001 + gas + 0.0005)) < 1e-12)
})

test('the share in the band counts each sample once, on both sides of the book', () => {
  const measure = createMeasure(RATES)
  const edge = 1 + bandOf(SAMPLE, RATES)
  for (const pool of [100, 100 * edge - 1e-9, 100 / edge, 100 * edge + 0.01]) {
    measure.sample({ ...SAMPLE, pool })
  }
  assert.equal(measure.inBand(), 0.75)
})

test('mean distances are those of the pool and of the shadow pool', () => {
  const measure = createMeasure(RATES)
  measure.sample({ ...SAMPLE, pool: 100.1, shadow: 98 })
  measure.sample({ ...SAMPLE, pool: 99.9, shadow: 104 })
  const { with: traded, without } = measure.meanDistanceBps()
  assert.ok(Math.abs(traded - 10) < 1e-9)
  assert.ok(Math.abs(without - 300) < 1e-9)
})

test('a loss without a cause of the closed list is unexplained', () => {
  const measure = createMeasure(RATES)
  measure.arbitrage({ realised: 1, cause: null })
  measure.arbitrage({ realised: -1, cause: 'gas' })
  measure.arbitrage({ realised: -1, cause: 'bad luck' })
  measure.arbitrage({ realised: -1, cause: null })
  measure.arbitrage({ realised: null, cause: 'pool moved' })
  assert.equal(measure.arbitrages(), 4)
  assert.deepEqual(measure.losses(), { unexplained: 2, explained: 1 })
})

test('the shadow pool keeps the product and the fee of every swap', () => {
  const fee = { numerator: 997n, denominator: 1_000n }
  const shadow = createShadowPool({ base: 1_000_000n, quote: 1_000_000n }, fee)
  shadow.swap({ side: 'buy', amountIn: 10_000n })
  assert.deepEqual(shadow.reserves(), { base: 990_129n, quote: 1_010_000n })
  shadow.swap({ side: 'sell', amountIn: 9_871n })
  const { base, quote } = shadow.reserves()
  assert.equal(base, 1_000_000n)
  assert.ok(quote > 1_000_000n)
  assert.ok(poolPrice({ base, quote }, { base: 6, quote: 6 }) > 1)
})

const GOOD: Report = {
  ...{ seconds: 120, fills: 500, swaps: 40, arbitrageSwaps: 30, unexplainedLosses: 0 },
  ...{ sameOwnerFills: 0, poolInBand: 0.97, meanDistanceBps: { without: 300, with: 30 } },
  ...{ pnlSumZero: true, ledgerSumsZero: true, digestEqual: true, custodyEqual: true },
  ...{ startMs: 5_000, pssMb: { core: 200, chain: 200, database: 60, bots: 200, all: 700 } },
  ...{ coreMbAtEnd: 200, coreMbAt60s: 195, chainMbPer1000Blocks: 30 },
}

test('a run that reaches everything misses nothing', () => {
  assert.deepEqual(missedTargets(GOOD), [])
})

test('every figure that is missed is named', () => {
  const bad: Report = {
    ...{ ...GOOD, fills: 100, arbitrageSwaps: 10, unexplainedLosses: 1, sameOwnerFills: 1 },
    ...{ poolInBand: 0.949, meanDistanceBps: { without: 100, with: 51 }, pnlSumZero: false },
    ...{ ledgerSumsZero: false, digestEqual: false, custodyEqual: false },
    pssMb: { core: 300, chain: 450, database: 60, bots: 300, all: 1_200 },
  }
  assert.equal(missedTargets(bad).length, 14)
})

test('flatness is asked of runs that are long enough to show it', () => {
  const grown = { ...GOOD, coreMbAtEnd: 240 }
  assert.deepEqual(missedTargets(grown), [])
  assert.deepEqual(missedTargets({ ...grown, seconds: 300 }), ['coreMbAtEnd'])
})

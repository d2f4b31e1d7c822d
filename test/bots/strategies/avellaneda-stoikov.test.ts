// Avellaneda-Stoikov: the formulas against the paper's tables, then the strategy on the engine.
//
// Tables 1 to 3 of the paper (pages 222 and 223): 1,000 simulations each with s = 100, T = 1,
// sigma = 2, dt = 0.005, k = 1.5, A = 140. The 2006 preprint has other tables, with gamma = 0.5.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createUniform } from '#bots/random.ts'
import strategy, { optimalSpread, reservationPrice } from '#bots/strategies/avellaneda-stoikov.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'
import { bars } from './markets.ts'

const PAPER = { s: 100, T: 1, sigma: 2, dt: 0.005, k: 1.5, A: 140, runs: 1_000 }
const RUNS = 4_000

type Row = { readonly profit: number; readonly deviation: number; readonly inventory: number }

/** By gamma: the average spread, then the strategy's row and that of quotes around the middle. */
const TABLES: readonly (readonly [gamma: number, spread: number, own: Row, symmetric: Row])[] = [
  [
    ...([0.1, 1.49] as const),
    { profit: 65.0, deviation: 6.6, inventory: 2.9 },
    { profit: 68.4, deviation: 12.7, inventory: 8.4 },
  ],
  [
    ...([0.01, 1.35] as const),
    { profit: 68.6, deviation: 8.7, inventory: 5.1 },
    { profit: 68.8, deviation: 12.8, inventory: 8.7 },
  ],
  [
    ...([1, 3.02] as const),
    { profit: 31.4, deviation: 5.0, inventory: 1.7 },
    { profit: 44.0, deviation: 11.0, inventory: 5.1 },
  ],
]

function spreadAt(gamma: number, time: number): number {
  const { T, sigma, k } = PAPER
  return optimalSpread({ gamma, sigma, horizon: T - time, k })
}

function meanSpread(gamma: number): number {
  const steps = Math.round(PAPER.T / PAPER.dt)
  let sum = 0
  for (let step = 0; step < steps; step += 1) sum += spreadAt(gamma, step * PAPER.dt)
  return sum / steps
}

type Simulation = {
  readonly gamma: number
  readonly isSymmetric: boolean
  readonly uniform: () => number
}

/** One session of the paper: the probability of a fill is its rate times dt, as it is written. */
function session({ gamma, isSymmetric, uniform }: Simulation) {
  const { s, T, sigma, dt, k, A } = PAPER
  const fixed = meanSpread(gamma)
  let [mid, inventory, cash] = [s, 0, 0]
  for (let step = 0; step < Math.round(T / dt); step += 1) {
    const horizon = T - step * dt
    const centre = isSymmetric ? mid : reservationPrice({ mid, inventory, gamma, sigma, horizon })
    const half = (isSymmetric ? fixed : spreadAt(gamma, step * dt)) / 2
    const [bid, ask] = [centre - half, centre + half]
    const isSold = uniform() < A * Math.exp(-k * (ask - mid)) * dt
    const isBought = uniform() < A * Math.exp(-k * (mid - bid)) * dt
    cash += (isSold ? ask : 0) - (isBought ? bid : 0)
    inventory += (isBought ? 1 : 0) - (isSold ? 1 : 0)
    mid += (uniform() < 0.5 ? 1 : -1) * sigma * Math.sqrt(dt)
  }
  return { profit: cash + inventory * mid, inventory }
}

/** Mean and deviation, each with its own deviation for a sample of one. */
function moments(sample: readonly number[]) {
  const meanOf = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length
  const mean = meanOf(sample)
  const squares = sample.map((one) => (one - mean) ** 2)
  const variance = meanOf(squares)
  const fourth = meanOf(squares.map((square) => square ** 2))
  const deviation = Math.sqrt(variance)
  // Tails count: profits of who never leans are far from normal.
  return { mean, deviation, ofDeviation: Math.sqrt(fourth - variance ** 2) / (2 * deviation) }
}

function simulate(gamma: number, isSymmetric: boolean) {
  const uniform = createUniform(2_008)
  const all = Array.from({ length: RUNS }, () => session({ gamma, isSymmetric, uniform }))
  return {
    profit: moments(all.map(({ profit }) => profit)),
    inventory: moments(all.map(({ inventory }) => inventory)),
  }
}

/** Within three times the error of the paper's 1,000 runs and of ours, and half a digit. */
function isNear(ours: number, paper: number, deviation: number): boolean {
  const error = deviation * Math.sqrt(1 / PAPER.runs + 1 / RUNS)
  return Math.abs(ours - paper) <= 3 * error + 0.05
}

for (const [gamma, spread, own, symmetric] of TABLES) {
  test(`equation 30 gives the average spread of the table with gamma ${gamma}`, () => {
    // Half of the last digit, and the step at which the paper stops to count.
    assert.ok(Math.abs(meanSpread(gamma) - spread) < 0.005 + (gamma * 4 * PAPER.dt) / 2)
  })

  for (const [name, isSymmetric, paper] of [
    ['the strategy', false, own],
    ['the symmetric one', true, symmetric],
  ] as const) {
    test(`${name} has profit, risk and inventory of the table with gamma ${gamma}`, () => {
      const { profit, inventory } = simulate(gamma, isSymmetric)
      const told = JSON.stringify({ profit, inventory, paper })
      assert.ok(isNear(profit.mean, paper.profit, profit.deviation), told)
      assert.ok(isNear(profit.deviation, paper.deviation, profit.ofDeviation), told)
      assert.ok(isNear(inventory.deviation, paper.inventory, inventory.ofDeviation), told)
    })
  }
}

test('who holds some asks less for it and bids less for more; nobody cares at the end', () => {
  const risk = { gamma: 0.1, sigma: 2, mid: 100 }
  assert.equal(reservationPrice({ ...risk, inventory: 5, horizon: 1 }), 98)
  assert.equal(reservationPrice({ ...risk, inventory: -5, horizon: 1 }), 102)
  assert.equal(reservationPrice({ ...risk, inventory: 5, horizon: 0 }), 100)
})

const BOTH = { USDC: '10000', ETH: '5' }
const PARAMS = { sigmaBars: 20, orderQuote: 100, maxOrders: 2, toleranceBps: 0 }

function options(closes: readonly number[], params = {}) {
  const quiet = Array.from({ length: 30 }, (_, at) => 1_000 + (at % 2))
  const all = barsOf([...quiet, ...closes])
  const own = { ...PARAMS, ...params }
  return { bars: all.slice(30), history: all.slice(0, 30), balances: BOTH, params: own }
}

test('its quotes lie where the formulas say, around the price of the last close', () => {
  const { fills } = run(strategy, options([1_000, 1_000, 1_000, 990]))
  const [bid] = fills
  // The mean square of 19 returns of 0.1 %, but for the last ones that were none.
  const sigma = Math.sqrt((17 * 10 ** 2) / 19)
  const spread = optimalSpread({ gamma: 0.01, sigma, horizon: 5, k: 0.1 })
  const price = 1_000 * (1 - spread / 2 / 10_000)
  assert.ok(Math.abs(Number(bid?.quote) / Number(bid?.base) - price) < 0.02, `${price}`)
})

test('it never holds more than maxOrders, and sells all of it when it has lost too much', () => {
  const fall = [1_000, 1_000, 995, 990, 985, 980, 975]
  const { figures, fills } = run(strategy, options(fall, { stopQuote: 1_000 }))
  assert.ok(figures.most <= 2.01 * 100 && fills.length >= 2)
  const stopped = run(strategy, options([1_000, 1_000, 995, 900, 900, 900], { stopQuote: 5 }))
  assert.equal(stopped.notes.filter(({ text }) => text.startsWith('stopped out')).length, 1)
  assert.equal(stopped.balances.ETH, 5)
})

test('it wins in a choppy market and loses in one that falls', () => {
  const of = (name: 'choppy' | 'falling') => {
    const all = bars(name, { count: 500, interval: '1m' })
    const own = { bars: all.slice(100), history: all.slice(0, 100), balances: BOTH }
    return run(strategy, own).figures
  }
  assert.ok(of('choppy').profit > 0 && of('choppy').fills > 40)
  assert.ok(of('falling').profit < 0)
})

test('a restart leans by what it held before', () => {
  const closes = [1_000, 1_000, 996, 996, 996, 996, 1_003, 1_003]
  const whole = run(strategy, options(closes))
  const done = runTwice(strategy, options(closes), 5)
  const sides = whole.fills.map(({ side, quote }) => [side, quote])
  assert.ok(sides.length >= 2)
  assert.deepEqual(
    done.fills.map(({ side, quote }) => [side, quote]),
    sides,
  )
})

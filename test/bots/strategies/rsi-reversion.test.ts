// RSI reversion: buys a setback of a rising market, and gives it up after a while.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import rsiReversion from '#bots/strategies/rsi-reversion.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'
import { bars } from './markets.ts'

const PARAMS = { interval: '1m', trend: 50, maxQuote: 1_000, maxBars: 5 }
/** A rise of 1 % a bar that begins after a long flat time. */
const RISE = Array.from({ length: 40 }, (_, at) => 100 * 1.01 ** (at + 1))
const TOP = RISE.at(-1) ?? 0
const SETBACK = [0.98, 0.96, 0.94, 0.92, 0.9].map((share) => TOP * share)
const FLAT = Array.from({ length: 600 }, () => 100)

function options(closes: readonly number[], params = {}) {
  const all = barsOf([...FLAT, ...RISE, ...closes])
  return { bars: all.slice(640), history: all.slice(0, 640), params: { ...PARAMS, ...params } }
}

const sides = ({ fills }: { fills: readonly { side: string }[] }) => fills.map(({ side }) => side)

test('it buys when the setback turns, and sells when the RSI has recovered', () => {
  const closes = [...SETBACK, TOP * 0.91, TOP * 0.93, TOP * 0.96, TOP, TOP * 1.02]
  const done = run(rsiReversion, options(closes))
  assert.deepEqual(sides(done), ['buy', 'sell'])
  assert.ok(done.figures.profit > 0 && done.figures.most <= 1_100)
})

test('it does not buy while the setback goes on, nor below its long average', () => {
  const falling = [0.98, 0.96, 0.94, 0.92, 0.9, 0.88, 0.86].map((share) => TOP * share)
  assert.deepEqual(sides(run(rsiReversion, options(falling))), [])
  const below = [TOP * 0.7, TOP * 0.68, TOP * 0.66, TOP * 0.67, TOP * 0.69]
  assert.deepEqual(sides(run(rsiReversion, options(below))), [])
})

test('what has not come back after maxBars is sold', () => {
  const stuck = Array.from({ length: 10 }, (_, at) => TOP * (0.909 - 0.000_5 * at))
  const done = run(rsiReversion, options([...SETBACK, TOP * 0.91, ...stuck], { stopAtr: 20 }))
  assert.deepEqual(sides(done), ['buy', 'sell'])
  assert.equal(done.state.held, 5)
})

test('a setback that goes on ends at the stop', () => {
  const done = run(rsiReversion, options([...SETBACK, TOP * 0.91, TOP * 0.75, TOP * 0.75]))
  const [entry, exit] = done.fills
  assert.deepEqual(sides(done), ['buy', 'sell'])
  const [paid, got] = [entry, exit].map((fill) => Number(fill?.quote) / Number(fill?.base))
  assert.ok((got ?? 0) / (paid ?? 1) > 0.9, 'the stop, and not the close of the crash')
  assert.ok(done.figures.profit < 0)
})

test('it wins where prices come back and loses where they fall', () => {
  const of = (name: 'sideways' | 'falling') => {
    const all = bars(name, { count: 1_600, interval: '15m' })
    return run(rsiReversion, { bars: all.slice(600), history: all.slice(0, 600) }).figures
  }
  assert.ok(of('sideways').profit > 0 && of('sideways').fills >= 10)
  assert.ok(of('falling').profit < 0)
})

test('a restart while it holds forgets neither the bars it has held nor the stop', () => {
  const stuck = Array.from({ length: 10 }, (_, at) => TOP * (0.909 - 0.000_5 * at))
  const all = options([...SETBACK, TOP * 0.91, ...stuck], { stopAtr: 20 })
  for (const at of [8, 10]) {
    const done = runTwice(rsiReversion, all, at)
    assert.deepEqual([sides(done), done.balances.ETH], [['buy', 'sell'], 0], `restart after ${at}`)
    assert.equal(done.state.held, 5)
  }
})

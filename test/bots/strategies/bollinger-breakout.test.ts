// Bollinger breakout: only out of a quiet market, only upwards, out at the middle or at the stop.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import breakout from '#bots/strategies/bollinger-breakout.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'
import { bars } from './markets.ts'

const PARAMS = { interval: '1m', maxQuote: 1_000 }
/** Up and down by a half, which is a range of one a bar. */
const QUIET = Array.from({ length: 700 }, (_, at) => 100 + (at % 2 === 0 ? 0.5 : -0.5))
/** Up and down by ten, slowly: the bands are far out. */
const WILD = Array.from({ length: 700 }, (_, at) => 100 + 10 * Math.sin(at / 8))

function options(before: readonly number[], closes: readonly number[]) {
  const all = barsOf([...before, ...closes])
  return { bars: all.slice(690), history: all.slice(0, 690), params: PARAMS }
}

const sides = ({ fills }: { fills: readonly { side: string }[] }) => fills.map(({ side }) => side)

test('it buys the close that leaves a squeeze, and sells below the middle', () => {
  const done = run(breakout, options(QUIET, [103, 105, 107, 109, 111, 108, 100, 100]))
  assert.deepEqual(sides(done), ['buy', 'sell'])
  const [entry] = done.fills
  assert.equal((Number(entry?.quote) / Number(entry?.base)).toFixed(4), '103.0000')
  assert.ok(Number(entry?.quote) <= 1_000)
})

test('it does not buy out of a market that was not quiet, nor downwards', () => {
  const top = Math.max(...WILD)
  assert.deepEqual(sides(run(breakout, options(WILD, [top * 1.2, top * 1.25, top * 1.3]))), [])
  assert.deepEqual(sides(run(breakout, options(QUIET, [97, 95, 93]))), [])
})

test('a breakout that fails at once loses what the lower band is away', () => {
  const done = run(breakout, options(QUIET, [103, 80, 80, 80]))
  assert.deepEqual(sides(done), ['buy', 'sell'])
  const [paid = 0, got = 0] = done.fills.map(({ quote, base }) => Number(quote) / Number(base))
  assert.ok(got > 97 && got < paid, `${got}: the stop at the lower band`)
})

test('it wins in a market of bursts and loses in one that goes sideways', () => {
  const of = (name: 'bursts' | 'sideways') => {
    const all = bars(name, { count: 1_600, interval: '1h' })
    return run(breakout, { bars: all.slice(600), history: all.slice(0, 600) }).figures
  }
  assert.ok(of('bursts').profit > 0 && of('bursts').fills >= 6)
  assert.ok(of('sideways').profit < 0)
})

test('a restart after the entry leaves at the same close', () => {
  const closes = [103, 105, 107, 109, 111, 108, 100, 100, 100]
  const whole = run(breakout, options(QUIET, closes))
  for (const at of [12, 14]) {
    const done = runTwice(breakout, options(QUIET, closes), at)
    assert.deepEqual([sides(done), done.balances.ETH], [sides(whole), 0], `restart after ${at}`)
  }
})

// Donchian trend: above the channel in, and a stop that only ever goes up.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import donchian from '#bots/strategies/donchian-trend.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'
import { bars } from './markets.ts'

const PARAMS = { interval: '1m', maxQuote: 1_000, entry: 10, exit: 5 }
const HIGHEST = 100.5
const BEFORE = Array.from({ length: 620 }, (_, at) => (at % 2 === 0 ? HIGHEST : 99.5))
const RISE = Array.from({ length: 20 }, (_, at) => 101.5 + at)

function options(closes: readonly number[], params = {}) {
  const all = barsOf([...BEFORE, ...closes])
  return { bars: all.slice(610), history: all.slice(0, 610), params: { ...PARAMS, ...params } }
}

const sides = ({ fills }: { fills: readonly { side: string }[] }) => fills.map(({ side }) => side)
const priceOf = (fill: { quote: string; base: string } | undefined) =>
  Number(fill?.quote) / Number(fill?.base)

test('it buys the open after a close above the highest high before, and not at a touch', () => {
  assert.deepEqual(sides(run(donchian, options([HIGHEST, HIGHEST, HIGHEST]))), [])
  const done = run(donchian, options(RISE))
  assert.deepEqual(sides(done), ['buy'])
  assert.equal(priceOf(done.fills[0]).toFixed(4), '101.5000')
})

test('the stop follows the lowest low of the last bars, and sells there within the bar', () => {
  const { fills, state } = run(donchian, options([...RISE, 100, 100]))
  const lowest = Math.min(...RISE.slice(-6))
  assert.deepEqual(
    fills.map(({ side }) => side),
    ['buy', 'sell'],
  )
  assert.ok(Math.abs(priceOf(fills[1]) - lowest) <= 1, `${priceOf(fills[1])} and ${lowest}`)
  assert.equal(state.stop, 0)
})

test('a first stop above the channel stays where it is: it never goes down', () => {
  const closes = [101.5, 101.5, 101.5, 99, 99]
  const { fills } = run(donchian, options(closes, { stopAtr: 0.5 }))
  const [entry, exit] = fills.map(priceOf)
  assert.ok((exit ?? 0) > (entry ?? 0) - 0.6, `${exit}: half a range below ${entry}, and not 99.5`)
})

test('it wins in a market with waves and loses in one that falls', () => {
  const of = (name: 'waves' | 'falling') => {
    const all = bars(name, { count: 1_600, interval: '1h' })
    return run(donchian, { bars: all.slice(600), history: all.slice(0, 600) }).figures
  }
  assert.ok(of('waves').profit > 0 && of('waves').fills >= 10)
  assert.ok(of('falling').profit < 0)
})

test('a restart puts the stop where it was, and it sells once', () => {
  const whole = run(donchian, options([...RISE, 100, 100, 100]))
  for (const at of [15, 20, 25]) {
    const done = runTwice(donchian, options([...RISE, 100, 100, 100]), at)
    assert.deepEqual([sides(done), done.balances.ETH], [['buy', 'sell'], 0], `restart after ${at}`)
    assert.equal(priceOf(done.fills[1]), priceOf(whole.fills[1]))
  }
})

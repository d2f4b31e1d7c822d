// EMA cross: in above, out below, a stop under it, and the same over a restart.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import emaCross from '#bots/strategies/ema-cross.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'
import { bars } from './markets.ts'

const PARAMS = { interval: '1m', fast: 3, slow: 8, maxQuote: 1_000 }
const flat = (count: number, price = 100) => Array.from({ length: count }, () => price)
const ramp = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, at) => from + ((to - from) * (at + 1)) / count)

function play(closes: readonly number[], params = {}) {
  const all = barsOf([...flat(600), ...closes])
  const [history, own] = [all.slice(0, 600), all.slice(600)]
  return run(emaCross, { bars: own, history, params: { ...PARAMS, ...params } })
}

test('it buys at the open after the crossing and sells when the fast one is below', () => {
  const closes = [...flat(5), ...ramp(101, 110, 10), ...ramp(109, 90, 20)]
  const { fills, figures, notes } = play(closes, { stopAtr: 20 })
  assert.deepEqual(
    fills.map(({ side }) => side),
    ['buy', 'sell'],
  )
  const [entry, exit] = fills
  const paid = Number(entry?.quote) / Number(entry?.base)
  assert.ok(paid > 101 && paid < 103, `${paid}: the close of the crossing is the next open`)
  assert.ok(Number(exit?.quote) > Number(entry?.quote))
  assert.ok(figures.profit > 0)
  assert.equal(notes.length, 1)
})

test('never more than maxQuote, and never more than the stop may lose', () => {
  const rise = [...flat(5), ...ramp(101, 110, 10)]
  assert.ok(Number(play(rise).fills[0]?.quote) <= 1_000)
  const { fills, figures } = play([...rise, 80], { riskPercent: 0.01, stopAtr: 2 })
  assert.ok(fills.length === 2, JSON.stringify(fills))
  // A hundredth of a per cent of 10,000, before fees.
  const lost = -figures.profit - figures.fees
  assert.ok(lost > 0.8 && lost < 1.1, `${lost}`)
})

test('a crash within one bar ends at the stop that waits at the venue', () => {
  const { fills, orders } = play([...flat(5), ...ramp(101, 110, 10), 80, ...flat(3, 80)])
  assert.equal(
    orders.find(({ side, state }) => side === 'sell' && state === 'filled') !== undefined,
    true,
  )
  const price = Number(fills[1]?.quote) / Number(fills[1]?.base)
  assert.ok(price > 95, `${price}: not at the close of the crash`)
})

test('it wins in a market with waves and loses in one that goes sideways', () => {
  const of = (name: 'waves' | 'sideways') => {
    const all = bars(name, { count: 1_000, interval: '1h' })
    return run(emaCross, { bars: all.slice(400), history: all.slice(0, 400) }).figures
  }
  assert.ok(of('waves').profit > 0 && of('waves').fills >= 8)
  assert.ok(of('sideways').profit < 0)
})

test('a restart while it is long still ends the position, once', () => {
  const closes = [...flat(5), ...ramp(101, 110, 10), ...ramp(109, 90, 20)]
  const all = barsOf([...flat(600), ...closes])
  const options = { bars: all.slice(600), history: all.slice(0, 600), params: PARAMS }
  for (const at of [7, 10, 14]) {
    const { fills, balances, state } = runTwice(emaCross, options, at)
    assert.deepEqual(
      fills.map(({ side }) => side),
      ['buy', 'sell'],
      `restart after ${at}`,
    )
    assert.deepEqual([balances.ETH, state.isLong], [0, false])
  }
})

test('a fast average that is no faster is refused before anything starts', () => {
  assert.throws(() => play([100], { fast: 8 }), /fast is shorter than slow/)
})

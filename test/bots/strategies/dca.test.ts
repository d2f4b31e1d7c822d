// DCA: the same money at the same distance in time, never twice, never made up for.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import dca from '#bots/strategies/dca.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'

const PARAMS = { amount: 100, every: '2m', times: 4 }
const flat = (count: number, price = 100) => Array.from({ length: count }, () => price)
const options = (closes: readonly number[], params = {}) => {
  return { bars: barsOf(closes), interval: '1m', params: { ...PARAMS, ...params } }
}

test('it buys for the same money every time, and ends', () => {
  const { fills, state, notes } = run(dca, options([...flat(3), ...flat(3, 50), ...flat(6, 200)]))
  assert.equal(fills.length, 4)
  for (const { quote } of fills) assert.ok(Math.abs(Number(quote) - 100) < 0.05, quote)
  const average = Number(state.paid) / Number(state.coins)
  assert.ok(average > 80 && average < 120, `${average}: more coins while they are cheap`)
  assert.deepEqual([notes.length, notes[0]?.text.startsWith('done: ')], [1, true])
})

test('above its limit it buys nothing, and the time is over all the same', () => {
  const { fills, notes } = run(dca, options([...flat(2), ...flat(10, 200)], { limit: 150 }))
  assert.deepEqual([fills.length, notes.length], [1, 1])
})

test('a restart buys neither again nor for the time it was away', () => {
  for (const at of [2, 3, 5]) {
    const done = runTwice(dca, options(flat(14)), at)
    assert.ok(done.fills.length >= 3 && done.fills.length <= 4, `restart after ${at}`)
    assert.ok(Math.abs(Number(done.state.paid) - done.fills.length * 100) < 1)
  }
})

test('it wins when prices rise and loses when they fall, and the loss has no stop', () => {
  const rise = Array.from({ length: 12 }, (_, at) => 100 + 5 * at)
  const fall = Array.from({ length: 12 }, (_, at) => 100 - 5 * at)
  assert.ok(run(dca, options(rise)).figures.profit > 0)
  const { figures, fills } = run(dca, options(fall))
  assert.ok(figures.profit < 0 && fills.every(({ side }) => side === 'buy'))
})

// TWAP: all of it in equal slices, once, and what it cost in the end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import twap from '#bots/strategies/twap.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'

const PARAMS = { size: 2, over: '10m', slices: 10 }
const options = (closes: readonly number[], params = {}) => {
  return { bars: barsOf(closes), interval: '1m', params: { ...PARAMS, ...params } }
}
const rise = Array.from({ length: 16 }, (_, at) => 100 + at)
const traded = (fills: readonly { base: string }[]) =>
  Math.round(fills.reduce((sum, { base }) => sum + Number(base), 0) * 1e4) / 1e4

test('it buys the whole in equal slices and says what that cost', () => {
  const { fills, notes, state } = run(twap, options(rise))
  assert.deepEqual([fills.length, traded(fills), state.isDone], [10, 2, true])
  for (const { base } of fills) assert.equal(base, '0.2000')
  const [against, mean] = notes.map(({ text }) => Number(/(-?[\d.]+) bps/.exec(text)?.[1]))
  assert.ok(Number(against) > 300, `${against}: the market ran away from it`)
  assert.ok(Math.abs(Number(mean)) < 60, `${mean}: near the mean price, as promised`)
})

test('below 0 it sells, and a falling market is what costs then', () => {
  const fall = rise.map((price) => 200 - price)
  const balances = { USDC: '0', ETH: '5' }
  const { fills, notes } = run(twap, { ...options(fall, { size: -2 }), balances })
  assert.ok(fills.every(({ side }) => side === 'sell') && traded(fills) === 2)
  assert.ok(Number(/cost (-?[\d.]+) bps/.exec(notes[0]?.text ?? '')?.[1]) > 300)
})

test('a restart goes on where it was, and after the end nothing begins again', () => {
  const flat = Array.from({ length: 20 }, () => 100)
  for (const at of [3, 7, 15]) {
    const done = runTwice(twap, options(flat), at)
    assert.equal(traded(done.fills), 2, `restart after ${at}`)
    assert.equal(done.notes.length, 2)
  }
})

test('a size of nothing is refused', () => {
  assert.throws(() => run(twap, options([100], { size: 0 })), /above or below 0/)
})

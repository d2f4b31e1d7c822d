// Grid: drawn once around the first price, earns to and fro, ends at its stop and stays ended.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import grid from '#bots/strategies/grid.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'
import { bars } from './markets.ts'

const PARAMS = { halfWidthPercent: 10, cells: 10, cellQuote: 100, stopPercent: 5 }
const options = (closes: readonly number[]) => ({ bars: barsOf(closes), params: PARAMS })
const counted = (fills: readonly { side: string }[]) =>
  ['buy', 'sell'].map((side) => fills.filter((fill) => fill.side === side).length)

test('it buys each step down and sells each a step higher', () => {
  const { fills, figures } = run(grid, options([100, 100, 93, 93, 99, 99, 93, 99, 100.5]))
  const [buys = 0, sells = 0] = counted(fills)
  assert.deepEqual([buys, sells], [5, 5])
  assert.ok(figures.profit > 9 && figures.most <= 400, JSON.stringify(figures))
  const prices = fills.map(({ quote, base }) => Math.round(Number(quote) / Number(base)))
  assert.deepEqual([...new Set(prices)].sort(), [100, 94, 96, 98])
})

test('at most every cell is bought, and below the stop all of it is sold for good', () => {
  const crash = [100, 100, 95, 91, 88, 84, 84, 100, 91, 100, 100]
  const { fills, figures, state, balances, notes } = run(grid, options(crash))
  assert.deepEqual(
    [state.isStopped, balances.ETH, notes.map(({ text }) => text)],
    [true, 0, ['the grid has ended: stopped']],
  )
  assert.ok(figures.most <= 5 * 100 && figures.profit < -30)
  assert.equal(fills.at(-1)?.side, 'sell')
})

test('a restart finds the same grid with what each cell holds', () => {
  const closes = [100, 100, 93, 93, 93, 93, 99, 99, 99, 99, 93, 99, 100.5]
  const whole = run(grid, options(closes))
  for (const at of [4, 8]) {
    const done = runTwice(grid, { ...options(closes), interval: '1m' }, at)
    assert.deepEqual(counted(done.fills), counted(whole.fills), `restart after ${at}`)
    assert.equal(done.balances.ETH, 0)
    const prices = new Set(done.fills.map(({ quote, base }) => Math.round(+quote / +base)))
    assert.deepEqual([...prices].sort(), [100, 94, 96, 98])
  }
})

test('a grid that was stopped is not drawn again by a restart', () => {
  const done = runTwice(grid, options([100, 100, 91, 84, 84, 84, 84, 100, 91, 100]), 6)
  assert.equal(done.state.isStopped, true)
  assert.equal(done.orders.length, 0, 'nothing more is sent')
})

test('it wins in a market that goes sideways and loses in one that falls', () => {
  const of = (name: 'sideways' | 'falling') =>
    run(grid, { bars: bars(name, { count: 400, interval: '1h' }) }).figures
  assert.ok(of('sideways').profit > 0)
  assert.ok(of('falling').profit < 0)
})

test('cells that earn less than their fees are refused', () => {
  const params = { halfWidthPercent: 0.1, cells: 10 }
  assert.throws(() => run(grid, { ...options([100]), params }), /less than its fees/)
})

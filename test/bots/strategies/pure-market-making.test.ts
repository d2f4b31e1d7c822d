// Pure market making: where it quotes, how it leans, what it never holds, when it gives up.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import making from '#bots/strategies/pure-market-making.ts'
import { barsOf } from '../backtest/waves.ts'
import { run, runTwice } from './figures.ts'
import { bars } from './markets.ts'

const PARAMS = { levels: 2, spreadBps: 10, stepBps: 10, levelQuote: 100, maxQuote: 300 }
const BOTH = { USDC: '10000', ETH: '5' }
const flat = (count: number, price = 1_000) => Array.from({ length: count }, () => price)
const options = (closes: readonly number[], params = {}) => {
  return { bars: barsOf(closes), balances: BOTH, params: { ...PARAMS, ...params } }
}
const prices = (fills: readonly { side: string; quote: string; base: string }[], side: string) =>
  fills.filter((fill) => fill.side === side).map(({ quote, base }) => Number(quote) / Number(base))

test('it quotes each level on both sides of the price', () => {
  const { fills } = run(making, options([...flat(3), 1_010, 990]))
  const [sold, bought] = [prices(fills, 'sell'), prices(fills, 'buy')]
  assert.deepEqual(
    sold.slice(0, 2).map((price) => Math.round(price * 100) / 100),
    [1_001, 1_002],
  )
  assert.ok(bought.length >= 2 && bought.every((price) => price < 1_010))
})

test('what it holds shifts both sides down', () => {
  // A third of maxQuote is bought at 999, and 5 basis points is what that shifts the ask.
  const { fills } = run(making, options([...flat(3), ...flat(3, 998.5), 999.2, 999.2]))
  const [bought = 0] = prices(fills, 'buy')
  const [sold = 0] = prices(fills, 'sell')
  assert.deepEqual([bought.toFixed(2), sold.toFixed(2)], ['999.00', '999.00'])
})

test('at the limit it only sells', () => {
  const fall = [...flat(3), 997, 994, 991, 988, 985, 982]
  const { fills, figures } = run(making, options(fall, { stopQuote: 1_000 }))
  assert.ok(figures.most <= 310, `${figures.most}: never more than maxQuote`)
  const [first = 0, ...later] = prices(fills, 'buy')
  assert.ok(later.every((price) => price < first))
})

test('quotes that are near enough stay where they are', () => {
  const wobble = Array.from({ length: 12 }, (_, at) => 1_000 + (at % 2) * 0.1)
  const { orders } = run(making, options(wobble))
  assert.deepEqual(orders, [], 'nothing was taken back')
})

test('what it holds is sold at the market when it has lost too much', () => {
  const { notes, balances, fills } = run(
    making,
    options([...flat(3), 990, 900, 900], { stopQuote: 10 }),
  )
  assert.equal(notes.filter(({ text }) => text.startsWith('stopped out')).length, 1)
  assert.equal(balances.ETH, 5)
  assert.equal(fills.at(-1)?.side, 'sell')
})

test('without the coins it quotes the side it can pay for, and nothing is refused', () => {
  const balances = { USDC: '150', ETH: '0' }
  const { orders, fills } = run(making, { ...options([...flat(3), 990, 1_005, 1_005]), balances })
  assert.deepEqual(
    orders.filter(({ state }) => state === 'refused'),
    [],
  )
  assert.deepEqual([fills[0]?.side, fills.length >= 1], ['buy', true])
})

test('it wins in a choppy market and loses in one that falls', () => {
  const of = (name: 'choppy' | 'falling') => {
    return run(making, { bars: bars(name, { count: 400, interval: '1m' }), balances: BOTH }).figures
  }
  assert.ok(of('choppy').profit > 0 && of('choppy').fills > 100)
  assert.ok(of('falling').profit < 0)
})

test('a restart quotes again, and leans by what it held before', () => {
  const closes = [...flat(3), 998, 998, 998, 998, 1_003, 1_003]
  const done = runTwice(making, { ...options(closes), interval: '1m' }, 5)
  const whole = run(making, options(closes))
  assert.deepEqual(prices(done.fills, 'buy'), prices(whole.fills, 'buy'))
  assert.deepEqual(prices(done.fills, 'sell'), prices(whole.fills, 'sell'))
})

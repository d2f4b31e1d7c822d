// Quotes: what is near stays, what is off goes, what is missing is put up, and nothing else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineStrategy, keepQuotes, type WantedQuote } from '#bots/strategy.ts'
import { createBench, type Place, placed } from './strategy-bench.ts'

const TIMER = 0

/** Quotes what the test says at each timer. */
function open(wishes: WantedQuote[][]) {
  const strategy = defineStrategy({
    name: 'quotes',
    params: {},
    state: {},
    setup(ctx) {
      const m = ctx.market('internal:ETH-USDC')
      ctx.every(1_000, () => keepQuotes(m, wishes.shift() ?? [], { toleranceBps: 5 }))
    },
  })
  const bench = createBench(strategy, { params: {} })
  const look = () => bench.send({ kind: 'timer', timer: TIMER })
  const first = placed(look())
  const accept = (orders: readonly Place[]) => {
    for (const order of orders) bench.settle(order, { state: 'open' })
  }
  return { bench, look, first, accept }
}

const bid = (price: number, size = 1) => ({ side: 'buy', price, size }) as const
const ask = (price: number, size = 1) => ({ side: 'sell', price, size }) as const
const kinds = (actions: readonly { kind: string }[]) => actions.map(({ kind }) => kind)

test('quotes never take: they are post-only and slide', () => {
  const { first } = open([[bid(1_000), ask(1_010)]])
  assert.equal(first.length, 2)
  assert.ok(first.every(({ request }) => request.postOnly === true && request.slide === true))
})

test('within the tolerance a quote stays, beyond it another takes its place', () => {
  const wishes = [[bid(1_000)], [bid(1_000.4)], [bid(1_000.6)]]
  const { look, first, accept } = open(wishes)
  accept(first)
  assert.deepEqual(kinds(look()), [], '4 basis points')
  const actions = look()
  assert.deepEqual(kinds(actions), ['cancel', 'place'], '6 basis points')
  assert.equal(placed(actions)[0]?.request.limitPrice, '1000.60')
})

test('a quote is of its side only, and each order meets one wish', () => {
  const { look, first, accept } = open([[bid(1_000)], [ask(1_000)], [ask(1_000), ask(1_000)]])
  accept(first)
  assert.deepEqual(kinds(look()), ['cancel', 'place'])
  assert.deepEqual(kinds(look()), ['cancel', 'place'], 'the bid has not been called final yet')
})

test('more than half filled it is put up again', () => {
  const { bench, look, first, accept } = open([[bid(1_000)], [bid(1_000)], [bid(1_000)]])
  accept(first)
  const [order] = first
  assert.ok(order !== undefined)
  bench.settle(order, { state: 'open', filledBase: '0.5' })
  assert.deepEqual(kinds(look()), [])
  bench.settle(order, { state: 'open', filledBase: '0.5001' })
  assert.deepEqual(kinds(look()), ['cancel', 'place'])
})

test('without wishes everything is taken back', () => {
  const { look, first, accept } = open([[bid(1_000), ask(1_010)], []])
  accept(first)
  assert.deepEqual(kinds(look()), ['cancel', 'cancel'])
})

// What a strategy asks to be changed of its orders: what leaves, what it sees, and what is found
// again after a crash.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action } from '#bots/runtime/channel.ts'
import { defineStrategy, type OrderChange } from '#bots/strategy.ts'
import type { Order } from '#connectors/venue.ts'
import { createBench, orderOf, type Place, placed } from './strategy-bench.ts'

type State = { id: string; readonly heard: string[] }

/** Places one order, then changes it as the test says at each price. */
function changing(changes: readonly OrderChange[][], type?: 'stop' | 'take-profit') {
  const state: State = { id: '', heard: [] }
  const left = [...changes]
  const seen: string[] = []
  const strategy = defineStrategy({
    ...{ name: 'changing', params: {}, state },
    setup(ctx) {
      const m = ctx.market('internal:ETH-USDC')
      const clock = ctx.market('reference:ETH-USDC')
      clock.onPrice(() => {
        for (const change of left.shift() ?? []) m.amend(ctx.state.id, change)
        const [open] = m.orders()
        seen.push(open === undefined ? 'none' : `${open.quantity.amount} ${open.price}`)
      })
      m.onOrder(({ state: how, size = '', limitPrice = '', code = '' }) => {
        ctx.state.heard.push(`${how} ${size} ${limitPrice} ${code}`.replace(/ +/g, ' ').trim())
      })
      ctx.onStart(() => {
        if (ctx.state.id !== '') return
        const how = type === undefined ? { price: 1_000 } : { type, trigger: 900 }
        ctx.state.id = m.place({ side: 'sell', size: 1, ...how })
      })
    },
  })
  return { strategy, seen }
}

const TERMS = { size: '1.0000', limitPrice: '1000.00' }

function open(changes: readonly OrderChange[][], saved?: { readonly of: object }) {
  const { strategy, seen } = changing(changes)
  const bench = createBench(strategy, { params: {}, ...(saved && { saved: saved.of, run: 'two' }) })
  const look = () =>
    bench
      .update('reference', { kind: 'price', symbol: 'ETH-USDC', price: '1', at: 1 })
      .filter(({ kind }) => kind === 'amend')
  const [order] = placed(bench.send({ kind: 'ready' }))
  const heard = () => (bench.state() as State).heard // Of the strategy above.
  const answer = (of: Place, word: Partial<Order>, code?: string) =>
    bench.send({
      ...{ kind: 'order', venue: of.venue, order: { ...orderOf(of.request), ...word } },
      amend: code === undefined ? {} : { code },
    })
  return { bench, look, order, heard, answer, seen }
}

/** With the order at the venue. */
function resting(changes: readonly OrderChange[][]) {
  const { order, ...opened } = open(changes)
  assert.ok(order !== undefined)
  opened.bench.settle(order, TERMS)
  return { ...opened, order }
}

const amendments = (actions: readonly Action[]) =>
  actions.flatMap((action) => (action.kind === 'amend' ? [action.amendment] : []))

test('an amend names the order and what of it changes, on lot and tick', () => {
  const { look, order, seen, answer, heard } = resting([[{ size: 0.50009, price: 1_001.001 }], []])
  const [action] = look()
  assert.deepEqual(action, {
    ...{ kind: 'amend', venue: 'internal', id: order.request.clientOrderId },
    amendment: { size: '0.5000', limitPrice: '1001.01' },
  })
  assert.deepEqual(seen, ['0.5000 1001.01'], 'orders() shows what was asked for last')
  answer(order, { size: '0.5000', limitPrice: '1001.01' })
  assert.deepEqual(heard(), ['open 1.0000 1000.00', 'open 0.5000 1001.01'])
  look()
  assert.equal(seen.at(-1), '0.5000 1001.01')
})

test('what is asked while an amend is under way waits for it and becomes one', () => {
  const changes = [[{ size: 0.9 }, { size: 0.8 }], [{ price: 1_002 }], []]
  const { look, order, seen, answer } = resting(changes)
  assert.deepEqual(amendments(look()), [{ size: '0.9000' }])
  assert.deepEqual(amendments(look()), [])
  assert.equal(seen.at(-1), '0.8000 1002.00')
  const next = answer(order, { ...TERMS, size: '0.9000' })
  assert.deepEqual(amendments(next), [{ size: '0.8000', limitPrice: '1002.00' }])
  answer(order, { size: '0.8000', limitPrice: '1002.00' })
  look()
  assert.equal(seen.at(-1), '0.8000 1002.00')
})

test('a refused amend is heard with its code, and the order is shown as it was', () => {
  const { look, order, seen, answer, heard } = resting([[{ size: 5 }], []])
  look()
  answer(order, TERMS, 'funds.insufficient')
  assert.equal(heard().at(-1), 'open 1.0000 1000.00 funds.insufficient')
  look()
  assert.equal(seen.at(-1), '1.0000 1000.00')
})

test('a fill on the way answers nothing, and a slid price is not what was asked for', () => {
  const { bench, look, order, seen, answer } = resting([[{ price: 1_001 }], [], []])
  look()
  bench.settle(order, { ...TERMS, filledBase: '0.1' })
  look()
  assert.equal(seen.at(-1), '1.0000 1001.00')
  answer(order, { ...TERMS, limitPrice: '1001.50', filledBase: '0.1' })
  look()
  assert.equal(seen.at(-1), '1.0000 1001.00')
})

test('what an amend did is heard once, with its answer, also when a stream was faster', () => {
  const { bench, look, order, answer, heard } = resting([[{ size: 0.5 }]])
  look()
  bench.settle(order, { ...TERMS, size: '0.5000' })
  assert.deepEqual(heard(), ['open 1.0000 1000.00'])
  answer(order, { ...TERMS, size: '0.5000' })
  assert.deepEqual(heard(), ['open 1.0000 1000.00', 'open 0.5000 1000.00'])
})

test('terms that the venue changed by itself are taken as they are', () => {
  const { bench, look, order, seen, heard } = resting([[]])
  bench.settle(order, { size: '0.7000', limitPrice: '1003.00' })
  look()
  assert.deepEqual([seen, heard().at(-1)], [['0.7000 1003.00'], 'open 0.7000 1003.00'])
})

for (const [what, word, code, now] of [
  ['was done', { size: '0.5000' }, undefined, '0.5000 1000.00'],
  ['was refused', TERMS, 'gate.paused', '1.0000 1000.00'],
] as const) {
  test(`over a crash it is known that an amend under way ${what}`, () => {
    const first = resting([[{ size: 0.5 }]])
    first.look()
    const second = open([[], []], { of: first.bench.saved() })
    const order = { ...orderOf(first.order.request), ...TERMS, ...word }
    const outcome = code === undefined ? {} : { amend: { code } }
    second.bench.send({ kind: 'order', venue: 'internal', order, ...outcome })
    second.look()
    assert.equal(second.seen.at(-1), now)
    assert.ok(
      !('amending' in (Object(second.bench.saved()).kept.orders[order.clientOrderId] ?? {})),
    )
  })
}

test('what waits behind an amend leaves after a crash, too', () => {
  const first = resting([[{ size: 0.9 }, { size: 0.8 }]])
  first.look()
  const second = open([[]], { of: first.bench.saved() })
  const order = { ...orderOf(first.order.request), ...TERMS, size: '0.9000' }
  const actions = second.bench.send({ kind: 'order', venue: 'internal', order })
  assert.deepEqual(amendments(actions), [{ size: '0.8000' }])
})

test('what is no change never leaves, and is heard with a code of its own', () => {
  for (const [change, code] of [
    [{ size: Number.NaN }, 'bot.not_a_number'],
    [{ size: 0.00001 }, 'bot.below_lot'],
    [{ size: { kind: 'quote', amount: 5 } }, 'bot.no_price'],
    [{ price: -1 }, 'bot.not_a_number'],
    [{ trigger: Number.POSITIVE_INFINITY }, 'bot.not_a_number'],
    [{}, 'bot.malformed'],
  ] as const) {
    const { look, heard, seen } = resting([[change], []])
    assert.deepEqual(look(), [], code)
    assert.deepEqual([heard().at(-1), seen.at(-1)], [`open ${code}`, '1.0000 1000.00'])
  }
})

test('a trigger moves to the side at which it is met later', () => {
  for (const [type, trigger] of [
    ['stop', '899.00'],
    ['take-profit', '899.01'],
  ] as const) {
    const { strategy } = changing([[{ trigger: 899.005 }]], type)
    const bench = createBench(strategy, { params: {} })
    bench.send({ kind: 'ready' })
    const price = { kind: 'price', symbol: 'ETH-USDC', price: '1', at: 1 } as const
    assert.deepEqual(amendments(bench.update('reference', price)), [{ triggerPrice: trigger }])
  }
})

test('an order that is over or being cancelled is left alone', () => {
  const { bench, look, order, heard } = resting([[{ size: 0.5 }]])
  bench.settle(order, { ...TERMS, state: 'filled', filledBase: '1' })
  assert.deepEqual(look(), [])
  assert.equal(heard().length, 2)
})

test('a pool has no order that could be changed', () => {
  const state = { codes: [] as string[] } // Empty at first.
  const strategy = defineStrategy({
    ...{ name: 'pool', params: {}, state },
    setup(ctx) {
      const m = ctx.market('uniswap-v2:ETH-USDC')
      ctx.onStart(() => {
        m.amend(m.place({ side: 'sell', size: 1, price: '1', timeInForce: 'FOK' }), { size: 2 })
      })
      m.onOrder(({ code = '' }) => void ctx.state.codes.push(code))
    },
  })
  const bench = createBench(strategy, { params: {} })
  bench.send({ kind: 'ready' })
  assert.deepEqual(bench.state(), { codes: ['bot.not_at_this_venue'] })
})

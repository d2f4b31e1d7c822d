// The author's API over the messages of a process: state and its migration, position, executors
// over a crash, quotes, sizes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineStrategy, p, type Strategy } from '#bots/strategy.ts'
import type { MarketUpdate } from '#connectors/venue.ts'
import { createBench, orderOf, placed } from './strategy-bench.ts'

const book = (bid: string, ask: string): MarketUpdate => ({
  ...{ kind: 'book', symbol: 'BTC-USDC', at: 1 },
  ...{ bids: [{ price: bid, size: '5' }], asks: [{ price: ask, size: '5' }] },
})

function counter(version: number, migrate?: (old: object, from: number) => { count: number }) {
  return defineStrategy({
    ...{ name: 'counter', params: {}, state: { count: 0 }, version },
    ...(migrate === undefined ? {} : { migrate }),
    setup(ctx) {
      ctx.market('internal:BTC-USDC').onBook(() => {
        ctx.state.count += 1
      })
    },
  })
}

/** What the runner would save after one book. */
function savedBy(strategy: Strategy, saved?: object): object {
  const bench = createBench(strategy, { params: {}, ...(saved === undefined ? {} : { saved }) })
  bench.update('internal', book('100', '101'))
  return bench.saved()
}

test('a saved state goes on, and one of an older version goes through migrate', () => {
  const first = savedBy(counter(1))
  assert.deepEqual(Object(savedBy(counter(1), first)).state, { count: 2 })
  const migrated = savedBy(
    counter(2, (old) => ({ count: Number(Object(old).count) * 100 })),
    first,
  )
  assert.deepEqual([Object(migrated).state, Object(migrated).version], [{ count: 101 }, 2])
})

test('a state that cannot be read is refused and never thrown away', () => {
  const [older, newer] = [savedBy(counter(1)), savedBy(counter(3))]
  assert.throws(() => savedBy(counter(2), older), /version 1 and no migrate to 2/)
  assert.throws(() => savedBy(counter(2), newer), /version 3, newer than 2/)
})

test('the state of a bot from before there were versions is one of version 1', () => {
  assert.deepEqual(Object(savedBy(counter(1), { count: 5 })).state, { count: 6 })
})

/** Wants two coins from its first book on. */
const two = defineStrategy({
  name: 'two',
  params: {},
  state: { heard: [] as string[] }, // An empty list has no item to tell its type by.
  setup(ctx) {
    const m = ctx.market('internal:BTC-USDC')
    ctx.onStart(() => void m.target(2, { tag: 'two' }))
    m.onOpened(({ size }) => void ctx.state.heard.push(`opened ${size}`))
    ctx.onExecutorEnded(({ outcome }) => void ctx.state.heard.push(outcome))
  },
})

test('a fill is counted once, however often it is told and over a crash', () => {
  const first = createBench(two, { params: {} })
  first.update('internal', book('100', '101'))
  const [order] = placed(first.send({ kind: 'ready' }))
  assert.equal(order?.request.quantity.amount, '2.00000')
  assert.ok(order?.saved === true, 'an order of an executor is on disk before it leaves')
  const part = { state: 'open', filledBase: '0.5', filledQuote: '50.5' } as const
  first.settle(order, part)
  first.settle(order, part)
  assert.deepEqual(first.state(), { heard: ['opened 0.5'] })

  const second = createBench(two, { params: {}, saved: first.saved(), run: 'second' })
  const asked = second.started.filter(({ kind }) => kind === 'recover')
  assert.equal(asked.length, 1, 'the order of the run before is asked for')
  second.update('internal', book('100', '101'))
  assert.deepEqual(placed(second.send({ kind: 'ready' })), [], 'and nothing leaves before that')
  const rest = second.settle(order, {
    ...{ state: 'cancelled', filledBase: '1.5', filledQuote: '151.5' },
  })
  assert.deepEqual(
    placed(rest).map(({ request }) => request.quantity.amount),
    ['0.50000'],
  )
})

test('a target of a paused bot waits and says so, and a flatten goes on with what takes', () => {
  const resting = defineStrategy({
    ...{ name: 'pausing', params: {}, state: {} },
    setup(ctx) {
      const m = ctx.market('internal:BTC-USDC')
      ctx.onStart(() => void m.target(2))
      ctx.onPause(() => void (m.position().isOpen ? m.flatten({ via: 'passive' }) : m.target(3)))
    },
  })
  const begin = () => {
    const bench = createBench(resting, { params: {} })
    bench.update('internal', book('100', '101'))
    const [order] = placed(bench.send({ kind: 'ready' }))
    assert.ok(order !== undefined)
    return { bench, order }
  }
  const held = begin()
  held.bench.settle(held.order, { state: 'filled', filledBase: '2', filledQuote: '202' })
  const [sale, ...more] = placed(held.bench.send({ kind: 'pause' }))
  assert.deepEqual([sale?.request.side, sale?.request.timeInForce, more], ['sell', 'IOC', []])
  const none = begin()
  none.bench.settle(none.order, { state: 'cancelled' })
  none.bench.passMs(60_000)
  const actions = none.bench.send({ kind: 'pause' })
  assert.deepEqual(
    actions.flatMap((action) => (action.kind === 'log' ? [action.text] : [])),
    ['move-2 waits until the bot is resumed'],
  )
  assert.deepEqual(placed(actions), [])
  const [order] = placed(none.bench.send({ kind: 'resume' }))
  assert.equal(order?.request.quantity.amount, '3.00000')
})

test('protection grows and shrinks where it stands, and is made anew where it cannot', () => {
  const holder = defineStrategy({
    ...{ name: 'holder', params: {}, state: {} },
    setup(ctx) {
      const m = ctx.market('internal:BTC-USDC')
      m.onBook(() => void m.place({ side: 'buy', size: 1, timeInForce: 'IOC' }))
      m.onOpened((position) => void position.protect({ stop: 90 }))
    },
  })
  const bench = createBench(holder, { params: {} })
  bench.send({ kind: 'ready' })
  const buy = () => {
    const [order] = placed(bench.update('internal', book('100', '101')))
    assert.ok(order !== undefined)
    return bench.settle(order, { state: 'filled', filledBase: '1', filledQuote: '101' })
  }
  const [stop] = placed(buy())
  assert.ok(stop?.request.type === 'stop')
  const id = stop.request.clientOrderId
  bench.settle(stop, { size: '1.00000', triggerPrice: '90.0' })
  const change = { kind: 'amend', venue: 'internal', id }
  assert.deepEqual(buy(), [{ ...change, amendment: { size: '2.00000' } }])
  const order = { ...orderOf(stop.request), size: '2.00000' }
  assert.deepEqual(bench.send({ kind: 'order', venue: 'internal', order, amend: {} }), [])
  buy()
  const amend = { code: 'gate.order_rate' }
  const actions = bench.send({ kind: 'order', venue: 'internal', order, amend })
  assert.deepEqual(actions, [{ kind: 'cancel', venue: 'internal', id }])
  bench.settle(stop, { state: 'cancelled' })
  bench.passMs(250)
  const [again] = placed(bench.send({ kind: 'balances', venue: 'internal', balances: [] }))
  assert.equal(again?.request.quantity.amount, '3.00000')
})

test('an order that never reached the venue is sent anew under a new id', () => {
  const first = createBench(two, { params: {} })
  first.update('internal', book('100', '101'))
  const [order] = placed(first.send({ kind: 'ready' }))
  assert.ok(order !== undefined)
  const second = createBench(two, { params: {}, saved: first.saved(), run: 'second' })
  second.update('internal', book('100', '101'))
  second.send({ kind: 'ready' })
  const [again] = placed(second.settle(order, { state: 'refused', code: 'not_found' }))
  assert.equal(again?.request.quantity.amount, '2.00000')
  assert.notEqual(again?.request.clientOrderId, order.request.clientOrderId)
})

test('a quote is asked of the venue and answered as an event', () => {
  const asking = defineStrategy({
    ...{ name: 'asking', params: {}, state: { answer: '' } },
    setup(ctx) {
      const m = ctx.market('internal:BTC-USDC')
      m.onBook(() =>
        m.quote({ side: 'buy', size: ctx.quote(1_005) }, (quote) => {
          ctx.state.answer = quote.kind
        }),
      )
    },
  })
  const bench = createBench(asking, { params: {} })
  const [asked] = bench
    .update('internal', book('100', '101'))
    .filter(({ kind }) => kind === 'quote')
  assert.ok(asked?.kind === 'quote')
  assert.deepEqual(asked.request.quantity, { in: 'base', amount: '10.00000' })
  const quote = { kind: 'quote', base: '10', quote: '1005', at: 1 } as const
  bench.send({ kind: 'quote', no: asked.no, quote })
  assert.deepEqual(bench.state(), { answer: 'quote' })
})

test('a choice is one of its words, and yes or no is neither text nor number', () => {
  const [mood, hedged] = [p.choice(['calm', 'bold'], 'calm'), p.bool(true)]
  assert.deepEqual(
    [mood.read('bold'), mood.read('mad'), mood.read(1)],
    ['bold', undefined, undefined],
  )
  assert.deepEqual(
    [hedged.read(false), hedged.read('false'), hedged.read(0)],
    [...[false, undefined, undefined]],
  )
})

// Examples for engine and model: icebergs, collars, amends, reduce-only, slides, ends, timers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asId } from '#kernel/ids.ts'
import { limit, market } from '#test/support/commands.ts'
import { amend, cancel, createExample, order, rules } from '#test/support/example.ts'

test('an iceberg is met twice in a command: what it shows, then all that it has', () => {
  const example = createExample()
  example.run(order('sell', { account: 17, size: 100 }, { displaySize: 10 }))
  const iceberg = example.lastId()
  example.run(limit('sell', { account: 17, size: 50 }))
  const told = example.run(limit('buy', { account: 18, size: 80 }))
  assert.equal(
    told,
    'accepted, fill 10@100, requeued 10, fill 50@100, refreshed 10, fill 20@100, requeued 10',
  )
  const left = example.order(iceberg)
  assert.deepEqual([left?.remaining, left?.shown], [70, 10])
})

test('an amend that keeps the place shows what remains, not more', () => {
  const example = createExample()
  example.run(order('sell', { size: 100 }, { displaySize: 10 }))
  const iceberg = example.lastId()
  assert.equal(example.run(amend(iceberg, { size: 60 })), 'amended 60@100 less 0')
  assert.equal(example.run(amend(iceberg, { size: 6 })), 'amended 6@100 less 4')
  assert.equal(example.run(amend(iceberg, { size: 6 })), '', 'nothing differs: done, no events')
  assert.equal(example.run(amend(iceberg, {})), 'request.malformed')
  assert.equal(example.run(amend(iceberg, { size: 7 })), 'amended 7@100 less 6, rested 7@100')
})

test('what was filled counts for an amend: 10 ordered, 4 done', () => {
  const example = createExample()
  example.run(limit('sell'))
  const id = example.lastId()
  example.run(limit('buy', { account: 17, size: 4 }))
  assert.equal(example.run(amend(id, { size: 4 })), 'order.amend_below_filled')
  assert.equal(example.run(amend(id, { size: 7 })), 'amended 3@100 less 3')
  assert.equal(example.run(amend(id, { size: 12 })), 'amended 8@100 less 3, rested 8@100')
  assert.equal(example.run(amend(id, { size: 12, account: 17 })), 'not_found')
})

test('an amend may take, and post-only refuses to unless it slides', () => {
  const example = createExample([limit('sell', { account: 17, price: 105 })])
  example.run(limit('buy', { postOnly: true }))
  const strict = example.lastId()
  assert.equal(example.run(amend(strict, { price: 105 })), 'order.post_only_would_take')
  example.run(order('buy', { postOnly: true }, { slide: true }))
  const sliding = example.lastId()
  const slid = 'amended 10@104 less 10, rested 10@104'
  assert.equal(example.run(amend(sliding, { price: 106 })), slid)
  example.run(limit('buy', { account: 18 }))
  const taking = amend(example.lastId(), { price: 105, account: 18 })
  assert.equal(example.run(taking), 'amended 10@105 less 10, fill 10@105')
})

test('a market order stops at its collar, from the best price when it comes', () => {
  const example = createExample([rules({ collarBps: 200 })])
  for (const price of [100, 102, 103]) example.run(limit('sell', { account: 17, price, size: 1 }))
  const told = example.run(market('buy', { account: 18, size: 3 }))
  assert.equal(told, 'accepted, fill 1@100, fill 1@102, cancelled order collar')
})

test('reduce-only sells what there is and buys nothing', () => {
  const example = createExample([], 8) // 2.5 lots of 3 units and a bit.
  assert.equal(example.run(order('buy', { size: 1 }, { reduceOnly: true })), 'order.reduce_only')
  const told = example.run(order('sell', { size: 10 }, { reduceOnly: true }))
  assert.equal(told, 'accepted, rested 2@100')
  assert.equal(example.run(order('sell', {}, { reduceOnly: true })), 'order.reduce_only')
})

test('GTD ends at its time, DAY at the close, by ticks', () => {
  const example = createExample([rules({ sessionOpenUs: 0, sessionCloseUs: 0 })])
  const expireAt = example.now() + 5_000
  const gtd = order('buy', { timeInForce: 'GTD' }, { expireAt })
  assert.equal(example.run(gtd), 'accepted, rested 10@100')
  assert.equal(example.run(order('buy', { timeInForce: 'DAY' })), 'accepted, rested 10@100')
  assert.equal(example.nextDue(), expireAt)
  assert.deepEqual(example.ticks(3_000), ['cancelled order expired'])
  const midnight = (Math.floor(example.now() / 86_400_000_000) + 1) * 86_400_000_000
  assert.equal(example.nextDue(), midnight)
  assert.equal(example.run(gtd), 'order.expired')
})

test('a dead-man timer cancels the orders of its key, a lost session those of its', () => {
  const example = createExample()
  const set = (cancelAfterMs: number) =>
    example.run({ kind: 'cancelAfter', account: asId(16), key: 7, cancelAfterMs })
  example.run(order('buy', {}, { key: 7 }))
  example.run(order('buy', {}, { session: 3 }))
  assert.equal(set(5), 'deadManSet')
  assert.equal(set(10), 'deadManSet')
  assert.deepEqual(example.ticks(9_000), [])
  assert.deepEqual(example.ticks(1_000), ['deadManFired, cancelled order dead_man'])
  const gone = { kind: 'cancelSession', account: asId<never>(16), session: 3 } as const
  assert.equal(example.run(gone), 'cancelled order disconnected')
  assert.equal(set(0), '', 'there is nothing to take away')
})

test('what was prevented is told, and decrement shows icebergs like fills do', () => {
  const example = createExample()
  example.run(order('sell', { size: 20 }, { displaySize: 5 }))
  const told = example.run(limit('buy', { size: 8, selfTrade: 'decrement' }))
  const first = 'prevented, reduced by 5, reduced by 5, requeued 5'
  const second = 'prevented, reduced by 3, reduced by 3'
  assert.equal(told, `accepted, ${first}, ${second}`)
  assert.equal(example.run(cancel(example.lastId())), 'not_found', 'reduced to nothing it is over')
})

test('a reduce-only iceberg shows at most what there is to reduce', () => {
  const example = createExample([], 30)
  const iceberg = order('sell', { size: 50 }, { displaySize: 20, reduceOnly: true })
  assert.equal(example.run(iceberg), 'accepted, rested 10@100')
  const id = example.lastId()
  assert.deepEqual(example.order(id)?.extra.displaySize, 10)
  assert.deepEqual([example.order(id)?.size, example.order(id)?.shown], [10, 10])
})

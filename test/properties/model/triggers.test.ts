// Examples for engine and model: stops, trailing stops, one-cancels-other and brackets.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PRICE_TICKS_MAX } from '#engine/limits.ts'
import { limit } from '#test/support/commands.ts'
import type { Example } from '#test/support/example.ts'
import { amend, cancel, createExample, mark, order, rules, trade } from '#test/support/example.ts'

/** Units of quote that a lot of market 0 costs at a tick. */
const QUOTE_PER_TICK_LOT = 3
const COLLAR = rules({ collarBps: 300 })

/** A market that has traded at 100, with a collar of 3 %. */
function traded(): Example {
  const example = createExample([COLLAR])
  trade(example, 100)
  return example
}

test('a stop waits, fires when its price trades, and is taken in by the next tick', () => {
  const example = traded()
  example.run(limit('buy', { account: 17, price: 96, size: 5 }))
  example.run(limit('buy', { account: 17, price: 94, size: 5 }))
  assert.equal(example.run(order('sell', { type: 'stop' }, { triggerPrice: 95 })), 'accepted')
  const stop = example.lastId()
  assert.equal(example.order(stop)?.armed, true)
  example.run(limit('sell', { account: 18, price: 94, size: 6 }))
  assert.equal(example.nextDue(), 0)
  assert.deepEqual(example.ticks(), [
    'triggered at 95 to 93',
    'fill 4@94, cancelled order immediate_remainder',
  ])
})

test('a trigger that is met already is refused', () => {
  const example = traded()
  const stop = (triggerPrice: number) => order('sell', { type: 'stop' }, { triggerPrice })
  assert.equal(example.run(stop(100)), 'order.would_trigger')
  assert.equal(example.run(stop(99)), 'accepted')
  assert.equal(example.run(amend(example.lastId(), { triggerPrice: 101 })), 'order.would_trigger')
  assert.equal(example.run(amend(example.lastId(), { price: 90 })), 'request.malformed')
  const byMark = order('sell', { type: 'stop' }, { triggerPrice: 140, triggerBy: 'mark' })
  assert.equal(example.run(byMark), 'accepted', 'there is no mark yet')
  assert.equal(example.run(mark(150)), 'markSet')
  assert.deepEqual(example.ticks(), [], 'the first price of a reference touches nothing')
})

test('what was touched stays due until its turn, even when the price comes back', () => {
  const example = traded()
  example.run(order('sell', { type: 'stop' }, { triggerPrice: 98 }))
  trade(example, 97)
  trade(example, 103)
  assert.equal(example.ticks()[0], 'triggered at 98 to 96')
})

test('a trailing stop follows the peak and not the way back', () => {
  const example = traded()
  const told = example.run(order('sell', { type: 'trailing-stop' }, { trail: 5 }))
  assert.equal(told, 'accepted')
  const id = example.lastId()
  const triggers = [103, 101, 104].map((price) => {
    trade(example, price)
    return example.order(id)?.trigger
  })
  assert.deepEqual(triggers, [98, 98, 99])
  assert.equal(example.nextDue(), Infinity)
  trade(example, 99)
  assert.equal(example.ticks()[0], 'triggered at 99 to 97')
})

test('triggers fire upwards from the lowest, then downwards from the highest', () => {
  const example = traded()
  example.run(order('sell', { type: 'stop' }, { triggerPrice: 97 }))
  example.run(order('sell', { type: 'stop' }, { triggerPrice: 98 }))
  example.run(order('sell', { type: 'take-profit' }, { triggerPrice: 102 }))
  example.run(order('sell', { type: 'take-profit' }, { triggerPrice: 101 }))
  trade(example, 97)
  trade(example, 102)
  const [batch] = example.ticks()
  const at = (trigger: number, price: number) => `triggered at ${trigger} to ${price}`
  assert.equal(batch, [at(101, 98), at(102, 99), at(98, 96), at(97, 95)].join(', '))
})

test('an oco: a partial fill leaves the rest to both, the stop works with what remains', () => {
  const example = createExample([rules({ collarBps: 300 })])
  trade(example, 105)
  const oco = order('sell', { type: 'oco', price: 110 }, { triggerPrice: 95 })
  assert.equal(example.run(oco), 'accepted, rested 10@110')
  const id = example.lastId()
  example.run(limit('buy', { account: 17, price: 110, size: 4 }))
  example.run(limit('buy', { account: 17, price: 94, size: 20 }))
  example.run(limit('sell', { account: 18, price: 94, size: 1 }))
  assert.equal(example.order(id)?.remaining, 6)
  assert.deepEqual(example.ticks(), ['triggered at 95 to 93', 'fill 6@94'])
})

test('the limit leg of a buying oco never pays what its stop may', () => {
  const example = traded()
  example.run(limit('sell', { account: 17, price: 102 }))
  const oco = order('buy', { type: 'oco', price: 101 }, { triggerPrice: 105 })
  assert.equal(example.run(oco), 'accepted, rested 10@101')
  assert.equal(example.order(example.lastId())?.held, 108 * 30 + 162 + 1, 'but it holds for it')
})

test('a bracket: the exit grows with the entry, and trading ends the entry', () => {
  const example = traded()
  const prices = { takeProfitPrice: 110, triggerPrice: 95 }
  assert.equal(example.run(order('buy', {}, prices)), 'accepted, rested 10@100')
  const entry = example.lastId()
  const exit = 2 ** 52 + entry
  example.run(limit('sell', { account: 17, size: 4 }))
  assert.deepEqual(example.ticks(), ['exit 4@110, rested 4@110'])
  example.run(limit('sell', { account: 17, size: 3 }))
  assert.deepEqual(example.ticks(), ['amended 7@110 less 4, rested 7@110'])
  assert.equal(example.run(amend(exit, { size: 5 })), 'order.not_amendable')
  assert.equal(example.run(amend(entry, { size: 9 })), 'order.not_amendable')
  example.run(limit('buy', { account: 17, price: 110, size: 2 }))
  assert.deepEqual(example.ticks(), ['cancelled order linked'])
  assert.equal(example.order(exit)?.remaining, 5)
  assert.equal(example.run(cancel(exit)), 'cancelled order cancelled_by_owner')
})

test('a bracket whose stop is met already is refused, whatever its entry would do', () => {
  const example = createExample([COLLAR])
  const bracket = (triggerPrice: number, triggerBy: 'last' | 'mark' = 'last') =>
    order('buy', { price: 105 }, { takeProfitPrice: 110, triggerPrice, triggerBy })
  const atMarket = (triggerPrice: number) => {
    const extra = { takeProfitPrice: 110, triggerPrice }
    return order('buy', { type: 'market', timeInForce: 'IOC' }, extra)
  }
  assert.equal(example.run(bracket(104)), 'accepted, rested 10@105', 'nothing has traded yet')
  example.run(cancel(example.lastId()))
  trade(example, 100)
  assert.equal(example.run(bracket(101)), 'order.would_trigger')
  assert.equal(example.run(bracket(100)), 'order.would_trigger')
  assert.equal(example.run(atMarket(100)), 'order.would_trigger')
  assert.equal(example.run(bracket(101, 'mark')), 'accepted, rested 10@105', 'there is no mark')
  example.run(mark(101))
  assert.equal(example.run(bracket(101, 'mark')), 'order.would_trigger')
  assert.equal(example.run(bracket(100, 'mark')), 'accepted, rested 10@105')
  assert.equal(example.run(bracket(99)), 'accepted, rested 10@105')
  const ended = 'accepted, cancelled order no_liquidity'
  assert.equal(example.run(atMarket(99)), ended)
})

test('a bracket is refused for its stop before its slide and its value', () => {
  const example = traded()
  const due = { takeProfitPrice: 110, triggerPrice: 104 }
  const place = (more: Parameters<typeof order>[1], extra: object = due) =>
    example.run(order('buy', { price: 105, ...more }, extra))
  assert.equal(place({ size: 10 ** 12 }), 'order.would_trigger')
  assert.equal(place({ size: 10 ** 12 }, { ...due, triggerPrice: 99 }), 'funds.insufficient')
  const late = { ...due, expireAt: example.now() }
  assert.equal(place({ timeInForce: 'GTD' }, late as object), 'order.expired')
  assert.equal(example.run(rules({})), 'marketChanged')
  assert.equal(place({}), 'market.no_collar')
  assert.equal(place({}, { ...due, stopPrice: 90 }), 'order.would_trigger')
})

test('a bracket whose profit no number holds is refused, with or without a price', () => {
  const exits = { takeProfitPrice: PRICE_TICKS_MAX, triggerPrice: 1, stopPrice: 1 }
  const most = Math.floor(Number.MAX_SAFE_INTEGER / (PRICE_TICKS_MAX * QUOTE_PER_TICK_LOT))
  const atMarket = { type: 'market', timeInForce: 'IOC' } as const
  const example = createExample()
  const place = (how: Parameters<typeof order>[1]) => example.run(order('buy', how, exits))
  assert.equal(place({ price: 2, size: most + 1 }), 'order.too_large')
  assert.equal(place({ ...atMarket, size: most + 1 }), 'order.too_large')
  assert.equal(place({ price: 2, size: most }), 'funds.insufficient')
  assert.equal(place({ ...atMarket, size: most }), 'accepted, cancelled order no_liquidity')
})

test('a bracket slides down to one tick above its stop, and no further', () => {
  for (const [ask, price] of [
    [97, 96],
    [96, null],
    [95, null],
    [94, null],
  ] as const) {
    const example = traded()
    example.run(limit('sell', { account: 17, price: ask }))
    const how = { postOnly: true, price: 100 }
    const exits = { takeProfitPrice: 110, triggerPrice: 95 }
    const alone = example.run(order('buy', how, { slide: true }))
    assert.equal(alone, `accepted, rested 10@${ask - 1}`, 'an order without a stop')
    const told = example.run(order('buy', how, { ...exits, slide: true }))
    const rested = `accepted, rested 10@${price}`
    assert.equal(told, price === null ? 'order.post_only_would_take' : rested, `ask ${ask}`)
    assert.equal(example.run(order('buy', how, exits)), 'order.post_only_would_take')
  }
})

test('what was touched and is due still refuses a bracket, though the price came back', () => {
  const example = traded()
  const bracket = order('buy', { price: 105 }, { takeProfitPrice: 110, triggerPrice: 98 })
  example.run(order('sell', { type: 'stop' }, { triggerPrice: 98 }))
  trade(example, 97)
  trade(example, 103)
  assert.equal(example.run(bracket), 'order.would_trigger', 'the stop at 98 is due until a tick')
  example.ticks()
  assert.equal(example.run(bracket), 'accepted, rested 10@105')
})

test('what the customer moved away is not covered by an exit', () => {
  const example = traded()
  example.run(limit('sell', { size: 333_333, price: 2_000 }))
  example.run(order('buy', {}, { takeProfitPrice: 110, triggerPrice: 95 }))
  example.run(limit('sell', { account: 17, size: 4 }))
  const sold = example.run(order('sell', { size: 3, type: 'limit', price: 3_000 }))
  assert.equal(sold, 'accepted, rested 3@3000')
  assert.deepEqual(example.ticks(), ['exit 1@110, rested 1@110'])
})

test('a trailing stop is worth its first trigger, however far it followed', () => {
  const example = createExample([rules({ collarBps: 100, minNotional: 2_000 })])
  example.run(mark(100))
  const trailing = order(
    'buy',
    { type: 'trailing-stop', size: 30 },
    { trail: 6, triggerBy: 'mark' },
  )
  assert.equal(example.run(trailing), 'accepted')
  const id = example.lastId()
  example.run(mark(1))
  assert.equal(example.order(id)?.trigger, 7)
  assert.equal(example.run(amend(id, { size: 7 })), 'amended 7@0 less 0', '106 x 7 x 3 = 2,226')
  assert.equal(example.run(amend(id, { size: 6 })), 'order.notional_too_small')
})

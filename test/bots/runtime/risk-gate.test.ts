// The risk gate at limit - 1, limit and limit + 1 of each of its limits.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRiskGate, type Exposure, type GateOrder } from '#bots/runtime/risk-gate.ts'

const LIMITS = {
  ...{ ordersPerSecond: 3, orderNotional: 1_000, openNotional: 5_000, position: 2_000 },
  ...{ priceBps: 100, dataAgeMs: 5_000 },
}
const NOTHING: Exposure = {
  ...{ openNotional: 0, openSameSide: 0, position: 0 },
  ...{ reference: undefined, dataAgeMs: 0 },
}

function gate(changes: Partial<typeof LIMITS> = {}) {
  const clock = { ms: 0 }
  const made = createRiskGate({ ...LIMITS, ...changes }, () => clock.ms)
  return { clock, check: (order: GateOrder, exposure = NOTHING) => made.check(order, exposure) }
}

const buy = (base: number): GateOrder => ({ side: 'buy', base, price: 10 })
const sell = (base: number): GateOrder => ({ side: 'sell', base, price: 10 })

test('an order may be worth the limit and not one coin more', () => {
  const { check } = gate()
  assert.equal(check(buy(99)), undefined)
  assert.equal(check(buy(100)), undefined)
  assert.equal(check(buy(101)), 'gate.order_notional')
})

test('all open orders together may be worth the limit, this one included', () => {
  const { check } = gate()
  const open = (openNotional: number) => ({ ...NOTHING, openNotional })
  assert.equal(check(buy(100), open(3_990)), undefined)
  assert.equal(check(buy(100), open(4_000)), undefined)
  assert.equal(check(buy(100), open(4_010)), 'gate.open_notional')
})

test('the position after this order and the open ones of its side may reach the limit', () => {
  const { check } = gate({ ordersPerSecond: 100 })
  const at = (position: number, openSameSide = 0) => ({ ...NOTHING, position, openSameSide })
  assert.equal(check(buy(50), at(149)), undefined)
  assert.equal(check(buy(50), at(150)), undefined)
  assert.equal(check(buy(50), at(151)), 'gate.position')
  assert.equal(check(buy(50), at(100, 51)), 'gate.position')
  assert.equal(check(sell(50), at(-150)), undefined)
  assert.equal(check(sell(50), at(-151)), 'gate.position')
})

test('what brings the position nearer to zero passes, even from beyond the limit', () => {
  const { check } = gate()
  assert.equal(check(sell(50), { ...NOTHING, position: 900 }), undefined)
  assert.equal(check(buy(50), { ...NOTHING, position: 900 }), 'gate.position')
})

test('as many orders in any second as the limit says, refused ones not counted', () => {
  const { clock, check } = gate()
  assert.equal(check(buy(101)), 'gate.order_notional')
  for (const ms of [0, 400, 800]) {
    clock.ms = ms
    assert.equal(check(buy(1)), undefined)
  }
  clock.ms = 999
  assert.equal(check(buy(1)), 'gate.order_rate')
  clock.ms = 1_000
  assert.equal(check(buy(1)), undefined, 'the first one is a second old')
  assert.equal(check(buy(1)), 'gate.order_rate')
})

test('an order may be priced worse than the reference by the limit, and better by anything', () => {
  const { check } = gate({ ordersPerSecond: 100 })
  const at = { ...NOTHING, reference: 1_000 }
  const order = (side: 'buy' | 'sell', price: number) => check({ side, base: 0.1, price }, at)
  assert.deepEqual(
    [1_009.9, 1_010].map((price) => order('buy', price)),
    [undefined, undefined],
  )
  assert.equal(order('buy', 1_010.1), 'gate.price_distance')
  assert.deepEqual(
    [990.1, 990].map((price) => order('sell', price)),
    [undefined, undefined],
  )
  assert.equal(order('sell', 989.9), 'gate.price_distance')
  assert.equal(order('buy', 1), undefined)
})

test('what was told may be as old as the limit, and older only for closing', () => {
  const { check } = gate({ ordersPerSecond: 100 })
  const aged = (dataAgeMs: number, position = 0) => ({ ...NOTHING, dataAgeMs, position })
  assert.equal(check(buy(1), aged(4_999)), undefined)
  assert.equal(check(buy(1), aged(5_000)), undefined)
  assert.equal(check(buy(1), aged(5_001)), 'gate.stale_data')
  assert.equal(check(buy(1), aged(Number.POSITIVE_INFINITY)), 'gate.stale_data')
  assert.equal(check(sell(1), aged(5_001, 5)), undefined)
})

test('what cannot be judged does not pass', () => {
  const { check } = gate()
  assert.equal(check({ side: 'buy', base: 1, price: undefined }), 'gate.no_price')
  assert.equal(check({ side: 'buy', base: Number.NaN, price: 10 }), 'gate.no_price')
  assert.equal(check({ side: 'buy', base: 1, price: Number.NaN }), 'gate.no_price')
})

// Market making on the bench: what it quotes, how it leans, when it moves.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import marketMaking from '#bots/strategies/market-making.ts'
import { type Bench, createBench, type Place, placed } from '../strategy-bench.ts'

const PARAMS = {
  ...{ markets: ['BTC-USDC'], levelsBps: [10, 20], levelQuote: 10_000 },
  ...{ thresholdBps: 3, inventoryQuote: 100_000, skewBps: 8, staleMs: 2_000 },
}

function price(bench: Bench, value: string) {
  return bench.update('reference', { kind: 'price', symbol: 'BTC-USDC', price: value, at: 1 })
}

function holds(bench: Bench, btc: string) {
  const balances = [{ asset: 'BTC', available: btc, held: '0' }]
  bench.send({ kind: 'balances', venue: 'internal', balances })
}

function accept(bench: Bench, orders: readonly Place[]) {
  return orders.flatMap((order) => bench.settle(order, { state: 'open' }))
}

function quotes(orders: readonly Place[]) {
  return orders.map(({ request }) => [request.side, request.limitPrice, request.quantity.amount])
}

test('quotes every level of both sides around the reference price, post-only', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  const orders = placed(price(bench, '40000'))
  assert.deepEqual(quotes(orders), [
    ['buy', '39960.0', '0.25025'],
    ['buy', '39920.0', '0.25050'],
    ['sell', '40040.0', '0.24975'],
    ['sell', '40080.0', '0.24950'],
  ])
  assert.ok(orders.every(({ request }) => request.postOnly === true))
  assert.ok(orders.every(({ request }) => request.timeInForce === 'GTC'))
})

test('prices round away from the touch, so that a bid is never above what was meant', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  const [bid, , ask] = placed(price(bench, '40000.777'))
  assert.equal(bid?.request.limitPrice, '39960.7')
  assert.equal(ask?.request.limitPrice, '40040.8')
})

test('moves a quote beyond the threshold, the old one goes when the new one rests', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  const first = placed(price(bench, '40000'))
  accept(bench, first)
  assert.deepEqual(placed(price(bench, '40010')), [], '2.5 bps is within the threshold')
  const moved = placed(price(bench, '40014'))
  assert.deepEqual(
    quotes(moved).map(([side]) => side),
    ['buy', 'sell'],
    'the near levels move at 3.5 bps, the far ones only beyond 6.7 bps',
  )
  const [bid] = moved
  assert.ok(bid !== undefined)
  assert.deepEqual(
    price(bench, '40040').filter(({ kind }) => kind === 'cancel'),
    [],
  )
  const actions = bench.settle(bid, { state: 'open' })
  const old = { kind: 'cancel', venue: 'internal', id: first[0]?.request.clientOrderId }
  assert.deepEqual(actions, [old])
})

test('a quote that would have taken is put up again by the next price', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  const [bid, ...rest] = placed(price(bench, '40000'))
  assert.ok(bid !== undefined)
  accept(bench, rest)
  bench.settle(bid, { state: 'refused', code: 'order.post_only_would_take' })
  assert.deepEqual(quotes(placed(price(bench, '40000'))), [['buy', '39960.0', '0.25025']])
})

test('a refusal of the gate leaves the old quote where it is', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  accept(bench, placed(price(bench, '40000')))
  const [bid] = placed(price(bench, '40020'))
  assert.ok(bid !== undefined)
  assert.deepEqual(bench.settle(bid, { state: 'refused', code: 'gate.order_rate' }), [])
})

test('inventory above the beginning shifts all quotes down, below it up', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  holds(bench, '10')
  accept(bench, placed(price(bench, '40000')))
  holds(bench, '11.25')
  const half = placed(price(bench, '40000'))
  assert.deepEqual(quotes(half)[0]?.slice(0, 2), ['buy', '39944.0'], '4 bps for half of it')
  accept(bench, half)
  holds(bench, '2')
  assert.deepEqual(quotes(placed(price(bench, '40000')))[0]?.slice(0, 2), ['buy', '39991.9'])
})

test('the inventory it began with is remembered over a restart', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  holds(bench, '10')
  price(bench, '40000')
  const saved = bench.state()
  assert.deepEqual(saved, { baseline: { 'BTC-USDC': 10 } })
  const again = createBench(marketMaking, { params: PARAMS, saved: Object(saved), run: 'two' })
  holds(again, '11.25')
  assert.equal(placed(price(again, '40000'))[0]?.request.limitPrice, '39944.0')
})

test('a level that is mostly filled is put up again at once', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  const orders = placed(price(bench, '40000'))
  accept(bench, orders)
  const [bid] = orders
  assert.ok(bid !== undefined)
  assert.deepEqual(bench.settle(bid, { state: 'open', filledBase: '0.12' }), [])
  const actions = bench.settle(bid, { state: 'open', filledBase: '0.13' })
  assert.deepEqual(
    actions.map(({ kind }) => kind),
    ['cancel'],
  )
  bench.settle(bid, { state: 'cancelled', filledBase: '0.13' })
  assert.equal(placed(price(bench, '40000')).length, 1)
})

test('without a reference price for a while it takes its quotes away', () => {
  const bench = createBench(marketMaking, { params: PARAMS })
  accept(bench, placed(price(bench, '40000')))
  assert.deepEqual(bench.send({ kind: 'timer', timer: 0 }), [])
  bench.passMs(2_500)
  const actions = bench.send({ kind: 'timer', timer: 0 })
  assert.deepEqual(actions, [{ kind: 'cancelAll', venue: 'internal', symbol: 'BTC-USDC' }])
  bench.send({ kind: 'pause' })
  assert.deepEqual(placed(price(bench, '41000')), [])
  bench.send({ kind: 'resume' })
  assert.equal(placed(price(bench, '41000')).length, 4)
})

test('parameters that do not fit or are not known are refused by name', () => {
  const params = { ...PARAMS, levelQuote: -1 }
  assert.throws(() => createBench(marketMaking, { params }), /levelQuote/)
  assert.throws(() => createBench(marketMaking, { params: { spread: 1 } }), /spread/)
})

// The simulated exchange: every kind of order against prices alone, by the real engine's rules.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSimulatedExchange } from '#connectors/simulated/exchange.ts'
import type { Instrument, OrderRequest } from '#connectors/venue.ts'

const ETH: Instrument = {
  ...{ symbol: 'ETH-USDC', base: 'ETH', quote: 'USDC', kind: 'order-book', tick: '0.01' },
  ...{ lot: '0.0001', takerFee: '0.001', makerFee: '0', minNotional: '1' },
}

function begin(price = 100) {
  const exchange = createSimulatedExchange({
    ...{ instruments: [ETH], balances: { USDC: '10000', ETH: '10' }, startAt: 1_000_000_000 },
  })
  exchange.jumpTo('ETH-USDC', price)
  let count = 0
  const place = (order: Partial<OrderRequest>) => {
    count += 1
    const quantity = { in: 'base', amount: '1' } as const
    return exchange.place({
      ...{ clientOrderId: `o${count}`, sentAt: 1, symbol: 'ETH-USDC', side: 'buy', quantity },
      ...{ timeInForce: order.limitPrice === undefined ? 'IOC' : 'GTC', ...order },
    })
  }
  /** Side, size and average price of the fills since the last look. */
  const fills = () =>
    exchange.changes().flatMap((change) => {
      if (change.kind !== 'fill') return []
      const { side, base, quote } = change.fill
      return [`${side} ${Number(base)} at ${Number(quote) / Number(base)}`]
    })
  const move = (...prices: number[]) => {
    for (const one of prices) exchange.moveTo('ETH-USDC', one)
    return fills()
  }
  return { exchange, place, move, fills }
}

test('a market order is filled at the price, with the fee of a taker', () => {
  const { exchange, place } = begin()
  const answer = place({ quantity: { in: 'base', amount: '2' } })
  assert.ok(answer.kind === 'accepted')
  assert.deepEqual([answer.order.state, answer.order.filledQuote], ['filled', '200.000000'])
  assert.equal(answer.fills[0]?.fee.amount, '0.200000')
  assert.equal(exchange.balances().get('USDC')?.available, '9799.800000')
})

test('a limit order rests at a touch and is filled at its price when it is gone through', () => {
  const { place, move } = begin()
  place({ limitPrice: '95' })
  assert.deepEqual(move(95), [])
  assert.deepEqual(move(94), ['buy 1 at 95'])
})

test('a limit order that could take is filled at the price, which is better', () => {
  const answer = begin().place({ limitPrice: '120' })
  assert.ok(answer.kind === 'accepted' && answer.order.filledQuote === '100.000000')
})

test('stops, take-profits and trailing stops fire at their prices', () => {
  const sale = { side: 'sell', timeInForce: 'GTC' } as const
  for (const [order, path, filled] of [
    [{ ...sale, type: 'stop', triggerPrice: '95' }, [90], 'sell 1 at 95'],
    [{ ...sale, type: 'take-profit', triggerPrice: '105' }, [110], 'sell 1 at 105'],
    [{ side: 'buy', timeInForce: 'GTC', type: 'stop', triggerPrice: '105' }, [110], 'buy 1 at 105'],
    [{ ...sale, type: 'trailing-stop', trail: '10' }, [160, 120], 'sell 1 at 150'],
  ] as const) {
    const { place, move } = begin()
    const answer = place(order)
    assert.equal(answer.kind, 'accepted')
    assert.deepEqual(move(...path), [filled], JSON.stringify(order))
  }
})

test('an oco sells at one of its prices and never at both', () => {
  const oco = { side: 'sell', type: 'oco', limitPrice: '110', triggerPrice: '95' } as const
  for (const [path, filled] of [
    [[111, 90], 'sell 1 at 110'],
    [[94, 120], 'sell 1 at 95'],
  ] as const) {
    const { place, move } = begin()
    place(oco)
    assert.deepEqual(move(...path), [filled])
  }
})

test('a bracket opens its exit with its entry, under the number of the venue', () => {
  const { exchange, place, move } = begin()
  const answer = place({ takeProfitPrice: '110', triggerPrice: '95' })
  assert.equal(answer.kind, 'accepted')
  exchange.passTo(1_000_001_000)
  exchange.changes()
  assert.deepEqual(move(112), ['sell 1 at 110'])
})

test('a GTD order is over when its time is', () => {
  const { exchange, place } = begin()
  place({ limitPrice: '90', timeInForce: 'GTD', expireAt: 1_000_500_000 })
  assert.equal(exchange.order('o1')?.state, 'open')
  exchange.passTo(1_000_500_000)
  assert.deepEqual(
    [exchange.order('o1')?.state, exchange.order('o1')?.code],
    ['cancelled', 'order.expired'],
  )
})

test('what the engine refuses is refused, and a cancel answers the final state', () => {
  const { exchange, place } = begin()
  const refused = (order: Partial<OrderRequest>) => {
    const answer = place(order)
    return answer.kind === 'refused' ? answer.code : answer.kind
  }
  assert.equal(refused({ quantity: { in: 'base', amount: '1000' } }), 'funds.insufficient')
  assert.equal(refused({ limitPrice: '95.001' }), 'order.price_off_tick')
  assert.equal(refused({ limitPrice: '120', postOnly: true }), 'order.post_only_would_take')
  assert.equal(
    refused({ type: 'stop', triggerPrice: '90', timeInForce: 'GTC' }),
    'order.would_trigger',
  )
  place({ limitPrice: '90' })
  assert.equal(exchange.cancel('o5')?.state, 'cancelled')
  assert.equal(exchange.cancel('o5')?.state, 'cancelled')
  assert.equal(exchange.cancel('nobody'), undefined)
  assert.equal(exchange.balances().get('USDC')?.held, '0.000000')
})

test('an instrument with more decimals than the engine has is refused by name', () => {
  const fine = { ...ETH, tick: '0.00001', lot: '0.00001' }
  const options = { instruments: [fine], balances: {}, startAt: 1 }
  assert.throws(() => createSimulatedExchange(options), /ETH-USDC has too many decimals/)
})

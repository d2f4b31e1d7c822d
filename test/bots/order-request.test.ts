// What a strategy wrote of an arbitrage between pools, as the venue of all pools is asked.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewOrder } from '#bots/market.ts'
import { orderRequest } from '#bots/order-request.ts'
import { defineStrategy } from '#bots/strategy.ts'
import type { Instrument } from '#connectors/venue.ts'
import { BOOK, createBench, placed } from './strategy-bench.ts'

const [book] = BOOK
assert.ok(book !== undefined)
const pool: Instrument = { ...book, kind: 'pool' }

function asked(order: Partial<NewOrder>, instrument: Instrument = pool) {
  const pricing = { price: 40_000, equity: 0 } as never // Not looked at for quote coins.
  const whole = { side: 'sell', quote: 1_000, timeInForce: 'FOK', ...order } as const
  const result = orderRequest(whole, { instrument, pricing, id: 'a-1', now: 1 })
  return result.ok ? result.request.minProfit : result.code
}

test('a floor rounds up, so that it is never less than what was asked for', () => {
  assert.equal(asked({ minProfit: 0.021 }), '0.03')
  assert.equal(asked({ minProfit: 0 }), '0.00')
  assert.equal(asked({ minProfit: '0.0213' }), '0.0213', 'a text is sent as it is')
})

test('what is no floor never leaves, nor does one for a book', () => {
  for (const minProfit of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
    assert.equal(asked({ minProfit }), 'bot.not_a_number')
  }
  assert.equal(asked({ minProfit: 1 }, book), 'bot.not_at_this_venue')
  assert.equal(asked({ minProfit: 1, timeInForce: 'GTC' }), 'bot.not_at_this_venue')
  assert.equal(asked({ minProfit: 1, trigger: 1 }), 'bot.not_at_this_venue')
})

test('a quote of the venue tells a strategy the route and its gas', () => {
  const asking = defineStrategy({
    ...{ name: 'asking', params: {}, state: { route: [] as readonly string[], gas: '' } },
    setup(ctx) {
      const market = ctx.market('uniswap:BTC-USDC')
      market.onBook(() =>
        market.quote({ side: 'buy', size: 0.5 }, (quote) => {
          if (quote.kind !== 'quote') return
          ctx.state.route = quote.route ?? []
          ctx.state.gas = quote.gas?.amount ?? ''
        }),
      )
    },
  })
  const bench = createBench(asking, { params: {} })
  const levels = [{ price: '40000', size: '1' }]
  const actions = bench.update('uniswap', {
    ...{ kind: 'book', symbol: 'BTC-USDC', bids: levels, asks: levels, at: 1 },
  })
  const [question] = actions.filter((action) => action.kind === 'quote')
  assert.ok(question !== undefined && placed(actions).length === 0)
  const route = ['BTC-ETH-500', 'ETH-USDC']
  const gas = { asset: 'ETH', amount: '0.0002' }
  const quote = { kind: 'quote', base: '0.5', quote: '20000', at: 1, route, gas } as const
  bench.send({ kind: 'quote', no: question.no, quote })
  assert.deepEqual(bench.state(), { route, gas: '0.0002' })
})

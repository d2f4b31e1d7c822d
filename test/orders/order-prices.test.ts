// Order prices: what is refused for their order is what the engine calls malformed, and no more.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_EXTRA } from '#engine/codec/extra.ts'
import { asUnit } from '#kernel/amount.ts'
import { wrongPrice } from '#platform/orders/order-prices.ts'
import { opening, stamp } from '#test/support/commands.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { order } from '#test/support/example.ts'

const engine = createDriver()
let seq = 0
const run = (body: Parameters<typeof stamp>[0]) => {
  seq += 1
  return engine.apply(stamp(body, seq)).code
}
for (const body of opening()) assert.equal(run(body), null)

const PRICES = [0, 99, 100, 101] as const
const TRIPLES = PRICES.flatMap((price) =>
  PRICES.flatMap((trigger) => PRICES.map((profit) => ({ price, trigger, profit }))),
)

test('an oco is refused for the order of its prices exactly when the engine would', () => {
  for (const side of ['buy', 'sell'] as const) {
    for (const { price, trigger } of TRIPLES.filter(({ profit }) => profit === 0)) {
      const said = run(order(side, { type: 'oco', price }, { triggerPrice: trigger }))
      const extra = { ...NO_EXTRA, triggerPrice: asUnit<never>(trigger) }
      const wrong = wrongPrice({ type: 'oco', side }, price, extra)
      assert.equal(wrong !== undefined, said === 'request.malformed', `${side} ${price} ${trigger}`)
    }
  }
})

test('so is a bracket, by a limit or at the market', () => {
  for (const type of ['limit', 'market'] as const) {
    for (const { price, trigger, profit } of TRIPLES) {
      if (profit === 0 || (type === 'market' && price !== 0)) continue
      const timeInForce = type === 'market' ? 'IOC' : 'GTC'
      const prices = { triggerPrice: trigger, takeProfitPrice: profit }
      const said = run(order('buy', { type, price, timeInForce }, prices))
      const extra = {
        ...NO_EXTRA,
        ...{ triggerPrice: asUnit<never>(trigger), takeProfitPrice: asUnit<never>(profit) },
      }
      const wrong = wrongPrice({ type, side: 'buy' }, price, extra)
      const about = `${type} ${price} ${trigger} ${profit}: ${said}`
      assert.equal(wrong !== undefined, said === 'request.malformed', about)
    }
  }
})

test('a bracket that sells has no right order of prices: the engine refuses it', () => {
  const prices = { triggerPrice: 101, takeProfitPrice: 99 }
  assert.equal(run(order('sell', {}, prices)), 'request.malformed')
  const extra = {
    ...NO_EXTRA,
    ...{ triggerPrice: asUnit<never>(101), takeProfitPrice: asUnit<never>(99) },
  }
  assert.equal(wrongPrice({ type: 'limit', side: 'sell' }, 100, extra), undefined)
})

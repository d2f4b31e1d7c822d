// Trailing stops: who reads his order is told where its trigger stands now.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asId } from '#kernel/ids.ts'
import { withCurrentTrigger } from '#platform/orders/current-triggers.ts'
import { plain } from '#test/sequencer/sequencers.ts'
import { rules } from '#test/support/example.ts'
import { createCustomer, createExchange } from './exchange.ts'

const exchange = await createExchange()
const ada = await createCustomer(exchange, 'ada')
const bob = await createCustomer(exchange, 'bob')
const eve = await createCustomer(exchange, 'eve')

const market = exchange.views.listing.marketBySymbol('ETH-USDC')
const collar = rules({ market: asId(Number(market?.id)), collarBps: 500 })
assert.equal((await exchange.sequencer.submit(plain(collar))).code, null)

type Customer = typeof ada

async function place(customer: Customer, more: object) {
  const body = { market: 'ETH-USDC', type: 'limit', size: '0.1', ...more }
  const answer = await customer.post('/v1/orders', body)
  assert.equal(answer.status, 201, answer.text)
  return answer.body.order
}

/** A trade there between the two others. */
async function tradeAt(price: string): Promise<void> {
  await place(bob, { side: 'sell', price })
  await place(eve, { side: 'buy', price })
}

async function triggerOf(id: number): Promise<string | undefined> {
  const answer = await ada.get(`/v1/orders/${id}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.body.order.currentTrigger
}

/** Asked again while it is left out, as by an engine that has no time. */
async function followed(id: number): Promise<string> {
  for (;;) {
    const trigger = await triggerOf(id)
    if (trigger !== undefined) return trigger
  }
}

test('the trigger follows the trades, in every way to read, until it is met', async () => {
  await tradeAt('2000.00')
  const sale = { side: 'sell', type: 'trailing-stop', size: '0.05' }
  const { id } = await place(ada, { ...sale, trail: '50.00', clientOrderId: 'mine' })
  const { id: inBps } = await place(ada, { ...sale, trailBps: 500 })
  const fixed = await place(ada, { ...sale, type: 'stop', triggerPrice: '1500.00' })
  for (const [price, trigger, bps] of [
    ['2000.00', '1950.00', '1900.00'],
    ['2040.00', '1990.00', '1938.00'],
    ['2000.00', '1990.00', '1938.00'],
    ['2060.00', '2010.00', '1957.00'],
  ] as const) {
    await tradeAt(price)
    assert.deepEqual([await followed(id), await followed(inBps)], [trigger, bps])
  }
  assert.equal(await triggerOf(fixed.id), undefined, 'a fixed one is its triggerPrice')
  const byOwn = await ada.get('/v1/orders/by-client-id/mine')
  assert.equal(byOwn.body.order.currentTrigger, '2010.00')
  const list = await ada.get('/v1/orders')
  assert.deepEqual(
    list.body.items.map(({ currentTrigger }) => currentTrigger),
    [undefined, '1957.00', '2010.00'],
  )
  assert.equal((await eve.get(`/v1/orders/${id}`)).status, 404)
  await tradeAt('2010.00')
  await place(bob, { side: 'buy', price: '1800.00' })
  assert.deepEqual([await triggerOf(id), await followed(inBps)], [undefined, '1957.00'])
  await ada.delete(`/v1/orders/${inBps}`)
  assert.equal(await triggerOf(inBps), undefined)
})

test('who asks is answered without the trigger while the engine has no time', async () => {
  const { id } = await place(ada, { side: 'sell', type: 'trailing-stop', trail: '50.00' })
  assert.ok(await followed(id))
  const row = exchange.views.order(asId(id)) ?? assert.fail('it is open')
  const { views } = exchange
  for (const triggersOf of [() => Promise.resolve(null), () => new Promise<never>(() => {})]) {
    const { currentTrigger, ...order } = await withCurrentTrigger(
      { sequencer: { triggersOf }, views },
      row,
    )
    assert.deepEqual([currentTrigger, order.id, order.status], [undefined, id, 'open'])
  }
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})

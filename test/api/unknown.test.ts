// Unknown: replies that get lost, and a platform that is full.
//
// A timeout is not a failure: 504 says that it may have happened, and the same id asked again
// answers what did. 503 says that nothing happened.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupReplies, type Reply, type Sequencer } from '#sequencer/port.ts'
import { PROJECTOR_BACKLOG_MAX } from '#views/projector.ts'
import { createCustomer, createExchange } from './exchange.ts'

const LOST: Reply = { seq: 0, code: 'unknown', duplicate: false, events: [] }
const FULL: Reply = { seq: 0, code: 'capacity.exhausted', duplicate: false, events: [] }
const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }

const weather: { now: 'fine' | 'replies are lost' | 'full'; backlog: number } = {
  ...{ now: 'fine', backlog: 0 },
}

function inWeather(sequencer: Sequencer): Sequencer {
  return {
    ...sequencer,
    submit: async (body) => {
      if (weather.now === 'full') return FULL
      const reply = await sequencer.submit(body)
      return weather.now === 'fine' ? reply : LOST
    },
    submitAll: async (bodies) => {
      if (weather.now === 'full') return groupReplies(bodies.map(() => FULL))
      const replies = await sequencer.submitAll(bodies)
      return weather.now === 'fine' ? replies : groupReplies(bodies.map(() => LOST))
    },
  }
}

const overrides = { projectorLag: () => weather.backlog }
const exchange = await createExchange({ wrap: inWeather, serve: overrides })
const ada = await createCustomer(exchange, 'ada')

test('a lost reply is 504 unknown, and the same id tells what happened', async () => {
  weather.now = 'replies are lost'
  const body = { ...LIMIT, clientOrderId: 'lost-1', sentAt: exchange.clock() }
  const lost = await ada.post('/v1/orders', body)
  assert.deepEqual([lost.status, lost.body.code], [504, 'unknown'])
  weather.now = 'fine'
  const again = await ada.post('/v1/orders', body)
  assert.equal(again.status, 201)
  const open = await ada.get('/v1/orders?status=open')
  assert.equal(open.body.items.length, 1, 'it was placed once')
  assert.equal(open.body.items[0]?.id, again.body.order.id)
})

test('every request that moves money or orders says unknown in the same way', async () => {
  const { id } = (await ada.post('/v1/orders', LIMIT)).body.order
  weather.now = 'replies are lost'
  const answers = [
    await ada.post('/v1/accounts', { requestId: 'a', name: 'x' }),
    await ada.post('/v1/faucet', { requestId: 'f' }),
    await ada.delete(`/v1/orders/${id}`),
    await ada.delete('/v1/orders'),
  ]
  for (const answer of answers) {
    assert.deepEqual([answer.status, answer.body.code], [504, 'unknown'], answer.text)
  }
  weather.now = 'fine'
  assert.equal((await ada.delete(`/v1/orders/${id}`)).body.order.status, 'cancelled')
  assert.equal((await ada.post('/v1/accounts', { requestId: 'a', name: 'x' })).status, 201)
  assert.equal((await ada.get('/v1/accounts')).body.items.length, 2)
})

test('a full sequencer is 503 with Retry-After, and nothing happened', async () => {
  weather.now = 'full'
  const full = await ada.post('/v1/orders', { ...LIMIT, clientOrderId: 'full-1' })
  assert.deepEqual([full.status, full.body.code], [503, 'capacity.exhausted'])
  assert.equal(full.headers['retry-after'], '1')
  weather.now = 'fine'
  assert.equal((await ada.get('/v1/orders/by-client-id/full-1')).status, 404)
})

test('past the backlog of the projector new orders are 503 while cancels pass', async () => {
  const { id } = (await ada.post('/v1/orders', LIMIT)).body.order
  weather.backlog = PROJECTOR_BACKLOG_MAX
  assert.equal((await ada.post('/v1/orders', LIMIT)).status, 201)
  weather.backlog = PROJECTOR_BACKLOG_MAX + 1
  const refused = await ada.post('/v1/orders', LIMIT)
  assert.deepEqual([refused.status, refused.body.code], [503, 'capacity.exhausted'])
  assert.equal((await ada.delete(`/v1/orders/${id}`)).body.order.status, 'cancelled')
  assert.equal((await ada.delete('/v1/orders')).status, 200)
  weather.backlog = 0
})

// A key's limits over HTTP: its markets, its account, its scopes; and its window when sequenced.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asMicros } from '#kernel/time.ts'
import { type Answer, createCustomer, createExchange, signedCall } from './exchange.ts'

/** The time that a request takes on its way, such as behind a stalled process, passes at once. */
const way = { us: 0, passedUs: 0 }
const passWay = (): void => {
  way.passedUs += way.us
  way.us = 0
}
const nowMs = () => Date.now() + way.passedUs / 1_000
const exchange = await createExchange({
  clock: () => asMicros(nowMs() * 1_000),
  wrap: (sequencer) => ({
    ...sequencer,
    submit: (body, limits) => {
      passWay()
      return sequencer.submit(body, limits)
    },
    submitAll: (bodies, limits) => {
      passWay()
      return sequencer.submitAll(bodies, limits)
    },
  }),
})
const ada = await createCustomer(exchange, 'ada')
const ORDER = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }

async function keyOf(limits: object) {
  const made = await ada.post('/v1/auth/keys', {
    name: 'bot',
    scopes: ['read', 'trade'],
    ...limits,
  })
  assert.equal(made.status, 201, made.text)
  return made.body
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Key = Parameters<typeof signedCall>[1]
const by =
  (key: Key) =>
  (method: Method, url: string, body?: unknown): Promise<Answer> =>
    signedCall(exchange.app, key, { method, url, body }, nowMs)

test('a key of some markets trades there and changes nothing elsewhere', async () => {
  const ask = by(await keyOf({ markets: ['BTC-USDC'] }))
  const placed = await ask('POST', '/v1/orders', ORDER)
  assert.equal(placed.status, 201, placed.text)
  const other = { ...ORDER, market: 'ETH-USDC' }
  const refused = await ask('POST', '/v1/orders', other)
  assert.deepEqual([refused.status, refused.body.code], [403, 'auth.forbidden'])
  const theirs = (await ada.post('/v1/orders', { ...other, size: '1' })).body.order
  assert.equal((await ask('DELETE', `/v1/orders/${theirs.id}`)).status, 403)
  assert.equal((await ask('DELETE', '/v1/orders')).status, 403)
  assert.equal((await ask('DELETE', '/v1/orders?market=ETH-USDC')).status, 403)
  assert.equal((await ada.get(`/v1/orders/${theirs.id}`)).body.order.status, 'open')
  const amend = await ask('PATCH', `/v1/orders/${theirs.id}`, { size: '2' })
  assert.deepEqual([amend.status, amend.body.code], [403, 'auth.forbidden'])
  const { id } = placed.body.order
  assert.equal((await ask('PATCH', `/v1/orders/${id}`, { size: '0.2' })).status, 200)
  const orders = [
    ...[{ place: other }, { amend: { id: theirs.id, size: '2' } }, { cancel: { id: theirs.id } }],
    { amend: { id, size: '0.1' } },
  ]
  const batch = JSON.parse((await ask('POST', '/v1/orders/batch', { orders })).text)
  const statuses = batch.results.map((one: { status: number }) => one.status)
  assert.deepEqual(statuses, [403, 403, 403, 200])
  const finished = (await ada.post('/v1/orders', { ...other, size: '1' })).body.order
  await ada.delete(`/v1/orders/${finished.id}`)
  assert.equal((await ask('DELETE', `/v1/orders/${finished.id}`)).status, 403)
  for (const [url, body] of [
    ['/v1/orders/cancel-after', { cancelAfterMs: 1_000 }],
    [`/v1/accounts/${ada.account}/close`, { requestId: 'r' }],
    ['/v1/accounts', { requestId: 'r', name: 'n' }],
    ['/v1/faucet', { requestId: 'r' }],
    ['/v1/transfers', { requestId: 'r', from: 1, to: 2, asset: 'USDC', amount: '1' }],
    ['/v1/bots/maker/pause', undefined],
  ] as const) {
    assert.equal((await ask('POST', url, body)).status, 403, url)
  }
  assert.equal((await ask('DELETE', `/v1/orders/${placed.body.order.id}`)).status, 200)
  assert.equal((await ask('DELETE', '/v1/orders?market=BTC-USDC')).body.cancelled, 0)
})

test('no key reaches what takes a person, whatever its scopes', async () => {
  const scopes = ['read', 'trade', 'withdraw', 'rebalance', 'deploy']
  const ask = by(await keyOf({ scopes }))
  for (const [method, url, body] of [
    ['GET', '/v1/auth/keys', undefined],
    ['POST', '/v1/auth/keys', { name: 'another', scopes: ['read'] }],
    ['GET', '/v1/auth/sessions', undefined],
    ['POST', '/v1/auth/totp', { password: 'x' }],
  ] as const) {
    assert.equal((await ask(method, url, body)).status, 403, url)
  }
  const admin = await ada.post('/v1/auth/keys', { name: 'root', scopes: ['admin'] })
  assert.equal(admin.status, 400)
})

test('a request that grew old on its way is refused when it is sequenced', async () => {
  const key = await keyOf({})
  const before = exchange.sequencer.status().releasedSeq
  const overdue = (ask: () => Promise<Answer>) => {
    way.us = 5_100_000
    return ask()
  }
  const order = { ...ORDER, clientOrderId: 'late' }
  const late = await overdue(() => by(key)('POST', '/v1/orders', order))
  assert.deepEqual([late.status, late.body.code], [401, 'auth.expired'])
  assert.equal(exchange.sequencer.status().releasedSeq, before)
  assert.equal((await ada.get('/v1/orders/by-client-id/late')).status, 404)
  const batch = { orders: [{ place: ORDER }, { place: ORDER }] }
  const orders = await overdue(() => by(key)('POST', '/v1/orders/batch', batch))
  const all = await overdue(() => by(key)('DELETE', '/v1/orders'))
  const { results } = JSON.parse(orders.text)
  assert.deepEqual(
    results.map((one: { code: string }) => one.code),
    ['auth.expired', 'auth.expired'],
  )
  assert.equal(all.body.code, 'auth.expired')
  assert.equal(exchange.sequencer.status().releasedSeq, before)
})

test('the sequencer takes a deadline to the microsecond', async () => {
  const submit = (aheadUs: number) =>
    exchange.sequencer.submit(
      { kind: 'openAccount', userId: `deadline${aheadUs}` },
      { notAfter: asMicros(exchange.clock() + aheadUs) },
    )
  assert.deepEqual((await submit(-1)).code, 'auth.expired')
  assert.deepEqual((await submit(1_000_000)).code, null)
})

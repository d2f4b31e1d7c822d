// Batches: up to twenty commands in one request, one group, each with its own result.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asId } from '#kernel/ids.ts'
import { GROUP_MAX } from '#sequencer/port.ts'
import { createCustomer, createExchange } from './exchange.ts'
import { createRecorder } from './recorder.ts'

type Result = {
  readonly status: number
  readonly code?: string
  readonly order?: { readonly id: number; readonly status: string; readonly clientOrderId: string }
  readonly fills?: readonly object[]
}

const recorder = createRecorder()
const exchange = await createExchange({ wrap: recorder.wrap })
const ada = await createCustomer(exchange, 'ada')
const bob = await createCustomer(exchange, 'bob')

const limit = (clientOrderId: string, more: object = {}) => ({
  ...{ market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' },
  ...{ clientOrderId, ...more },
})
const place = (clientOrderId: string, more: object = {}) => ({
  place: limit(clientOrderId, more),
})

async function batch(orders: readonly object[], customer = ada): Promise<readonly Result[]> {
  const answer = await customer.post('/v1/orders/batch', { orders })
  assert.equal(answer.status, 200, answer.text)
  return JSON.parse(answer.text).results
}

test('places, cancels and refusals of one batch each say what became of them', async () => {
  const [first] = await batch([place('one')])
  assert.deepEqual([first?.status, first?.order?.status], [201, 'open'])
  recorder.groups.length = 0
  const results = await batch([
    place('two'),
    { cancel: { id: first?.order?.id } },
    place('three', { size: '0.000001' }),
    place('four', { size: '900000' }),
    { cancel: { clientOrderId: 'nobody' } },
    { cancel: { clientOrderId: 'one' } },
  ])
  assert.deepEqual(
    results.map(({ status, code, order }) => [status, code ?? order?.status]),
    [
      [201, 'open'],
      [200, 'cancelled'],
      [422, 'order.size_off_lot'],
      [422, 'funds.insufficient'],
      [404, 'not_found'],
      [200, 'cancelled'],
    ],
  )
  assert.deepEqual(recorder.groups, [4], 'what is refused before is not sequenced')
  await ada.delete('/v1/orders')
})

test('a result of a batch is what the order alone answers, byte for byte', async () => {
  await batch([place('same')])
  const alone = await ada.post('/v1/orders', limit('same'))
  const [again] = await batch([place('same')])
  assert.equal(alone.status, 201)
  assert.deepEqual({ status: 201, ...JSON.parse(alone.text) }, again)
  await ada.delete('/v1/orders')
})

test('who asks for acknowledgements gets status and id, and refusals as always', async () => {
  const ask = async (orders: readonly object[], more: object = { answers: 'ack' }) => {
    const { status, text } = await ada.post('/v1/orders/batch', { orders, ...more })
    assert.equal(status, 200, text)
    return { text, results: JSON.parse(text).results }
  }
  const placed = await ask([place('ack-1'), place('ack-2')])
  const id = (of: string) => exchange.views.orderByClientId(asId(ada.account), of)?.id
  const [first, second] = [id('ack-1'), id('ack-2')]
  assert.equal(
    placed.text,
    `{"results":[{"status":201,"id":${first}},{"status":201,"id":${second}}]}`,
  )
  assert.equal((await ask([place('ack-1'), place('ack-2')])).text, placed.text, 'a repetition')
  const refused = [place('ack-3', { size: '0.000001' }), { cancel: { clientOrderId: 'nobody' } }]
  const mixed = await ask([...refused, { cancel: { id: first } }, place('ack-1', { size: '9' })])
  const full = await ask([...refused, { cancel: { id: first } }, place('ack-1', { size: '9' })], {})
  assert.deepEqual(mixed.results[2], { status: 200, id: first })
  assert.deepEqual(full.results[2].order.status, 'cancelled')
  for (const at of [0, 1, 3]) assert.deepEqual(mixed.results[at], full.results[at])
  assert.equal(mixed.results[3].code, 'idempotency.mismatch')
  const over = await ask([{ cancel: { clientOrderId: 'ack-1' } }, { cancel: { id: second } }])
  assert.deepEqual(
    over.results,
    [first, second].map((one) => ({ status: 200, id: one })),
  )
  for (const answers of ['none', 1, null]) {
    const wrong = await ada.post('/v1/orders/batch', { orders: [place('x')], answers })
    assert.equal(wrong.status, 400)
  }
})

test('orders of one batch trade with what is there, in their order', async () => {
  await batch([place('maker', { size: '0.15' })])
  const sale = { side: 'sell', timeInForce: 'IOC' }
  const results = await batch([place('s1', sale), place('s2', sale), place('s3', sale)], bob)
  assert.deepEqual(
    results.map(({ order, fills }) => [order?.status, fills?.length]),
    [
      ['filled', 1],
      ['cancelled', 1],
      ['cancelled', 0],
    ],
  )
})

test(`a batch has 1 to ${GROUP_MAX} commands, and each is exactly one`, async () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => place(`many-${i}`))
  assert.equal((await batch(many(GROUP_MAX))).length, GROUP_MAX)
  await ada.delete('/v1/orders')
  const both = { ...place('x'), cancel: { id: 1 } }
  for (const orders of [[], many(GROUP_MAX + 1), [{}], [both], [{ swap: {} }], [place('x'), 7]]) {
    const answer = await ada.post('/v1/orders/batch', { orders })
    assert.deepEqual([answer.status, answer.body.code], [400, 'request.malformed'])
  }
  const [neither, twice] = await batch([{ cancel: {} }, { cancel: { id: 1, clientOrderId: 'x' } }])
  assert.deepEqual([neither?.status, twice?.code], [400, 'request.malformed'])
})

test('nobody cancels what is somebody else’s', async () => {
  const [mine] = await batch([place('mine')])
  const [theirs] = await batch([{ cancel: { id: mine?.order?.id } }], bob)
  assert.equal(theirs?.code, 'not_found')
  const named = { id: mine?.order?.id, account: bob.account }
  assert.equal((await batch([{ cancel: named }]))[0]?.code, 'not_found')
  await ada.delete('/v1/orders')
})

test('an amend names what changes, and reaches the sequencer as one command', async () => {
  const [mine] = await batch([place('amended')])
  const id = mine?.order?.id ?? 0
  recorder.taken()
  recorder.answer(({ kind }) => (kind === 'amend' ? { code: 'order.not_amendable' } : undefined))
  const answer = await ada.patch(`/v1/orders/${id}`, { price: '99.0', size: '0.2' })
  assert.deepEqual([answer.status, answer.body.code], [422, 'order.not_amendable'])
  const common = { kind: 'amend', account: ada.account, orderId: id }
  assert.deepEqual(recorder.taken(), [{ ...common, price: 990, size: 20_000, triggerPrice: 0 }])
  recorder.answer(({ kind }) => (kind === 'amend' ? {} : undefined))
  const again = await ada.patch('/v1/orders/by-client-id/amended', { size: '0.2' })
  assert.equal(again.status, 200)
  assert.deepEqual([again.body.order.id, again.body.fills], [id, []])
  const [inBatch] = await batch([{ amend: { clientOrderId: 'amended', triggerPrice: '5.0' } }])
  assert.equal(inBatch?.status, 200)
  assert.deepEqual(recorder.taken().at(-1), { ...common, price: 0, size: 0, triggerPrice: 50 })
  recorder.answer(null)
  await ada.delete('/v1/orders')
})

test('an amend of nothing is 400, of nobody’s or a finished order 404', async () => {
  const empty = await ada.patch('/v1/orders/1', {})
  assert.deepEqual([empty.status, empty.body.code], [400, 'request.malformed'])
  for (const url of ['/v1/orders/1', '/v1/orders/by-client-id/amended']) {
    assert.equal((await ada.patch(url, { size: '0.1' })).status, 404)
  }
})

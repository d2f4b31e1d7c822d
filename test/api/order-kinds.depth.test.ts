// Order kinds on the real engine: every example is accepted, found again and ends as it should.
//
// A market between 46,400 and 46,600 whose last trade was at 46,500, with a collar of 5 %.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { asMicros } from '#kernel/time.ts'
import { createAdminActions } from '#platform/admin/service.ts'
import { createActionStore } from '#platform/admin/store.ts'
import { ORDER_EXAMPLES } from '#platform/orders/examples.ts'
import type { Order } from '#platform/orders/port.ts'
import { createCustomer, createExchange, signedCall } from './exchange.ts'

/** What the exchange's clock is ahead of the machine's. */
const ahead = { ms: 0 }
const nowMs = () => Date.now() + ahead.ms
const exchange = await createExchange({ clock: () => asMicros(nowMs() * 1_000) })
const ada = await createCustomer(exchange, 'ada')
const bob = await createCustomer(exchange, 'bob')
const olga = await createCustomer(exchange, 'olga')
const actions = createAdminActions({
  ...{ store: createActionStore(exchange.database), sequencer: exchange.sequencer },
  ...{ listing: exchange.views.listing, now: exchange.clock },
})

const RULES = {
  ...{ minNotional: '1.00', collarBps: 500, bandBps: 0, bandWindowMs: 0, haltMs: 0 },
  ...{ auctionMs: 0, sessionOpenMs: 0, sessionCloseMs: 0 },
}

await exchange.app.listen({ host: '127.0.0.1', port: 0 })

/** A connection that asks one thing at a time. */
async function openStream() {
  const { port } = exchange.app.server.address() as AddressInfo
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`)
  await once(socket, 'open')
  const ask = async (message: object) => {
    socket.send(JSON.stringify({ id: '1', ...message }))
    const [{ data }] = await once(socket, 'message')
    return JSON.parse(data)
  }
  return { socket, ask }
}

/** Two people want it. */
async function decide(kind: string, params: Record<string, unknown>): Promise<void> {
  const proposal = { kind, params, reason: 'a test', proposedBy: ada.userId }
  const proposed = await actions.propose(proposal)
  assert.ok(proposed.ok, JSON.stringify(proposed))
  const approved = await actions.approve({ id: proposed.value.id, by: bob.userId })
  assert.equal(approved.ok && approved.value.status, 'done', JSON.stringify(approved))
}

const limit = (side: string, price: string, size: string, more: object = {}) => ({
  ...{ market: 'BTC-USDC', type: 'limit', side, price, size, ...more },
})

async function place(customer: typeof ada, body: object): Promise<Order> {
  const answer = await customer.post('/v1/orders', body)
  assert.equal(answer.status, 201, answer.text)
  return answer.body.order
}

async function orderOf(customer: typeof ada, id: number): Promise<Order> {
  return (await customer.get(`/v1/orders/${id}`)).body.order
}

async function until(customer: typeof ada, id: number, is: (order: Order) => boolean) {
  for (let turn = 0; turn < 400; turn += 1) {
    const order = await orderOf(customer, id)
    if (is(order)) return order
    await sleep(10)
  }
  return assert.fail(JSON.stringify(await orderOf(customer, id)))
}

/** The last price becomes this one, by a trade of two strangers to the test's orders. */
async function tradeAt(price: string): Promise<void> {
  const maker = await place(bob, limit('sell', price, '0.001'))
  await place(olga, limit('buy', price, '0.001', { timeInForce: 'IOC' }))
  await bob.delete(`/v1/orders/${maker.id}`)
}

/** No test takes this long, and all of them together less than a session lasts. */
const LATER_MS = 120_000

/** That time is over at once; the next command finds what fell due by then. */
async function pass(): Promise<void> {
  ahead.ms += LATER_MS
  const { id } = await place(olga, limit('buy', '45000.0', '0.001'))
  await olga.delete(`/v1/orders/${id}`)
}

await decide('market.rules', { market: 'BTC-USDC', ...RULES })
await tradeAt('46500.0')
await place(bob, limit('buy', '46400.0', '0.5'))
await place(bob, limit('sell', '46600.0', '0.5'))

test('every example is accepted and says about itself what was asked for', async () => {
  for (const [name, example] of Object.entries(ORDER_EXAMPLES)) {
    const order = await place(ada, example)
    const found = await orderOf(ada, order.id)
    assert.equal(found.type, example.type, name)
    for (const field of ['triggerPrice', 'stopPrice', 'takeProfitPrice', 'displaySize'] as const) {
      const asked: unknown = (example as Record<string, unknown>)[field]
      assert.equal(Number(found[field] ?? 0), Number(asked ?? 0), `${name} ${field}`)
    }
  }
  await ada.delete('/v1/orders')
})

test('every example is accepted over the stream, too, all in one message', async () => {
  const { socket, ask } = await openStream()
  await ask({ op: 'auth', token: ada.token })
  const orders = Object.values(ORDER_EXAMPLES)
  const { results } = await ask({ op: 'order.place', orders })
  const told = results.map(
    ({ order, code }: { order?: Order; code?: string }) => order?.type ?? code,
  )
  assert.deepEqual(
    told,
    orders.map(({ type }) => type),
  )
  socket.close()
  await ada.delete('/v1/orders')
})

type Message = { readonly id: string; readonly op: string; readonly orders: readonly object[] }
type Schema = TSchema & { readonly examples: readonly Message[] }
type Told = { readonly id: string; readonly results: readonly { readonly status: number }[] }
type Ref = { readonly $ref: string }

/** What the OpenAPI text says of the stream: messages of a client, and the answer to them. */
async function streamText() {
  const { paths, components } = JSON.parse((await ada.get('/docs/json')).text)
  const { client, server } = paths['/v1/stream'].get['x-messages']
  const at = ({ $ref }: Ref): Schema => components.schemas[$ref.split('/').at(-1) ?? '']
  const messages = Object.entries<Ref>(client).map(([op, ref]) => ({ op, schema: at(ref) }))
  return { messages, answer: Compile(at(server.ok)), refusal: Compile(at(server.refused)) }
}

test('every message of the OpenAPI text is accepted over the stream', async () => {
  const { messages, answer } = await streamText()
  const { socket, ask } = await openStream()
  await ask({ op: 'auth', token: ada.token })
  const types = new Set<string>()
  for (const { op, schema } of messages) {
    assert.ok(
      schema.examples.some(({ orders }) => orders.length > 1),
      `${op}: several orders`,
    )
    for (const message of schema.examples) {
      const what = JSON.stringify(message)
      assert.ok(message.op === op && Compile(schema).Check(message), what)
      const told: Told = await ask(message)
      assert.ok(answer.Check(told) && told.id === message.id, JSON.stringify(told))
      const statuses = told.results.map(({ status }) => status)
      assert.deepEqual(
        statuses,
        message.orders.map(() => (op === 'order.place' ? 201 : 200)),
        `${what}: ${JSON.stringify(told)}`,
      )
      if (message.orders.length === 1) types.add(JSON.stringify(message.orders[0]))
    }
  }
  for (const order of Object.values(ORDER_EXAMPLES)) assert.ok(types.has(JSON.stringify(order)))
  socket.close()
  await ada.delete('/v1/orders')
})

test('a message that is refused is answered as the OpenAPI text says', async () => {
  const { messages, refusal } = await streamText()
  const { socket, ask } = await openStream()
  for (const { schema } of messages) {
    const [message = assert.fail('no example')] = schema.examples
    for (const wrong of [message, { ...message, orders: [] }, { ...message, id: 7 }]) {
      const told = await ask(wrong)
      assert.ok(refusal.Check(told), JSON.stringify(told))
    }
  }
  socket.close()
})

test('an order is amended in place, and asked again nothing changes', async () => {
  const { id } = await place(ada, limit('buy', '45000.0', '0.01'))
  const first = await ada.patch(`/v1/orders/${id}`, { price: '45100.0', size: '0.02' })
  assert.deepEqual([first.body.order.price, first.body.order.size], ['45100.0', '0.02000'])
  const again = await ada.patch(`/v1/orders/${id}`, { price: '45100.0', size: '0.02' })
  assert.equal(again.text, first.text)
  await ada.delete(`/v1/orders/${id}`)
})

test('a stop is triggered by the last price and sells', async () => {
  const stop = { market: 'BTC-USDC', side: 'sell', type: 'stop', size: '0.001' }
  const { id } = await place(ada, { ...stop, triggerPrice: '46450.0' })
  await tradeAt('46450.0')
  const done = await until(ada, id, ({ status }) => status === 'filled')
  assert.ok(done.triggeredAt !== undefined)
  await tradeAt('46500.0')
})

test('a bracket that bought has an exit that names it', async () => {
  const { id, exitOrderId } = await place(ada, {
    ...limit('buy', '46600.0', '0.001', { takeProfitPrice: '48000.0', triggerPrice: '44000.0' }),
  })
  assert.ok(exitOrderId !== undefined)
  const exit = await until(ada, exitOrderId, (order) => order?.status === 'open')
  assert.deepEqual([exit.entryOrderId, exit.type, exit.side], [id, 'oco', 'sell'])
  await ada.delete(`/v1/orders/${exitOrderId}`)
})

test('a GTD order is expired when its time is over', async () => {
  const expireAt = exchange.clock() + LATER_MS * 1_000
  const { id } = await place(ada, limit('buy', '45000.0', '0.01', { timeInForce: 'GTD', expireAt }))
  await pass()
  const done = await until(ada, id, ({ status }) => status !== 'open')
  assert.deepEqual([done.status, done.reason], ['expired', 'order.expired'])
})

test('a dead-man timer cancels what its key placed', async () => {
  const timer = { method: 'POST', url: '/v1/orders/cancel-after' } as const
  const ask = (request: Parameters<typeof signedCall>[2]) =>
    signedCall(exchange.app, ada.key, request, nowMs)
  const set = await ask({ ...timer, body: { cancelAfterMs: LATER_MS } })
  assert.equal(set.status, 200, set.text)
  const body = limit('buy', '45000.0', '0.01')
  const placed = await ask({ method: 'POST', url: '/v1/orders', body })
  await pass()
  const done = await until(ada, placed.body.order.id, ({ status }) => status !== 'open')
  assert.equal(done.reason, 'order.dead_man')
})

test('orders end with the connection that asked for it', async () => {
  const { socket, ask } = await openStream()
  await ask({ op: 'auth', token: ada.token, cancelOnDisconnect: true })
  const orders = [limit('buy', '45000.0', '0.01')]
  const { results } = await ask({ op: 'order.place', orders })
  socket.close()
  const done = await until(ada, results[0].order.id, ({ status }) => status !== 'open')
  assert.equal(done.reason, 'order.disconnected')
})

test('an auction collects, tells what it would trade, and uncrosses at one price', async () => {
  const endsAt = exchange.clock() + LATER_MS * 1_000
  await decide('market.rules', { market: 'ETH-USDC', ...RULES })
  await decide('market.phase', { market: 'ETH-USDC', phase: 'auction', endsAt })
  const eth = { market: 'ETH-USDC', type: 'limit', size: '1' }
  const bid = await place(ada, { ...eth, side: 'buy', price: '3010.00' })
  const ask = await place(bob, { ...eth, side: 'sell', price: '3000.00' })
  let told: unknown = null
  for (let turn = 0; turn < 400 && told === null; turn += 1) {
    told = JSON.parse((await ada.get('/v1/markets/ETH-USDC')).text).indicative
    await sleep(10)
  }
  assert.deepEqual(told, { price: '3000.00', volume: '1.0000' })
  await pass()
  for (const [customer, { id }] of [
    [ada, bid],
    [bob, ask],
  ] as const) {
    await until(customer, id, ({ status }) => status === 'filled')
  }
  const { phase } = JSON.parse((await ada.get('/v1/markets/ETH-USDC')).text)
  assert.equal(phase, 'continuous')
  const book = (await ada.get('/v1/markets/ETH-USDC/book')).body
  assert.deepEqual([book.bids, book.asks], [[], []])
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})

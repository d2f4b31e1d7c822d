// Orders over the stream: the same bodies and answers as REST, and orders that end with their
// connection when it asked for it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { asId } from '#kernel/ids.ts'
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { ORDER_EXAMPLES } from '#platform/orders/examples.ts'
import { cancelOrphans } from '#platform/orders/orphans.ts'
import { GROUP_MAX } from '#sequencer/port.ts'
import { createCustomer, createExchange } from '../api/exchange.ts'
import { createRecorder } from '../api/recorder.ts'

type Result = {
  readonly status: number
  readonly code?: string
  readonly order?: { readonly id: number; readonly status: string }
}
type Reply = {
  readonly id: string
  readonly ok: boolean
  readonly code?: string
  readonly results: readonly Result[]
}

const recorder = createRecorder()
const rateLimits = {
  address: { perSecond: 1e6, burst: 1e6 },
  account: { perSecond: 0.001, burst: 2_000 },
  key: { perSecond: 1e6, burst: 1e6 },
}
const exchange = await createExchange({ wrap: recorder.wrap, serve: { rateLimits } })
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo
const ada = await createCustomer(exchange, 'ada')
const bob = await createCustomer(exchange, 'bob')

const limit = (clientOrderId: string, more: object = {}) => ({
  ...{ market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' },
  ...{ clientOrderId, ...more },
})

/** A connection that asks one thing at a time. */
async function connectAs(customer: typeof ada | null, auth: object = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`)
  await once(socket, 'open')
  let asked = 0
  const ask = async (body: object): Promise<Reply> => {
    asked += 1
    const id = String(asked)
    socket.send(JSON.stringify({ id, ...body }))
    const [message] = await once(socket, 'message')
    const reply: Reply = JSON.parse(message.data)
    assert.equal(reply.id, id)
    return reply
  }
  if (customer !== null) {
    const reply = await ask({ op: 'auth', token: customer.token, ...auth })
    assert.equal(reply.ok, true)
  }
  const close = async () => {
    socket.close()
    await once(socket, 'close')
  }
  return { ask, close }
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 4_000 && !condition(); turn += 1) await sleep(5)
  assert.ok(condition())
}

/** What is handed on when the server has noticed, too, that a connection ended. */
async function takenAtEnd() {
  const taken = recorder.taken()
  await until(() => {
    taken.push(...recorder.taken())
    return taken.some(({ kind }) => kind === 'cancelSession')
  })
  return taken
}

test('place, cancel and amend answer as REST does, each order with its own result', async () => {
  const { ask, close } = await connectAs(ada)
  const orders = [limit('a'), limit('b', { size: '0.000001' }), limit('a')]
  const placed = await ask({ op: 'order.place', orders })
  assert.deepEqual(
    placed.results.map(({ status, code }) => code ?? status),
    [201, 'order.size_off_lot', 201],
  )
  const rest = await ada.post('/v1/orders', limit('a'))
  assert.deepEqual({ status: rest.status, ...JSON.parse(rest.text) }, placed.results[0])
  recorder.answer(({ kind }) => (kind === 'amend' ? {} : undefined))
  const amend = [
    { clientOrderId: 'a', size: '0.2' },
    { id: 1, size: '0.2' },
  ]
  const amended = await ask({ op: 'order.amend', orders: amend })
  assert.deepEqual(
    amended.results.map(({ status }) => status),
    [200, 404],
  )
  recorder.answer(null)
  const cancelled = await ask({ op: 'order.cancel', orders: [{ clientOrderId: 'a' }] })
  assert.equal(cancelled.results[0]?.order?.status, 'cancelled')
  await close()
})

test('a message may ask for acknowledgements alone', async () => {
  const { ask, close } = await connectAs(ada)
  const place = { op: 'order.place', answers: 'ack', orders: [limit('k'), limit('l'), limit('k')] }
  const placed = await ask(place)
  const [first, second, again] = placed.results
  assert.deepEqual(Object.keys(first ?? {}), ['status', 'id'])
  assert.deepEqual([first?.status, second?.status], [201, 201])
  assert.deepEqual(again, first)
  const orders = [{ clientOrderId: 'k' }, { id: 0 }, { clientOrderId: 'l' }]
  const cancelled = await ask({ op: 'order.cancel', answers: 'ack', orders })
  assert.deepEqual(
    cancelled.results.map(({ code, ...rest }) => code ?? rest),
    [{ ...first, status: 200 }, 'not_found', { ...second, status: 200 }],
  )
  await close()
})

test('who may not trade over REST may not over a stream that is open either', async () => {
  const eve = await createCustomer(exchange, 'eve')
  const { ask, close } = await connectAs(eve)
  const placed = await ask({ op: 'order.place', orders: [limit('mine')] })
  assert.equal(placed.results[0]?.status, 201)
  const store = createAuthStore(exchange.database)
  const now = exchange.clock()
  await grantCapability({ store, email: eve.email, capability: 'auditor', now })
  const cancel = { op: 'order.cancel', orders: [{ clientOrderId: 'none' }] }
  let last = await ask(cancel)
  for (let waited = 0; waited < 15_000 && last.ok; waited += 50) {
    await sleep(50)
    last = await ask(cancel)
  }
  assert.equal(last.code, 'auth.forbidden')
  const amend = await ask({ op: 'order.amend', orders: [{ clientOrderId: 'mine', size: '1' }] })
  assert.equal(amend.code, 'auth.forbidden')
  await close()
})

test('every example of an order can be sent over the stream', async () => {
  const { ask, close } = await connectAs(ada)
  recorder.answer(() => ({ code: 'market.halted' }))
  recorder.groups.length = 0
  const orders = Object.values(ORDER_EXAMPLES)
  const { results } = await ask({ op: 'order.place', orders })
  assert.deepEqual(new Set(results.map(({ code }) => code)), new Set(['market.halted']))
  assert.deepEqual(recorder.groups, [orders.length], 'one group')
  recorder.answer(null)
  await close()
})

test('what is no message of orders is refused whole', async () => {
  const { ask, close } = await connectAs(ada)
  const many = Array.from({ length: GROUP_MAX + 1 }, (_, i) => limit(`m${i}`))
  for (const orders of [[], many, [{}], [{ ...limit('x'), extra: 1 }], limit('x')]) {
    const reply = await ask({ op: 'order.place', orders })
    assert.deepEqual([reply.ok, reply.code], [false, 'request.malformed'])
  }
  const full = await ask({ op: 'order.place', orders: many.slice(1) })
  assert.equal(full.results.length, GROUP_MAX)
  await ada.delete('/v1/orders')
  await close()
})

test('who did not say who he is, and whose key may not trade, places nothing', async () => {
  const stranger = await connectAs(null)
  const refused = await stranger.ask({ op: 'order.place', orders: [limit('x')] })
  assert.deepEqual([refused.ok, refused.code], [false, 'auth.required'])
  await stranger.close()
})

test('orders over the stream are charged for like requests', async () => {
  const { ask, close } = await connectAs(bob)
  const cancel = { op: 'order.cancel', orders: Array.from({ length: 20 }, () => ({ id: 1 })) }
  let reply = await ask(cancel)
  let count = 1
  while (reply.ok && count < 500) {
    reply = await ask(cancel)
    count += 1
  }
  assert.equal(reply.code, 'rate.limited')
  assert.ok(count > 350 && count < 401, `${count} messages of 5 out of 2,000`)
  await close()
})

test('a connection that asked for it takes its orders along when it ends', async () => {
  const { ask, close } = await connectAs(ada, { cancelOnDisconnect: true })
  recorder.answer(({ kind }) => (kind === 'place' || kind === 'cancelSession' ? {} : undefined))
  recorder.taken()
  await ask({ op: 'order.place', orders: [limit('gone')] })
  const [placed] = recorder.taken()
  assert.ok(placed?.kind === 'place' && placed.extra !== undefined && placed.extra.session > 0)
  await close()
  const session = placed.extra.session
  const ended = { kind: 'cancelSession', account: ada.account, session }
  assert.deepEqual(await takenAtEnd(), [ended])
  const other = await connectAs(ada, { cancelOnDisconnect: true })
  await other.ask({ op: 'order.place', orders: [limit('gone-too')] })
  const [next] = recorder.taken()
  assert.ok(next?.kind === 'place' && next.extra?.session !== session)
  await other.close()
  assert.equal((await takenAtEnd()).length, 1)
  recorder.answer(null)
})

test('a connection that did not ask leaves them open', async () => {
  const { ask, close } = await connectAs(ada)
  recorder.taken()
  await ask({ op: 'order.place', orders: [limit('stays')] })
  const [placed] = recorder.taken()
  assert.ok(placed?.kind === 'place' && placed.extra === undefined)
  await close()
  await sleep(100)
  assert.deepEqual(recorder.taken(), [])
  await ada.delete('/v1/orders')
})

test('what an earlier process left open under a connection is cancelled at the start', async () => {
  const order = (account: number, session: number) =>
    ({ account: asId(account), extra: { session } }) as never
  const seen: unknown[] = []
  const submit = async (body: unknown) => void seen.push(body) as never
  const orders = [order(16, 3), order(16, 3), order(17, 3), order(17, 0), { account: 18 } as never]
  assert.equal(await cancelOrphans({ submit }, { orders }), 2)
  assert.deepEqual(seen, [
    { kind: 'cancelSession', account: 16, session: 3 },
    { kind: 'cancelSession', account: 17, session: 3 },
  ])
})

test('the channel of a market tells phase, mark and indicative price at once', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`)
  await once(socket, 'open')
  const messages: Record<string, unknown>[] = []
  socket.onmessage = ({ data }) => void messages.push(JSON.parse(data))
  const channels = [{ name: 'market', market: 'BTC-USDC' }]
  socket.send(JSON.stringify({ id: '1', op: 'subscribe', channels }))
  await until(() => messages.length === 2)
  const { at, ...state } = messages[1] ?? {}
  assert.ok(Number(at) > 0)
  assert.deepEqual(state, {
    ...{ channel: 'market', market: 'BTC-USDC', phase: 'continuous', phaseEndsAt: null },
    ...{ markPrice: null, indicative: null },
  })
  socket.close()
})

// Numbers over the stream: every numeric field of every message of orders at the edges. What is not
// done is refused by a stable code, leaves the business digest as it was, and closes nothing.
//
// Fields and messages are found in the OpenAPI text, as those of routes are in numbers.test.ts.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { createCustomer, createExchange } from './exchange.ts'
import { DECIMALS, EDGES, withNumber } from './number-edges.ts'
import { type MessageField, messageFields, withValue } from './number-fields.ts'

const MUCH = { perSecond: 1e6, burst: 1e6 }
const exchange = await createExchange({
  serve: { rateLimits: { address: MUCH, account: MUCH, key: MUCH } },
})
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo
const ada = await createCustomer(exchange, 'ada')
const fields = await messageFields(exchange.app)

type Result = { readonly status: number; readonly code?: RefusalCode }
type Told = {
  readonly id: string | null
  readonly ok: boolean
  readonly code?: RefusalCode
  readonly results?: readonly Result[]
}

/** A connection that is signed in; what it is told next, or why it ended. */
async function connect() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`)
  await once(socket, 'open')
  const end = new Promise<never>((_resolve, reject) => {
    socket.onclose = ({ code }) => reject(new Error(`closed by ${code}`))
  })
  end.catch(() => undefined)
  const ask = async (text: string): Promise<Told> => {
    socket.send(text)
    const [{ data }] = await Promise.race([once(socket, 'message'), end])
    return JSON.parse(data)
  }
  assert.equal((await ask(JSON.stringify({ id: 'a', op: 'auth', token: ada.token }))).ok, true)
  return { ask, close: () => socket.close() }
}

/** The business digest after what was done last, and how often the order was placed. */
const state = { digest: '', placed: 0, id: 0 }
const named = () => `named-${state.placed}`

async function digestNow(): Promise<string> {
  return (await exchange.sequencer.digest()).business
}

/** Whether it was done. */
function judged(told: Told, number: string, what: string): boolean {
  const { ok, results = [], code } = told
  const [result] = results
  assert.equal(ok, result !== undefined, what)
  const refusal = ok ? result?.code : code
  if (refusal === undefined) {
    assert.ok(result?.status === 200 || result?.status === 201, what)
    assert.ok(Number(number) < 2 ** 53, `no record holds it: ${what}`)
    return true
  }
  assert.ok(Object.hasOwn(REFUSALS, refusal), what)
  const { status } = REFUSALS[refusal]
  assert.ok(status >= 400 && status < 500 && (result?.status ?? status) === status, what)
  return false
}

/** The order that amends and cancels name, placed anew because one was done. */
async function renewNamed(): Promise<void> {
  state.placed += 1
  const body = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }
  await ada.delete('/v1/orders')
  const placed = await ada.post('/v1/orders', { ...body, clientOrderId: named() })
  assert.equal(placed.status, 201, placed.text)
  state.id = placed.body.order.id
  state.digest = await digestNow()
}

async function tryField(field: MessageField): Promise<number> {
  const { name, isInteger, body, op, edges } = field
  const { ask, close } = await connect()
  let done = 0
  const tryOne = async (number: string): Promise<void> => {
    const sample = op === 'order.place' ? body : ofNamed(body, name)
    const text = withNumber((mark) => withValue(sample, name, mark), number, isInteger)
    const told = await ask(text)
    if (judged(told, number, `${text}: ${JSON.stringify(told)}`)) {
      done += 1
      await renewNamed()
    } else assert.equal(await digestNow(), state.digest, `INV-10: ${text}`)
  }
  for (const number of [...EDGES, ...DECIMALS, ...edges.map(String)]) await tryOne(number)
  if (name.at(-1) === 'id') await tryOne(String(state.id))
  if (name.at(-1) === 'account') await tryOne(String(ada.account))
  close()
  return done
}

/** About the order that is there, by its clientOrderId unless it is the id that is tried. */
function ofNamed(body: unknown, name: readonly string[]): unknown {
  const [order = {}] = (body as { readonly orders: readonly object[] }).orders
  const { clientOrderId: _none, ...bare } = { clientOrderId: '', ...order }
  const isById = name.at(-1) === 'id'
  return { ...Object(body), orders: [isById ? bare : { ...bare, clientOrderId: named() }] }
}

test('numeric fields were found in every message of orders', () => {
  const told = new Set(fields.map(({ op, name }) => `${op} ${name.join('.')}`))
  for (const known of [
    ...['order.place orders.0.price', 'order.place orders.0.trailBps', 'order.amend orders.0.id'],
    ...['order.place orders.0.sentAt', 'order.amend orders.0.price', 'order.amend orders.0.size'],
    ...['order.amend orders.0.triggerPrice', 'order.cancel orders.0.id'],
  ]) {
    assert.ok(told.has(known), `${known} is not among ${[...told].join(', ')}`)
  }
})

test('every numeric field of every message answers every edge as it should', async () => {
  await renewNamed()
  const done = new Map<string, number>()
  for (const field of fields) {
    const times = await tryField(field)
    done.set(field.op, (done.get(field.op) ?? 0) + times)
  }
  for (const op of ['order.place', 'order.amend', 'order.cancel']) {
    assert.ok((done.get(op) ?? 0) > 0, `${op} was never done: ${JSON.stringify([...done])}`)
  }
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})

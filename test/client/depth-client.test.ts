// The client for amends, batches, timers and orders over the stream, against a real server.

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream } from '#client/stream.ts'
import type { MarketMessage } from '#client/stream-messages.ts'
import { createCustomer, createExchange } from '../api/exchange.ts'
import { createRecorder } from '../api/recorder.ts'

const recorder = createRecorder()
const exchange = await createExchange({ wrap: recorder.wrap })
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo
const ada = await createCustomer(exchange, 'ada')
const { send, close } = createNodeSend()
const authorization = keyAuthorization(ada.key)
const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, authorization, send })
const url = `ws://127.0.0.1:${port}/v1/stream`
after(close)

const LIMIT = {
  ...({ market: 'BTC-USDC', side: 'buy', type: 'limit' } as const),
  ...{ price: '100.0', size: '0.1' },
}

function doneOf<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.kind === 'done', JSON.stringify(outcome))
  return outcome.value
}

const commandOf = (kind: string) => recorder.taken().find((body) => body.kind === kind)

async function opened(options: { readonly cancelOnDisconnect?: boolean } = {}) {
  const stream = createStream({ url, authorization, ...options })
  for (let turn = 0; turn < 400 && stream.state() !== 'open'; turn += 1) await sleep(5)
  assert.equal(stream.state(), 'open')
  return stream
}

test('a batch gives every place an id of its own, so that it can be asked again', async () => {
  recorder.taken()
  const { results } = doneOf(await client.batch([{ place: LIMIT }, { place: LIMIT }]))
  const ids = results.map(({ order }) => order?.clientOrderId)
  assert.equal(new Set(ids).size, 2)
  const sent = recorder.taken().flatMap((body) => (body.kind === 'place' ? [body] : []))
  assert.deepEqual(
    sent.map(({ clientOrderId, sentAtGiven }) => [clientOrderId, sentAtGiven]),
    ids.map((id) => [id, true]),
  )
  const id = results[0]?.order?.id ?? 0
  const cancelled = doneOf(await client.batch([{ cancel: { id } }]))
  assert.equal(cancelled.results[0]?.order?.status, 'cancelled')
})

test('amends, timers and closing an account are one command each', async () => {
  const { order } = doneOf(await client.place({ ...LIMIT, clientOrderId: 'mine' }))
  recorder.answer(({ kind }) => (kind === 'place' ? undefined : {}))
  recorder.taken()
  doneOf(await client.amend(order.id, { size: '0.2' }))
  assert.ok(commandOf('amend'))
  doneOf(await client.amendByClientId('mine', { price: '99.0' }))
  assert.ok(commandOf('amend'))
  doneOf(await client.cancelAfter({ cancelAfterMs: 1_000 }))
  assert.ok(commandOf('cancelAfter'))
  recorder.answer(null)
  const { account } = doneOf(await client.openAccount({ name: 'bot' }))
  recorder.answer(({ kind }) => (kind === 'closeAccount' ? {} : undefined))
  const closed = doneOf(await client.closeAccount(account.id))
  assert.deepEqual(closed.account, { ...account, closed: true })
  recorder.answer(null)
  await client.cancelAll()
})

test('what only operators may do is refused with its code', async () => {
  const outcome = await client.setMark('BTC-USDC', '46000.0')
  assert.ok(outcome.kind === 'refused' && outcome.code === 'auth.forbidden')
})

test('orders over the stream have a result each, or one refusal together', async () => {
  const stream = await opened()
  const orders = [
    { ...LIMIT, clientOrderId: 'over-stream' },
    { ...LIMIT, size: '0.000001' },
  ]
  const placed = doneOf(await stream.orders({ op: 'order.place', orders }))
  assert.deepEqual(
    placed.map(({ status, code }) => code ?? status),
    [201, 'order.size_off_lot'],
  )
  const cancel = { op: 'order.cancel', orders: [{ clientOrderId: 'over-stream' }] } as const
  assert.equal(doneOf(await stream.orders(cancel))[0]?.order?.status, 'cancelled')
  const refused = await stream.orders({ op: 'order.cancel', orders: [] })
  assert.ok(refused.kind === 'refused' && refused.status === 400)
  stream.close()
})

test('orders whose answer a cut took away are unknown, and so is what was never sent', async () => {
  const stream = await opened()
  const asked = stream.orders({ op: 'order.place', orders: [LIMIT] })
  stream.reconnect()
  assert.equal((await asked).kind, 'unknown')
  stream.close()
  assert.equal((await stream.orders({ op: 'order.place', orders: [LIMIT] })).kind, 'unknown')
  await client.cancelAll()
})

test('a stream may ask that its orders end with it', async () => {
  const stream = await opened({ cancelOnDisconnect: true })
  recorder.answer(({ kind }) => (kind === 'place' ? {} : undefined))
  recorder.taken()
  await stream.orders({ op: 'order.place', orders: [LIMIT] })
  const [placed] = recorder.taken()
  assert.ok(placed?.kind === 'place' && Number(placed.extra?.session) > 0)
  recorder.answer(null)
  stream.close()
})

test('the channel of a market tells its phase', async () => {
  const stream = await opened()
  const seen: MarketMessage[] = []
  const channel = { name: 'market', market: 'BTC-USDC' } as const
  stream.subscribe(channel, { onMessage: (message) => void seen.push(message) })
  for (let turn = 0; turn < 400 && seen.length === 0; turn += 1) await sleep(5)
  assert.deepEqual([seen[0]?.phase, seen[0]?.indicative], ['continuous', null])
  stream.close()
})

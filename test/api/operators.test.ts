// Operators tell mark prices, and nobody else may; timers of keys, and accounts that close.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { call, createCustomer, createExchange, signedCall } from './exchange.ts'
import { createRecorder } from './recorder.ts'

const recorder = createRecorder()
const exchange = await createExchange({ wrap: recorder.wrap })
const ada = await createCustomer(exchange, 'ada')
const olga = await createCustomer(exchange, 'olga')
const store = createAuthStore(exchange.database)
const now = exchange.clock()
await grantCapability({ store, email: olga.email, capability: 'operator', now })

type Request = readonly ['PUT', string, object]
const ask = (customer: typeof ada, [method, url, payload]: Request) =>
  call(exchange.app, method, `/v1/operator${url}`, {
    headers: { authorization: `Bearer ${customer.token}` },
    payload,
  })

const MARK = ['PUT', '/markets/BTC-USDC/mark', { price: '46000.5' }] as const

test('a customer tells no mark price, and it reaches nobody', async () => {
  recorder.taken()
  const answer = await ask(ada, MARK)
  assert.deepEqual([answer.status, answer.body.code], [403, 'auth.forbidden'])
  assert.deepEqual(recorder.taken(), [])
})

test('what an operator tells is one command, and its seq the answer', async () => {
  while ((await ask(olga, MARK)).status === 403) await sleep(50)
  recorder.taken()
  recorder.answer(() => ({}))
  const answer = await ask(olga, MARK)
  assert.deepEqual([answer.status, answer.text], [200, '{"seq":4711}'])
  assert.deepEqual(recorder.taken(), [{ kind: 'setMark', market: 0, price: 460_005 }])
  recorder.answer(() => ({ code: 'market.delisted' }))
  assert.deepEqual((await ask(olga, MARK)).body.code, 'market.delisted')
  recorder.answer(null)
})

test('a price that cannot be said exactly is refused before it is a command', async () => {
  recorder.taken()
  for (const [market, price, status, code] of [
    ['NO-SUCH', '1.0', 404, 'not_found'],
    ['BTC-USDC', '1.05', 422, 'order.price_off_tick'],
    ['BTC-USDC', '1e5', 400, 'request.malformed'],
  ] as const) {
    const answer = await ask(olga, ['PUT', `/markets/${market}/mark`, { price }])
    assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text)
  }
  assert.deepEqual(recorder.taken(), [])
})

test('a dead-man timer belongs to the key that sets it, and a person has none', async () => {
  const timer = { method: 'POST', url: '/v1/orders/cancel-after' } as const
  const event = { kind: 'deadManSet', account: ada.account, key: 1, dueAt: 99 } as never
  recorder.answer(({ kind }) => (kind === 'cancelAfter' ? { events: [event] } : undefined))
  recorder.taken()
  const set = await signedCall(exchange.app, ada.key, { ...timer, body: { cancelAfterMs: 500 } })
  assert.deepEqual([set.status, set.text], [200, '{"dueAt":99}'])
  const [first] = recorder.taken()
  assert.ok(first?.kind === 'cancelAfter' && first.key > 0 && first.cancelAfterMs === 500)
  const other = await signedCall(exchange.app, olga.key, { ...timer, body: { cancelAfterMs: 5 } })
  assert.equal(other.status, 200)
  const [second] = recorder.taken()
  assert.ok(second?.kind === 'cancelAfter' && second.key !== first.key)
  recorder.answer(({ kind }) => (kind === 'cancelAfter' ? {} : undefined))
  const off = await signedCall(exchange.app, ada.key, { ...timer, body: { cancelAfterMs: 0 } })
  assert.equal(off.text, '{"dueAt":null}')
  const tooLong = { ...timer, body: { cancelAfterMs: 86_400_001 } }
  assert.equal((await signedCall(exchange.app, ada.key, tooLong)).status, 400)
  const longest = { ...timer, body: { cancelAfterMs: 86_400_000 } }
  assert.equal((await signedCall(exchange.app, ada.key, longest)).status, 200)
  const person = await ada.post('/v1/orders/cancel-after', { cancelAfterMs: 5 })
  assert.deepEqual([person.status, person.body.code], [403, 'auth.forbidden'])
  recorder.answer(null)
})

test('closing an account names who asks and what closes, and answers it closed', async () => {
  const opened = await ada.post('/v1/accounts', { requestId: 'sub', name: 'bot' })
  const closing = opened.body.account.id
  recorder.taken()
  recorder.answer(({ kind }) => (kind === 'closeAccount' ? {} : undefined))
  const url = `/v1/accounts/${closing}/close`
  const closed = await ada.post(url, { requestId: 'bye' })
  assert.equal(closed.status, 201)
  assert.equal(closed.text, `{"account":{"id":${closing},"kind":"sub","name":"bot","closed":true}}`)
  const [command] = recorder.taken()
  assert.ok(command?.kind === 'closeAccount')
  assert.deepEqual([command.account, command.closing], [ada.account, closing])
  recorder.answer(({ kind }) =>
    kind === 'closeAccount' ? { code: 'account.not_empty' } : undefined,
  )
  assert.equal((await ada.post(url, { requestId: 'bye2' })).body.code, 'account.not_empty')
  assert.equal((await olga.post(url, { requestId: 'bye' })).status, 404)
  recorder.answer(null)
})

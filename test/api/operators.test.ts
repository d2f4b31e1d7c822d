// Operators: what they change is a command each, and nobody else may.

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

type Request = readonly ['PUT' | 'DELETE', string, object?]
const ask = (customer: typeof ada, [method, url, payload]: Request) =>
  call(exchange.app, method, `/v1/operator${url}`, {
    headers: { authorization: `Bearer ${customer.token}` },
    ...(payload === undefined ? {} : { payload }),
  })

const RULES = {
  ...{ minNotional: '5.00', collarBps: 500, bandBps: 1_000, bandWindowMs: 60_000 },
  ...{ haltMs: 5_000, auctionMs: 30_000, sessionOpenMs: 1, sessionCloseMs: 2 },
}
const tiers = (makerFeeBps: number) => ({
  tiers: [{ minNotional: '0', makerFeeBps, takerFeeBps: 5 }],
})
const REQUESTS: readonly (readonly [Request, object])[] = [
  [
    ['PUT', '/markets/BTC-USDC/rules', RULES],
    {
      ...{ kind: 'setMarket', market: 0, minNotional: 5_000_000, collarBps: 500, bandBps: 1_000 },
      ...{ bandWindowUs: 6e7, haltUs: 5e6, auctionUs: 3e7 },
      ...{ sessionOpenUs: 1_000, sessionCloseUs: 2_000 },
    },
  ],
  [
    ['PUT', '/markets/ETH-USDC/fees', tiers(-0.29)],
    { kind: 'setFees', market: 1, tiers: [{ minNotional: 0, makerRate: -29, takerRate: 500 }] },
  ],
  [
    ['PUT', '/markets/BTC-USDC/mark', { price: '46000.5' }],
    { kind: 'setMark', market: 0, price: 460_005 },
  ],
  [
    ['PUT', '/markets/BTC-USDC/phase', { phase: 'halted' }],
    { kind: 'setPhase', market: 0, phase: 'halted', endsAt: 0 },
  ],
  [
    ['PUT', '/markets/BTC-USDC/phase', { phase: 'auction', endsAt: 77 }],
    { kind: 'setPhase', market: 0, phase: 'auction', endsAt: 77 },
  ],
  [['DELETE', '/markets/GBP-USD'], { kind: 'delistMarket', market: 2 }],
  [
    ['PUT', `/accounts/${ada.account}/frozen`, { frozen: true }],
    { kind: 'freezeAccount', account: ada.account, frozen: true },
  ],
  [
    ['DELETE', `/accounts/${ada.account}/orders`],
    { kind: 'cancelAll', account: ada.account, market: null, side: null },
  ],
]

test('a customer may do none of it, and it reaches nobody', async () => {
  recorder.taken()
  for (const [request] of REQUESTS) {
    const answer = await ask(ada, request)
    assert.deepEqual([answer.status, answer.body.code], [403, 'auth.forbidden'])
  }
  assert.deepEqual(recorder.taken(), [])
})

test('what an operator asks for is one command, and its seq the answer', async () => {
  while ((await ask(olga, ['DELETE', '/accounts/1/orders'])).status === 403) await sleep(50)
  for (const [request, command] of REQUESTS) {
    recorder.taken()
    recorder.answer(() => ({}))
    const answer = await ask(olga, request)
    assert.deepEqual([answer.status, answer.text], [200, '{"seq":4711}'])
    assert.deepEqual(recorder.taken(), [command])
    recorder.answer(() => ({ code: 'market.invalid' }))
    assert.deepEqual((await ask(olga, request)).status, 422)
  }
  recorder.answer(null)
})

test('what cannot be said exactly is refused before it is a command', async () => {
  recorder.taken()
  for (const [request, status, code] of [
    [['PUT', '/markets/NO-SUCH/mark', { price: '1.0' }], 404, 'not_found'],
    [['PUT', '/markets/BTC-USDC/mark', { price: '1.05' }], 422, 'order.price_off_tick'],
    [['PUT', '/markets/BTC-USDC/mark', { price: '1e5' }], 400, 'request.malformed'],
    [['PUT', '/markets/BTC-USDC/fees', tiers(0.005)], 400, 'request.malformed'],
    [['PUT', '/markets/BTC-USDC/fees', { tiers: [] }], 400, 'request.malformed'],
    [['PUT', '/markets/BTC-USDC/rules', { ...RULES, minNotional: '-1' }], 400, 'request.malformed'],
    [['PUT', '/markets/BTC-USDC/phase', { phase: 'open' }], 400, 'request.malformed'],
    [['PUT', '/accounts/65000/frozen', { frozen: true }], 404, 'not_found'],
    [['DELETE', '/accounts/65000/orders'], 404, 'not_found'],
  ] as const) {
    const answer = await ask(olga, request)
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

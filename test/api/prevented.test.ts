// Prevented matches: where two orders of one owner met, told to that owner and to nobody else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PreventedMatch } from '#platform/portfolio/schemas.ts'
import { createCustomer, createExchange, signedCall } from './exchange.ts'

const exchange = await createExchange()
const ada = await createCustomer(exchange, 'ada')
const eve = await createCustomer(exchange, 'eve')
const opened = await ada.post('/v1/accounts', { requestId: 'sub', name: 'sub' })
const { id: sub } = opened.body.account
const coins = { requestId: 't', from: ada.account, to: sub, asset: 'BTC', amount: '1' }
assert.equal((await ada.post('/v1/transfers', coins)).status, 201)

type Found = { readonly items: readonly PreventedMatch[]; readonly next: string | null }

async function prevented(customer: typeof ada, query = ''): Promise<Found> {
  await exchange.caughtUp()
  const answer = await customer.get(`/v1/prevented-matches${query}`)
  assert.equal(answer.status, 200, answer.text)
  return JSON.parse(answer.text)
}

async function order(more: object) {
  const body = { market: 'BTC-USDC', type: 'limit', price: '100.0', size: '0.2', ...more }
  const answer = await ada.post('/v1/orders', body)
  assert.equal(answer.status, 201, answer.text)
  return answer.body.order
}

const MODES = ['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement'] as const

test('each way of prevention is told with both orders and what would have traded', async () => {
  const expected: Omit<PreventedMatch, 'id' | 'at'>[] = []
  for (const selfTrade of MODES) {
    const maker = await order({ side: 'buy' })
    const more = { side: 'sell', size: '0.05', account: sub, selfTrade }
    const taker = await order(more)
    expected.unshift({
      ...{ market: 'BTC-USDC', price: '100.0', size: '0.05000', selfTrade, takerSide: 'sell' },
      ...{ takerOrderId: taker.id, takerAccount: sub },
      ...{ makerOrderId: maker.id, makerAccount: ada.account },
    })
    await ada.delete('/v1/orders')
    await ada.delete(`/v1/orders?account=${sub}`)
  }
  const { items, next } = await prevented(ada)
  assert.deepEqual(
    items.map(({ id: _id, at: _at, ...row }) => row),
    expected,
  )
  assert.equal(next, null)
  for (const { id, at } of items) assert.ok(id > 0 && at > 1e15)
  assert.deepEqual((await prevented(ada, `?account=${sub}`)).items, items, 'told to both accounts')
})

test('a key bound to one of the two accounts is told its own side', async () => {
  const made = await ada.post('/v1/auth/keys', { name: 'bot', scopes: ['read'], account: sub })
  const key = { id: made.body.id, secret: made.body.secret }
  const url = '/v1/prevented-matches'
  const told = await signedCall(exchange.app, key, { method: 'GET', url })
  const { items } = await prevented(ada, `?account=${sub}`)
  assert.ok(items.length > 0)
  const own = items.map((row) => ({ ...row, makerOrderId: null, makerAccount: null }))
  assert.deepEqual(JSON.parse(told.text).items, own)
})

test('a match within one account is told once, and pages go on where they ended', async () => {
  await order({ side: 'buy' })
  await order({ side: 'sell', size: '0.1' })
  const all = await prevented(ada)
  assert.equal(all.items.length, MODES.length + 1)
  const ids: number[] = []
  for (let after = ''; ; ) {
    const { items, next } = await prevented(ada, `?limit=2${after}`)
    ids.push(...items.map(({ id }) => id))
    if (next === null) break
    after = `&after=${next}`
  }
  assert.deepEqual(
    ids,
    all.items.map(({ id }) => id),
  )
  assert.equal((await prevented(ada, `?account=${sub}`)).items.length, MODES.length)
})

test('a market may be named, and nobody else is told', async () => {
  assert.equal((await prevented(ada, '?market=BTC-USDC')).items.length, MODES.length + 1)
  assert.deepEqual((await prevented(ada, '?market=ETH-USDC')).items, [])
  assert.deepEqual((await prevented(eve)).items, [])
  for (const query of [`account=${ada.account}`, `account=${sub}`, 'market=XYZ']) {
    const answer = await eve.get(`/v1/prevented-matches?${query}`)
    assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], query)
  }
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})

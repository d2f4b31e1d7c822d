// Owners: what is not yours is not there, with the same body as what does not exist.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCustomer, createExchange } from './exchange.ts'

const exchange = await createExchange()
const [ada, eve] = [await createCustomer(exchange, 'ada'), await createCustomer(exchange, 'eve')]
const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }
const placed = await ada.post('/v1/orders', { ...LIMIT, clientOrderId: 'mine' })
const { id } = placed.body.order
const sub = (await ada.post('/v1/accounts', { requestId: 's', name: 'sub' })).body.account.id

/** Path with what belongs to the other customer, and with what nobody has. */
const READS: readonly (readonly [string, string])[] = [
  [`/v1/orders/${id}`, '/v1/orders/999999'],
  [`/v1/orders/${id}?account=${ada.account}`, `/v1/orders/${id}?account=65000`],
  [`/v1/orders/by-client-id/mine?account=${ada.account}`, '/v1/orders/by-client-id/none'],
  ...['orders', 'balances', 'fees', 'fills', 'ledger', 'pnl', 'prevented-matches'].flatMap(
    (name): (readonly [string, string])[] => [
      [`/v1/${name}?account=${ada.account}`, `/v1/${name}?account=65000`],
      [`/v1/${name}?account=${sub}`, `/v1/${name}?account=2`],
    ],
  ),
]

test('reading: the same 404 for foreign and missing, 200 for the owner', async () => {
  for (const [foreign, missing] of READS) {
    const [one, other] = [await eve.get(foreign), await eve.get(missing)]
    assert.equal(one.status, 404, foreign)
    assert.equal(one.body.code, 'not_found')
    assert.equal(one.text, other.text)
    assert.equal(other.status, 404, missing)
    assert.equal((await ada.get(foreign)).status, 200, foreign)
  }
})

test('cancelling: the same 404, and the order stays', async () => {
  const paths = [
    [`/v1/orders/${id}`, '/v1/orders/999999'],
    [`/v1/orders/by-client-id/mine?account=${ada.account}`, '/v1/orders/by-client-id/none'],
    [`/v1/orders?account=${ada.account}`, '/v1/orders?account=65000'],
  ] as const
  for (const [foreign, missing] of paths) {
    const [one, other] = [await eve.delete(foreign), await eve.delete(missing)]
    assert.deepEqual([one.status, other.status], [404, 404])
    assert.equal(one.text, other.text)
  }
  assert.equal((await eve.delete('/v1/orders/by-client-id/mine')).status, 404)
  assert.equal((await ada.get(`/v1/orders/${id}`)).body.order.status, 'open')
})

test('placing and transferring for a foreign account is the 404 of a missing one', async () => {
  const order = (account: number) => eve.post('/v1/orders', { ...LIMIT, account })
  assert.equal((await order(ada.account)).text, (await order(65_000)).text)
  assert.equal((await order(ada.account)).status, 404)
  const transfer = (from: number, to: number) =>
    eve.post('/v1/transfers', { requestId: 't', from, to, asset: 'USDC', amount: '1' })
  assert.equal((await transfer(ada.account, eve.account)).status, 404)
  assert.equal((await transfer(eve.account, ada.account)).status, 404)
  assert.equal(
    (await transfer(eve.account, ada.account)).text,
    (await transfer(eve.account, 65_000)).text,
  )
})

test('ids that are no ids are 400, ids beyond 2^53 are not there', async () => {
  for (const text of ['x', '-1', '1.5', '01', '1e3', ' 1', '99999999999999999']) {
    const { status } = await eve.get(`/v1/orders/${encodeURIComponent(text)}`)
    assert.equal(status, 400, text)
  }
  assert.equal((await eve.get('/v1/orders/9007199254740993')).status, 404)
})

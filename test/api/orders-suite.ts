// Orders over REST: what a customer can do with an order, and what a repetition answers.
//
// One suite for two distances: the sequencer in the same process, and behind a transport that
// takes time and loses replies. Whoever asks again with the same words gets the same answer.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import {
  type Answer,
  type Customer,
  createCustomer,
  createExchange,
  type ExchangeOptions,
  patientCall,
} from './exchange.ts'

const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }

export type Traders = Awaited<ReturnType<typeof createTraders>>

/** An exchange and two customers with coins; `wrap` is what loses replies. */
export async function createTraders(wrap?: ExchangeOptions['wrap']) {
  const exchange = await createExchange(wrap === undefined ? {} : { wrap })
  const ada = await createCustomer(exchange, 'ada')
  const bob = await createCustomer(exchange, 'bob')
  return { exchange, ada, bob, isLossy: wrap !== undefined }
}

/** Defines the tests. It waits for nothing: node:test closes what is open after the last one. */
export function testOrders(name: string, { exchange, isLossy, ...traders }: Traders): void {
  const { patient: ada, ...adas } = traders.ada
  const { patient: bob, ...bobs } = traders.bob

  async function place(customer: Customer['patient'], order: object) {
    const body = { clientOrderId: randomUUID(), ...order }
    const placed = await customer.post('/v1/orders', body)
    assert.equal(placed.status, 201, placed.text)
    return placed.body
  }

  test(`${name}: a limit order rests and says everything about itself`, async () => {
    const { order, fills } = await place(ada, { ...LIMIT, clientOrderId: 'first' })
    assert.deepEqual(fills, [])
    const { id, createdAt, updatedAt, ...rest } = order
    assert.ok(Number.isSafeInteger(id) && createdAt === updatedAt)
    assert.deepEqual(rest, {
      clientOrderId: 'first',
      account: adas.account,
      ...{ market: 'BTC-USDC', side: 'buy', type: 'limit', timeInForce: 'GTC' },
      ...{ price: '100.0', size: '0.10000', filled: '0.00000', remaining: '0.10000' },
      ...{ quoteFilled: '0.000000', averagePrice: null, fee: '0.000000', feeAsset: 'USDC' },
      status: 'open',
    })
    await ada.delete(`/v1/orders/${id}`)
  })

  test(`${name}: the same id and body answer the same bytes, also after a fill`, async () => {
    const body = { ...LIMIT, clientOrderId: 'again', sentAt: exchange.clock() }
    const first = await ada.post('/v1/orders', body)
    assert.equal(first.status, 201)
    await place(bob, { ...LIMIT, side: 'sell', timeInForce: 'IOC' })
    const second = await ada.post('/v1/orders', body)
    assert.equal(second.status, 201)
    assert.equal(second.text, first.text)
    const signed = await patientCall(exchange.app, adas.key, {
      method: 'POST',
      url: '/v1/orders',
      body,
    })
    assert.equal(signed.text, first.text)
  })

  test(`${name}: the same id with another body is 409`, async () => {
    await place(ada, { ...LIMIT, clientOrderId: 'other' })
    const mismatch = await ada.post('/v1/orders', { ...LIMIT, size: '0.2', clientOrderId: 'other' })
    assert.deepEqual([mismatch.status, mismatch.body.code], [409, 'idempotency.mismatch'])
    await ada.delete('/v1/orders/by-client-id/other')
  })

  test(`${name}: a fill is in the answer, and makes the taker pay the higher fee`, async () => {
    await place(ada, { ...LIMIT, price: '200.0', side: 'sell', size: '0.05' })
    const { order, fills } = await place(bob, {
      ...{ market: 'BTC-USDC', side: 'buy', type: 'market', size: '0.05' },
    })
    assert.equal(order.status, 'filled')
    assert.equal(order.averagePrice, '200.0')
    assert.equal(order.fee, '0.005000')
    const { id, orderId, clientOrderId, at, ...fill } = fills[0] ?? assert.fail('no fill')
    assert.ok(id > 0 && at === order.createdAt)
    assert.deepEqual([orderId, clientOrderId], [order.id, order.clientOrderId])
    assert.deepEqual(fill, {
      account: bobs.account,
      ...{ market: 'BTC-USDC', side: 'buy', price: '200.0', size: '0.05000' },
      ...{ fee: '0.005000', feeAsset: 'USDC', liquidity: 'taker' },
    })
  })

  test(`${name}: a market order by quote amount spends at most that`, async () => {
    await place(ada, { ...LIMIT, price: '300.0', side: 'sell', size: '1' })
    const { order } = await place(bob, {
      ...{ market: 'BTC-USDC', side: 'buy', type: 'market', quoteAmount: '30.00' },
    })
    assert.equal(order.status, 'filled')
    assert.equal(order.size, null)
    assert.ok(Number(order.quoteFilled) + Number(order.fee) <= 30)
    await ada.delete('/v1/orders')
  })

  test(`${name}: an order is found by either id, live and as history`, async () => {
    const { order } = await place(ada, { ...LIMIT, clientOrderId: 'find.me' })
    const byId = await ada.get(`/v1/orders/${order.id}`)
    assert.deepEqual(byId.body, { order })
    assert.deepEqual((await ada.get('/v1/orders/by-client-id/find.me')).body, { order })
    const cancelled = await ada.delete(`/v1/orders/${order.id}`)
    assert.equal(cancelled.body.order.status, 'cancelled')
    assert.equal(cancelled.body.order.reason, 'order.cancelled_by_owner')
    await exchange.caughtUp()
    assert.deepEqual((await ada.get(`/v1/orders/${order.id}`)).body, cancelled.body)
    assert.deepEqual((await ada.get('/v1/orders/by-client-id/find.me')).body, cancelled.body)
    assert.deepEqual((await ada.delete('/v1/orders/by-client-id/find.me')).body, cancelled.body)
    assert.deepEqual((await ada.delete(`/v1/orders/${order.id}`)).body, cancelled.body)
  })

  test(`${name}: lists page through every order once, newest first`, async () => {
    for (let index = 0; index < 5; index += 1) await place(bob, { ...LIMIT, price: '50.0' })
    await exchange.caughtUp()
    const whole = (await bob.get('/v1/orders')).body.items.map((one) => one.id)
    const seen: number[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: Answer = await bob.get(`/v1/orders?limit=2${next === '' ? '' : `&after=${next}`}`)
      assert.ok(Number.isSafeInteger(page.body.asOfSeq))
      seen.push(...page.body.items.map((one) => one.id))
      next = page.body.next
    }
    assert.deepEqual(seen, whole)
    const open = await bob.get('/v1/orders?status=open&market=BTC-USDC')
    assert.equal(open.body.items.length, 5)
  })

  test(`${name}: cancel all counts what it cancelled, by market and side`, async () => {
    await place(bob, { ...LIMIT, side: 'sell', price: '900.0' })
    const open = async () => (await bob.get('/v1/orders?status=open')).body.items.length
    for (const [query, left, cancelled] of [
      ['?market=ETH-USDC', 6, 0],
      ['?side=sell', 5, 1],
      ['', 0, 5],
    ] as const) {
      const answer = await bob.delete(`/v1/orders${query}`)
      // Whoever asks again after a lost reply finds nothing left to cancel.
      const counts: unknown[] = isLossy ? [cancelled, 0] : [cancelled]
      assert.ok(counts.includes(answer.body.cancelled), answer.text)
      assert.equal(await open(), left)
    }
  })

  test(`${name}: a sub-account trades with its money under a key of its own`, async () => {
    const opened = await ada.post('/v1/accounts', { requestId: 'sub-1', name: 'bot one' })
    assert.equal(opened.status, 201)
    const sub = opened.body.account.id
    const again = await ada.post('/v1/accounts', { requestId: 'sub-1', name: 'bot one' })
    assert.equal(again.text, opened.text)
    const transfer = { requestId: 't-1', from: adas.account, to: sub, asset: 'USDC', amount: '500' }
    const moved = await ada.post('/v1/transfers', transfer)
    assert.equal(moved.status, 201, moved.text)
    assert.equal((await ada.post('/v1/transfers', transfer)).text, moved.text)
    const made = await ada.post('/v1/auth/keys', {
      ...{ name: 'bot', scopes: ['read', 'trade'], account: sub },
    })
    const body = { ...LIMIT, clientOrderId: 'by-key' }
    const order = { method: 'POST', url: '/v1/orders', body } as const
    const placed = await patientCall(exchange.app, made.body, order)
    assert.equal(placed.body.order.account, sub)
    const foreign = { ...order, body: { ...body, account: adas.account } }
    assert.equal((await patientCall(exchange.app, made.body, foreign)).status, 404)
    const asMain = await ada.get(`/v1/orders/${placed.body.order.id}`)
    assert.equal(asMain.body.order.account, sub)
    await ada.delete(`/v1/orders?account=${sub}`)
  })

  test(`${name}: balances, fills, ledger and PnL agree with one another`, async () => {
    await exchange.caughtUp()
    const { items: fills } = (await bob.get('/v1/fills')).body
    const { items: ledger } = (await bob.get('/v1/ledger?limit=1000')).body
    const { items: balances } = (await bob.get('/v1/balances')).body
    assert.ok(fills.length >= 3)
    for (const { asset, total, available, held } of balances) {
      const entries = ledger.filter((one) => one['asset'] === asset)
      const sum = entries.reduce((all: number, one) => all + Number(one['amount']), 0)
      assert.ok(Math.abs(sum - Number(total)) < 1e-6, `${asset}: ${sum} and ${total}`)
      assert.ok(Math.abs(Number(available) + Number(held) - Number(total)) < 1e-6)
    }
    const { items: pnl } = (await bob.get('/v1/pnl')).body
    assert.equal(pnl[0]?.['market'], 'BTC-USDC')
  })
}

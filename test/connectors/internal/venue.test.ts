// The internal venue over a real platform: books, quotes, orders, and answers that are lost.

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '#client/client.ts'
import type { Send } from '#client/send.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream } from '#client/stream.ts'
import { type AccountChange, watchAccount } from '#connectors/internal/account-feed.ts'
import { createMarketFeed } from '#connectors/internal/market-feed.ts'
import { timesDecimal } from '#connectors/internal/order-shapes.ts'
import { createInternalTrading } from '#connectors/internal/trading.ts'
import { createInternalVenue } from '#connectors/internal/venue.ts'
import type { MarketUpdate, OrderRequest } from '#connectors/venue.ts'
import { createCustomer, createExchange } from '../../api/exchange.ts'

const exchange = await createExchange()
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo // A TCP server has such an address.
const baseUrl = `http://127.0.0.1:${port}`
const url = `ws://127.0.0.1:${port}/v1/stream`
const [ada, bob] = [await createCustomer(exchange, 'ada'), await createCustomer(exchange, 'bob')]
const sender = createNodeSend()
after(() => sender.close())
const now = () => Math.floor(performance.timeOrigin + performance.now()) * 1_000

function open(key: typeof ada.key, send: Send = sender.send) {
  const options = { baseUrl, authorization: keyAuthorization(key), timeoutMs: 30_000 }
  const client = createClient({ ...options, send, retries: 0 })
  const streams = { url, retryMs: { first: 10, max: 50 } }
  const stream = createStream({ ...streams, onState: (state) => state === 'waiting' && cut() })
  const feed = createMarketFeed({ client, stream, now, also: ['trades', 'ticker'] })
  const cut = () => feed.cut('cut')
  const trading = createInternalTrading({ client })
  const venue = createInternalVenue({ feed, now, trading })
  const closeAll = () => {
    feed.close()
    stream.close()
  }
  after(closeAll)
  return { client, stream, feed, trading, venue }
}

const alice = open(ada.key)
const maker = open(bob.key)
let ids = 0

function request(changes: Partial<OrderRequest> = {}): OrderRequest {
  ids += 1
  return {
    ...{ clientOrderId: `order-${ids}`, sentAt: now(), symbol: 'BTC-USDC', side: 'buy' },
    ...{ quantity: { in: 'base', amount: '0.1' }, limitPrice: '100.0', timeInForce: 'GTC' },
    ...changes,
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 4_000; turn += 1) {
    if (condition()) return
    await sleep(5)
  }
  assert.fail(`never: ${what}`)
}

test('instruments tell steps and fees as the platform lists them', async () => {
  const [btc] = await alice.venue.instruments()
  assert.deepEqual(btc, {
    ...{ symbol: 'BTC-USDC', base: 'BTC', quote: 'USDC', kind: 'order-book' },
    ...{ tick: '0.1', lot: '0.00001', takerFee: '0.000500', makerFee: '0.000200' },
    minNotional: '1.000000',
  })
})

test('an order goes its way: open, found by its id, cancelled, final', async () => {
  const order = request()
  const placed = await alice.trading.place(order)
  assert.ok(placed.kind === 'accepted')
  assert.deepEqual([placed.order.state, placed.order.filledBase], ['open', '0.00000'])
  const found = await alice.trading.order(order.clientOrderId)
  assert.deepEqual(found, { kind: 'ok', value: placed.order })
  const open = await alice.trading.orders('BTC-USDC')
  assert.deepEqual(open, { kind: 'ok', value: [placed.order] })
  const cancelled = await alice.trading.cancel(order.clientOrderId)
  assert.ok(cancelled.kind === 'done' && cancelled.order.state === 'cancelled')
  assert.deepEqual(await alice.trading.cancel(order.clientOrderId), cancelled)
  assert.deepEqual(await alice.trading.orders('BTC-USDC'), { kind: 'ok', value: [] })
})

test('refusals keep their code, what was never seen is undefined', async () => {
  const far = await alice.trading.place(request({ limitPrice: '100.05' }))
  assert.deepEqual(
    [far.kind, far.kind === 'refused' && far.code],
    ['refused', 'order.price_off_tick'],
  )
  assert.deepEqual(await alice.trading.order('never'), { kind: 'ok', value: undefined })
  const cancel = await alice.trading.cancel('never')
  assert.deepEqual(
    [cancel.kind, cancel.kind === 'refused' && cancel.code],
    ['refused', 'not_found'],
  )
})

test('a lost answer is unknown, and asking by the same id tells what happened', async () => {
  let losing = true
  const lossy = open(ada.key, async (sent) => {
    const answer = await sender.send(sent)
    if (losing && sent.method === 'POST') throw new Error('the answer was lost')
    return answer
  })
  const order = request()
  const unknown = await lossy.trading.place(order)
  assert.equal(unknown.kind, 'unknown')
  const found = await lossy.trading.order(order.clientOrderId)
  assert.ok(found.kind === 'ok' && found.value?.state === 'open')
  losing = false
  const again = await lossy.trading.place(order)
  assert.ok(again.kind === 'accepted')
  assert.equal(again.order.venueOrderId, found.value.venueOrderId, 'no second order')
  await alice.trading.cancel(order.clientOrderId)
})

test('without the platform every question is unknown', async () => {
  const away = open(ada.key, async () => {
    throw new Error('away')
  })
  const { trading } = away
  const answers = [
    ...[await trading.place(request()), await trading.cancel('a'), await trading.order('a')],
    ...[await trading.orders('BTC-USDC'), await trading.fills(undefined), await trading.balances()],
  ]
  assert.deepEqual([...new Set(answers.map(({ kind }) => kind))], ['unknown'])
})

test('the local book follows the platform, and is not shown while it may be wrong', async () => {
  const told: MarketUpdate[] = []
  const end = alice.venue.subscribe('BTC-USDC', (update) => void told.push(update))
  const books = () => told.filter(({ kind }) => kind === 'book')
  await until(() => books().length > 0, 'the first book')
  const prices = ['99.0', '98.0', '97.5']
  const requests = prices.map((limitPrice) => request({ limitPrice }))
  for (const one of requests) await maker.trading.place(one)
  await until(() => alice.feed.book('BTC-USDC')?.bids.length === 3, 'three bids')
  assert.deepEqual(
    alice.feed.book('BTC-USDC')?.bids,
    prices.map((price) => ({ price, size: '0.10000' })),
  )
  const before = books().length
  alice.stream.reconnect()
  await until(() => told.some(({ kind }) => kind === 'stale'), 'stale')
  await until(() => books().length > before, 'a book after the cut')
  const newest = books().at(-1)
  assert.ok(newest?.kind === 'book')
  assert.deepEqual(
    newest.bids.map(({ price }) => price),
    prices,
  )
  end()
  for (const { clientOrderId } of requests) await maker.trading.cancel(clientOrderId)
})

test('a quote is what a market order then costs, to the last digit of its fee', async () => {
  alice.venue.subscribe('BTC-USDC', () => {})
  const asks = ['101.0', '103.0'].map((limitPrice) => request({ side: 'sell', limitPrice }))
  for (const one of asks) await maker.trading.place(one)
  await until(() => alice.feed.book('BTC-USDC')?.asks.length === 2, 'two asks')
  const base = { in: 'base', amount: '0.15' } as const
  const wanted = { symbol: 'BTC-USDC', side: 'buy', quantity: base } as const
  const quote = await alice.venue.quote(wanted)
  assert.ok(quote.kind === 'quote')
  const { limitPrice: _limit, ...market } = request({ quantity: base, timeInForce: 'IOC' })
  const bought = await alice.trading.place(market)
  assert.ok(bought.kind === 'accepted')
  const fees = bought.fills.reduce((sum, { fee }) => sum + Number(fee.amount), 0)
  const paid = Number(bought.order.filledQuote) + fees
  assert.ok(Math.abs(Number(quote.quote) - paid) <= 2e-6, `${quote.quote} ${paid}`)
  assert.deepEqual(
    bought.fills.map(({ quote: one }) => one),
    ['10.1', '5.15'],
  )
  const more = await alice.venue.quote({ ...wanted, quantity: { in: 'base', amount: '1' } })
  assert.equal(more.kind, 'unavailable')
  const small = await alice.venue.quote({ ...wanted, quantity: { in: 'quote', amount: '1' } })
  assert.ok(small.kind === 'quote' && Math.abs(Number(small.base) - 1 / (103 * 1.0005)) < 1e-8)
  for (const { clientOrderId } of asks) await maker.trading.cancel(clientOrderId)
})

test('a maker hears its fills, orders and balances once, also what a cut hid', async () => {
  const changes: AccountChange[] = []
  const stream = createStream({
    ...{ url, authorization: keyAuthorization(bob.key), retryMs: { first: 300, max: 300 } },
  })
  const end = watchAccount({ stream, listener: (change) => void changes.push(change) })
  await until(() => changes.some(({ kind }) => kind === 'missed'), 'the beginning')
  const ask = request({ side: 'sell', limitPrice: '101.0' })
  await maker.trading.place(ask)
  const take = () =>
    alice.trading.place(
      request({
        limitPrice: '101.0',
        quantity: { in: 'base', amount: '0.05' },
        timeInForce: 'IOC',
      }),
    )
  await take()
  const fills = () => changes.filter(({ kind }) => kind === 'fill')
  await until(() => fills().length === 1, 'the first fill')
  stream.reconnect()
  await take()
  await until(() => fills().length === 2, 'the fill of the cut')
  const [first] = fills()
  assert.ok(first?.kind === 'fill')
  const { clientOrderId, base, quote, liquidity, side } = first.fill
  assert.deepEqual(
    [clientOrderId, base, quote, liquidity, side],
    [ask.clientOrderId, '0.05000', '5.05', 'maker', 'sell'],
  )
  const order = changes.filter(({ kind }) => kind === 'order').at(-1)
  assert.ok(order?.kind === 'order' && order.order.state === 'filled')
  assert.ok(changes.some(({ kind }) => kind === 'balances'))
  const all = await maker.trading.fills(first.fill.fillId)
  await exchange.caughtUp()
  assert.ok(all.kind === 'ok')
  end()
  stream.close()
})

test('fills are listed the oldest first, after the last one known', async () => {
  await exchange.caughtUp()
  const all = await maker.trading.fills(undefined)
  assert.ok(all.kind === 'ok' && all.value.length >= 3)
  const [first, second] = all.value
  const rest = await maker.trading.fills(first?.fillId)
  assert.ok(rest.kind === 'ok')
  assert.deepEqual(rest.value[0], second)
  assert.equal(rest.value.length, all.value.length - 1)
})

test('products of decimals are exact', () => {
  assert.equal(timesDecimal('41000.5', '0.00123'), '50.430615')
  assert.equal(timesDecimal('0.1', '0.1'), '0.01')
  assert.equal(timesDecimal('100', '3'), '300')
  assert.equal(timesDecimal('1.50', '2.00'), '3')
})

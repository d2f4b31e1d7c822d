// Fees: what a customer is told that he pays is what his next order pays.
//
// Volume is the owner's, over all accounts and all markets of a quote asset, and lasts 30 days.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asMicros, DAY_US } from '#kernel/time.ts'
import { createAdminActions } from '#platform/admin/service.ts'
import { createActionStore } from '#platform/admin/store.ts'
import type { Fees } from '#platform/markets/schemas.ts'
import { call, createCustomer, createExchange, signedCall } from './exchange.ts'

const ahead = { days: 0 }
/** Begins at noon: no midnight comes by while this runs. */
const start = Date.now() * 1_000
const noon = start - (start % DAY_US) + DAY_US / 2
const clock = () => asMicros(noon + (Date.now() * 1_000 - start) + ahead.days * DAY_US)
const exchange = await createExchange({ clock })
const ada = await createCustomer(exchange, 'ada')
const bob = await createCustomer(exchange, 'bob')
const eve = await createCustomer(exchange, 'eve')
const actions = createAdminActions({
  ...{ store: createActionStore(exchange.database), sequencer: exchange.sequencer },
  ...{ listing: exchange.views.listing, now: clock },
})

const TIERS = [
  { minNotional: '0.000000', makerFeeBps: 2, takerFeeBps: 5 },
  { minNotional: '1000.000000', makerFeeBps: 1, takerFeeBps: 4 },
  { minNotional: '5000.000000', makerFeeBps: 0, takerFeeBps: 3 },
] as const

for (const market of ['BTC-USDC', 'ETH-USDC']) {
  const params = { market, tiers: TIERS }
  const given = { kind: 'market.fees', params, reason: 'a test', proposedBy: ada.userId }
  const proposed = await actions.propose(given)
  assert.ok(proposed.ok, JSON.stringify(proposed))
  const approved = await actions.approve({ id: proposed.value.id, by: bob.userId })
  assert.equal(approved.ok && approved.value.status, 'done')
}

type Ask = Parameters<typeof signedCall>[2]
/** Signed: a key does not grow old with the days that pass here. */
const signed = (customer: typeof ada, request: Ask) =>
  signedCall(exchange.app, customer.key, request, () => clock() / 1_000)

async function feesOf(customer: typeof ada, query = ''): Promise<readonly Fees[]> {
  const answer = await signed(customer, { method: 'GET', url: `/v1/fees${query}` })
  assert.equal(answer.status, 200, answer.text)
  return JSON.parse(answer.text).items
}

async function feeIn(customer: typeof ada, market: string, query = ''): Promise<Fees> {
  const all = await feesOf(customer, query)
  return all.find((one) => one.market === market) ?? assert.fail(market)
}

const limit = (side: string, market: string, price: string, size: string, more: object = {}) => ({
  ...{ type: 'limit', side, market, price, size, ...more },
})

/** Buys from bob; what the fill says of the rate, in bps. */
async function buy(market: string, price: string, size: string, more: object = {}) {
  const body = limit('sell', market, price, size)
  const offered = await signed(bob, { method: 'POST', url: '/v1/orders', body })
  assert.equal(offered.status, 201, offered.text)
  const bought = await signed(ada, {
    ...{ method: 'POST', url: '/v1/orders' },
    body: limit('buy', market, price, size, more),
  })
  const [fill = assert.fail(bought.text)] = bought.body.fills
  return Math.round((Number(fill.fee) / (Number(fill.price) * Number(fill.size))) * 10_000)
}

test('who has not traded is in the first tier, and told where the next begins', async () => {
  assert.deepEqual(await feesOf(ada), [
    ...['BTC-USDC', 'ETH-USDC'].map((market) => ({
      ...{ market, quote: 'USDC', quoteVolume30d: '0.000000', tier: 1 },
      ...{ makerFeeBps: 2, takerFeeBps: 5, nextTier: TIERS[1] },
    })),
    {
      ...{ market: 'GBP-USD', quote: 'USD', quoteVolume30d: '0.000000', tier: 1 },
      ...{ makerFeeBps: 2, takerFeeBps: 5, nextTier: null },
    },
  ])
  assert.equal(await buy('BTC-USDC', '40000.0', '0.02'), 5)
})

test('volume is of all accounts and markets of a quote asset, and moves the tier', async () => {
  const opened = await ada.post('/v1/accounts', { requestId: 'sub', name: 'sub' })
  const { id: sub } = opened.body.account
  const coins = { from: ada.account, to: sub, asset: 'USDC', amount: '5000' }
  assert.equal((await ada.post('/v1/transfers', { requestId: 't', ...coins })).status, 201)
  assert.equal((await feeIn(ada, 'ETH-USDC')).quoteVolume30d, '800.000000')
  assert.equal(await buy('ETH-USDC', '2000.00', '0.2', { account: sub }), 5)
  for (const query of ['', `?account=${sub}`, `?account=${ada.account}`]) {
    const { tier, quoteVolume30d, nextTier, ...rest } = await feeIn(ada, 'BTC-USDC', query)
    assert.deepEqual([tier, quoteVolume30d, nextTier], [2, '1200.000000', TIERS[2]])
    assert.deepEqual([rest.makerFeeBps, rest.takerFeeBps], [1, 4])
  }
  assert.equal((await feeIn(bob, 'BTC-USDC')).quoteVolume30d, '1200.000000', 'of makers, too')
  assert.equal((await feeIn(eve, 'BTC-USDC')).tier, 1)
  assert.equal((await feeIn(ada, 'GBP-USD')).quoteVolume30d, '0.000000')
  assert.equal(await buy('BTC-USDC', '40000.0', '0.1'), 4)
  const last = await feeIn(ada, 'BTC-USDC')
  assert.deepEqual([last.tier, last.makerFeeBps, last.nextTier], [3, 0, null])
})

test('a key bound to a sub-account is told its rates, not what its owner trades', async () => {
  const accounts = await ada.get('/v1/accounts')
  const account = accounts.body.items.at(-1)?.id
  const made = await ada.post('/v1/auth/keys', { name: 'bot', scopes: ['read'], account })
  const key = { id: made.body.id, secret: made.body.secret }
  const told = await feeIn({ ...ada, key }, 'BTC-USDC')
  assert.deepEqual(told, { ...(await feeIn(ada, 'BTC-USDC')), quoteVolume30d: null })
})

test('one market may be asked for; a stranger and an unknown market are not found', async () => {
  const one = await feesOf(ada, '?market=ETH-USDC')
  assert.deepEqual(
    one.map(({ market }) => market),
    ['ETH-USDC'],
  )
  for (const [customer, url] of [
    [ada, '/v1/fees?market=XYZ'],
    [eve, `/v1/fees?account=${ada.account}`],
    [eve, '/v1/fees?account=65000'],
  ] as const) {
    const answer = await customer.get(url)
    assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], url)
  }
  assert.equal((await call(exchange.app, 'GET', '/v1/fees')).status, 401)
})

test('30 days later the volume is gone, though no command has come since', async () => {
  ahead.days = 29
  assert.equal((await feeIn(ada, 'BTC-USDC')).tier, 3)
  ahead.days = 30
  const { tier, quoteVolume30d } = await feeIn(ada, 'BTC-USDC')
  assert.deepEqual([tier, quoteVolume30d], [1, '0.000000'])
  assert.equal(await buy('BTC-USDC', '40000.0', '0.001'), 5)
  assert.equal((await feeIn(ada, 'BTC-USDC')).quoteVolume30d, '40.000000')
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})

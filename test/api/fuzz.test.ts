// Fuzz: whatever comes over the wire, the answer is one of ours and no bug is met.
//
// Bodies are valid orders with fields replaced, added, removed or repeated, and plain noise; every
// refusal has a code of the catalogue and its status.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { type Answer, call, createCustomer, createExchange } from './exchange.ts'

const exchange = await createExchange()
const ada = await createCustomer(exchange, 'ada')
const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
const RUNS = 400

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom('', '0', '-0', '1e9', '0.1', '100.0', ' 1', 'null', '\u202e1', '1\u0000', '٣'),
  fc.constantFrom(
    'BTC-USDC',
    'ETH-USDC',
    'buy',
    'sell',
    'limit',
    'market',
    'IOC',
    'FOK',
    '__proto__',
  ),
  fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String),
)
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.double(), fc.boolean())
const FIELDS = ['clientOrderId', 'sentAt', 'account', 'market', 'side', 'type', 'size'] as const
const MORE = ['quoteAmount', 'price', 'timeInForce', 'postOnly', 'selfTrade', 'x'] as const
const change = fc.dictionary(fc.constantFrom(...FIELDS, ...MORE), value, { maxKeys: 3 })

function isOurs({ status, body, text: raw }: Answer): void {
  if (status === 200 || status === 201) return
  assert.ok(Object.hasOwn(REFUSALS, body.code), raw)
  assert.equal(REFUSALS[body.code as RefusalCode].status, status, raw)
  assert.notEqual(status, 500, raw)
}

test('orders with changed fields get an answer of ours', async () => {
  const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }
  const property = fc.asyncProperty(change, async (fields) => {
    isOurs(await ada.post('/v1/orders', { ...LIMIT, ...fields }))
  })
  await fc.assert(property, { numRuns: RUNS })
})

test('bodies of noise get an answer of ours', async () => {
  const noise = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.uint8Array({ maxLength: 99 }))
  const paths = fc.constantFrom('/v1/orders', '/v1/transfers', '/v1/accounts', '/v1/auth/login')
  const property = fc.asyncProperty(noise, paths, async (payload, url) => {
    const bytes = Buffer.from(payload as string)
    isOurs(await call(exchange.app, 'POST', url, { headers, payload: bytes }))
  })
  await fc.assert(property, { numRuns: RUNS })
})

test('paths and parameters of noise get an answer of ours', async () => {
  const names = ['limit', 'after', 'account', 'market', 'status', 'depth', 'interval', 'from', 'x']
  const pair = fc.tuple(fc.constantFrom(...names), text)
  const paths = ['orders', 'fills', 'ledger', 'balances', 'pnl', 'markets/BTC-USDC/candles']
  const property = fc.asyncProperty(
    fc.constantFrom(...paths, 'markets/BTC-USDC/book', 'markets/BTC-USDC/trades'),
    fc.array(pair, { maxLength: 3 }),
    async (path, pairs) => {
      const query = pairs.map(([name, one]) => `${name}=${encode(one)}`).join('&')
      isOurs(await ada.get(`/v1/${path}?${query}`))
    },
  )
  await fc.assert(property, { numRuns: RUNS })
  const segment = fc.asyncProperty(text, async (one) => {
    isOurs(await ada.get(`/v1/orders/${encode(one)}`))
    isOurs(await ada.delete(`/v1/orders/by-client-id/${encode(one)}`))
  })
  await fc.assert(segment, { numRuns: RUNS / 4 })
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})

/** Unpaired surrogates have no encoding. */
function encode(one: string): string {
  return encodeURIComponent(one.toWellFormed())
}

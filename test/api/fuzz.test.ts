// Fuzz: whatever comes over the wire, the answer is one of ours and no bug is met.
//
// Bodies are valid orders with fields replaced, added, removed or repeated, and plain noise; every
// refusal has a code of the catalogue and its status.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { DEPLOY_EXAMPLES, UPDATE_EXAMPLES } from '#platform/fleet/examples.ts'
import { agreeingFleet } from '../fleet/agreeing-fleet.ts'
import { mayDeploy } from '../fleet/may-deploy.ts'
import { type Answer, call, createCustomer, createExchange } from './exchange.ts'

const MUCH = { perSecond: 1e6, burst: 1e6 }
const exchange = await createExchange()
const ada = await createCustomer(exchange, 'ada')
const deployments = await agreeingFleet(exchange)
const rateLimits = { address: MUCH, account: MUCH, key: MUCH }
const app = exchange.open.serve({ ...exchange.serving, rateLimits, deployments })
await app.ready()
await mayDeploy(exchange, app, [ada])
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

test('deployments and updates with changed fields get an answer of ours', async () => {
  const [deploy, update] = [DEPLOY_EXAMPLES[0], UPDATE_EXAMPLES[0]]
  const fields = ['id', 'requestId', 'source', 'params', 'venues', 'budget', 'limits', 'x'] as const
  const nested = fc.oneof(
    fc.dictionary(fc.constantFrom('percent', 'drawdown', 'flatten', 'x'), value, { maxKeys: 2 }),
    fc.array(fc.record({ asset: value, amount: value }), { maxLength: 3 }),
    fc.array(text, { maxLength: 3 }),
  )
  const changes = fc.dictionary(fc.constantFrom(...fields), fc.oneof(value, nested), { maxKeys: 2 })
  const ways = fc.constantFrom(['', deploy], ['/my-bot/update', update], ['/my-bot/stop', {}])
  const property = fc.asyncProperty(changes, ways, async (change, [path, example]) => {
    const payload = { ...Object(example), ...change }
    isOurs(await call(app, 'POST', `/v1/bots${path}`, { headers, payload }))
  })
  await fc.assert(property, { numRuns: RUNS })
})

test('bodies of noise get an answer of ours', async () => {
  const noise = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.uint8Array({ maxLength: 99 }))
  const paths = fc.constantFrom(
    ...['/v1/orders', '/v1/transfers', '/v1/accounts', '/v1/auth/login', '/v1/bots'],
    ...['/v1/strategies/describe', '/v1/bots/my-bot/update', '/v1/bots/my-bot/stop'],
  )
  const property = fc.asyncProperty(noise, paths, async (payload, url) => {
    const bytes = Buffer.from(payload as string)
    isOurs(await call(app, 'POST', url, { headers, payload: bytes }))
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

test('no bug was met on the way', async () => {
  assert.deepEqual(exchange.bugs, [])
  await app.close()
})

/** Unpaired surrogates have no encoding. */
function encode(one: string): string {
  return encodeURIComponent(one.toWellFormed())
}

// Numbers over the wire: every numeric field of every route at the edges, and decimal texts of all
// kinds. The answer is 2xx, or 4xx with its stable code and the business digest as it was.
//
// Fields are found in the OpenAPI text, so a new route is covered by being there.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { DEPLOY_EXAMPLES } from '#platform/fleet/examples.ts'
import { walletRoutes } from '#platform/wallet/routes.ts'
import { agreeingFleet } from '../fleet/agreeing-fleet.ts'
import { type Answer, call, createCustomer, createExchange } from './exchange.ts'
import { DECIMALS, EDGES, withNumber } from './number-edges.ts'
import { type NumberField, numberFields, withValue } from './number-fields.ts'

const MUCH = { perSecond: 1e6, burst: 1e6 }
const rateLimits = { address: MUCH, account: MUCH, key: MUCH }
const exchange = await createExchange({ serve: { rateLimits } })
const { open, serving, clock, sequencer, views } = exchange
const wallet = walletRoutes({
  ...{ sequencer, views, history: open.accountHistory, access: open.access, clock },
  wallet: { depositAddress: async () => '0x1', addressesOf: () => [], isPayable: () => true },
  registeredAddress: () => undefined,
})
const deployments = await agreeingFleet(exchange)
const app = open.serve({ ...serving, deployments, more: [wallet] })
await app.ready()
const trader = await createCustomer(exchange, 'tom')
const admin = await createCustomer(exchange, 'amy')
const other = await createCustomer(exchange, 'ben')
const store = createAuthStore(exchange.database)
for (const [{ email }, capability] of [
  [trader, 'operator'],
  [trader, 'deploy'],
  [admin, 'admin'],
  [other, 'admin'],
] as const) {
  await grantCapability({ store, email, capability, now: clock() })
}
const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }
const order = await trader.post('/v1/orders', { ...LIMIT, clientOrderId: 'known' })
assert.equal(order.status, 201, order.text)

/** What stands for the names of a path that are not the field itself. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ market: 'BTC-USDC', id: String(order.body.order.id), clientOrderId: 'known' },
  ...{ account: String(trader.account) },
}

/** A bot that is there from the first deployment on. */
const BOT = 'my-bot'
const OF_BOT = /^\/v1\/bots\/\{id\}/

const fields = await numberFields(app)

/** What a bot is told has nothing to do with the engine's edges, and takes long. */
const isOfBot = ({ path, name: [first] }: NumberField) =>
  path.startsWith('/v1/bots') && ['limits', 'params'].includes(first ?? '')

function edgesFor(field: NumberField): readonly string[] {
  if (isOfBot(field)) return ['0', '1', String(2n ** 53n), String(2n ** 63n)]
  return field.path.startsWith('/v1/orders') ? [...EDGES, ...DECIMALS] : EDGES
}

function request({ method, path, where, name, body }: NumberField, number: string) {
  const [field = ''] = name
  const url = path.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const known = OF_BOT.test(path) ? BOT : (NAMES[key] ?? 'x')
    return encodeURIComponent(where === 'path' && key === field ? number : known)
  })
  const query = where === 'query' ? `?${field}=${encodeURIComponent(number)}` : ''
  const isAdmins = path.startsWith('/v1/admin')
  const headers = {
    authorization: `Bearer ${(isAdmins ? admin : trader).token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  return { method, url: `${url}${query}`, headers }
}

function payloadOf({ path, where, name, isInteger, body: sample }: NumberField, number: string) {
  const body = path === ACTIONS ? ofMarket(sample) : isBots(path) ? unlike(sample) : sample
  if (body === undefined) return {}
  if (where !== 'body') return { payload: JSON.stringify(body) }
  return { payload: withNumber((mark) => withValue(body, name, mark), number, isInteger) }
}

const ACTIONS = '/v1/admin/actions'
const isBots = (path: string) => path.startsWith('/v1/bots')

/** What two people do is done to a market that no other field trades. */
function ofMarket(body: unknown): unknown {
  const isOfOne = JSON.stringify(body)?.includes('"market":') === true
  return isOfOne ? withValue(body, ['params', 'market'], 'GBP-USD') : body
}

const asked = { count: 0 }
/** How often an action was carried out or refused by the engine, by its kind. */
const approved = new Map<string, number>()

/** Another request for another bot, because one that was made is only looked up. */
function unlike(body: unknown): unknown {
  asked.count += 1
  const given = { ...Object(body) }
  if ('requestId' in given) given.requestId = `r${asked.count}`
  if ('id' in given) given.id = `bot-${asked.count}`
  return body === undefined ? undefined : given
}

/** The state after the last request that was done. */
const state = { digest: await digestNow() }

async function digestNow(): Promise<string> {
  return (await sequencer.digest()).business
}

async function tryNumber(field: NumberField, number: string): Promise<Answer> {
  const { path } = field
  const { method, url, headers } = request(field, number)
  const payload = payloadOf(field, number)
  const answer = await call(app, method, url, { headers, ...payload })
  const { status, body, text } = answer
  const what = `${method} ${url} ${JSON.stringify(payload)}: ${status} ${text}`
  if (status >= 200 && status < 300) {
    if (path === '/v1/bots' && status === 201) await stopAgain(text)
    if (path === ACTIONS && method === 'POST') await approve(text)
    if (method !== 'GET') state.digest = await digestNow()
    return answer
  }
  assert.ok(status >= 400 && status < 500, what)
  assert.ok(Object.hasOwn(REFUSALS, body.code), what)
  assert.equal(REFUSALS[body.code as RefusalCode].status, status, what)
  if (method !== 'GET') assert.equal(await digestNow(), state.digest, `INV-10: ${what}`)
  return answer
}

/** A number that may be proposed is one that a record holds. */
async function approve(proposed: string): Promise<void> {
  const headers = { authorization: `Bearer ${other.token}` }
  const { action } = JSON.parse(proposed)
  const answer = await call(app, 'POST', `${ACTIONS}/${action.id}/approve`, { headers })
  assert.equal(answer.status, 200, `${JSON.stringify(action)}: ${answer.text}`)
  const { kind, status } = JSON.parse(answer.text).action
  assert.ok(status === 'done' || status === 'refused', `${kind} is ${status}`)
  approved.set(kind, (approved.get(kind) ?? 0) + 1)
}

/** Its budget is for the next one. */
async function stopAgain(deployed: string): Promise<void> {
  const headers = { authorization: `Bearer ${trader.token}` }
  const url = `/v1/bots/${JSON.parse(deployed).bot.id}/stop`
  assert.equal((await call(app, 'POST', url, { headers, payload: {} })).status, 200)
}

test('numeric fields were found in every part of a request', async () => {
  const mark = { headers: { authorization: `Bearer ${trader.token}` }, payload: { price: '100.0' } }
  const url = '/v1/operator/markets/BTC-USDC/mark'
  while ((await call(app, 'PUT', url, mark)).status === 403) await sleep(50)
  const [first] = DEPLOY_EXAMPLES
  const deployed = await call(app, 'POST', '/v1/bots', { ...mark, payload: { ...first, id: BOT } })
  assert.equal(deployed.status, 201, deployed.text)
  state.digest = await digestNow()
  const told = new Set(fields.map(({ path, name }) => `${path} ${name.join('.')}`))
  for (const known of [
    ...['/v1/orders price', '/v1/orders trailBps', '/v1/orders/{id} size', '/v1/transfers amount'],
    ...['/v1/orders/batch orders.0.place.size', '/v1/orders limit', '/v1/orders/{id} id'],
    ...['/v1/withdrawals amount', '/v1/orders/cancel-after cancelAfterMs'],
    ...['/v1/bots budget.0.amount', '/v1/bots limits.drawdown', '/v1/bots params.any'],
    ...['/v1/bots/{id}/update limits.priceBps', '/v1/bots/{id}/rollback version'],
    ...['/v1/bots/{id}/log after', '/v1/bots/{id}/equity limit', '/v1/bots/{id}/source version'],
    '/v1/operator/markets/{market}/mark price',
  ]) {
    assert.ok(told.has(known), `${known} is not among ${[...told].join(', ')}`)
  }
})

test('every numeric field of every route answers every edge as it should', async () => {
  const shut = new Set<string>()
  const opened = new Set<string>()
  for (const field of fields) {
    const route = `${field.method} ${field.path}`
    for (const number of [...edgesFor(field), ...field.edges.map(String)]) {
      const { status } = await tryNumber(field, number)
      ;(status === 401 || status === 403 ? shut : opened).add(route)
    }
  }
  const never = [...shut].filter((route) => !opened.has(route))
  assert.deepEqual(
    never.filter((route) => !/\/v1\/auth\//.test(route)),
    [],
    'routes that let nobody in',
  )
  const kinds = ['asset.list', 'market.rules', 'market.fees', 'market.phase', 'account.freeze']
  for (const kind of [...kinds, 'account.cancel_orders']) {
    assert.ok((approved.get(kind) ?? 0) > 3, `${kind}: ${JSON.stringify([...approved])}`)
  }
})

const digits = fc.stringMatching(/^[0-9]{1,24}$/)
const decimal = fc.oneof(
  fc.tuple(digits, digits).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.stringMatching(/^[-+]?(0|[1-9][0-9]{0,20})?\.?[0-9]{0,12}([eE][-+]?[0-9]{1,3})?$/),
  fc.stringMatching(/^[0-9_, .eExXnN+-]{0,12}$/),
  fc.constantFrom('NaN', 'Infinity', '-0', '٣', '1\u0000', '1e400', '0x10', ' 1', '1 ', '１'),
)

test('decimal texts of any grammar in any numeric field get an answer of ours', async () => {
  // The same as of an update, where no account is opened for it.
  const isTwice = (field: NumberField) => isOfBot(field) && field.path === '/v1/bots'
  const some = fc.constantFrom(...fields.filter((field) => !isTwice(field)))
  const property = fc.asyncProperty(some, decimal, async (field, number) => {
    await tryNumber(field, number)
  })
  await fc.assert(property, { seed: 20_260_107, numRuns: 1_500 })
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})

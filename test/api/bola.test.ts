// Object level: every route x two users x every kind of id. What is not yours is not there: the
// same status and the same bytes as for what does not exist, in the same time, and nothing changes.
//
// Which inputs of a route name something is read from the route table; one that the tables below do
// not know fails the test.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEPLOY_EXAMPLES } from '#platform/fleet/examples.ts'
import { walletRoutes } from '#platform/wallet/routes.ts'
import { agreeingFleet } from '../fleet/agreeing-fleet.ts'
import { mayDeploy } from '../fleet/may-deploy.ts'
import { assertSameTime } from '../support/same-time.ts'
import { type Answer, call, createCustomer, createExchange } from './exchange.ts'
import { type Operation, routeTable } from './route-table.ts'

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
const table = (await routeTable(app)).filter(({ demand }) => demand !== null)

const ada = await createCustomer(exchange, 'ada')
const eve = await createCustomer(exchange, 'eve')
await mayDeploy(exchange, app, [ada, eve])
const [DEPLOY = assert.fail()] = DEPLOY_EXAMPLES
const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }
const placed = await ada.post('/v1/orders', { ...LIMIT, clientOrderId: 'mine' })
const order = placed.body.order.id
const finished = (await ada.post('/v1/orders', LIMIT)).body.order.id
await ada.delete(`/v1/orders/${finished}`)
const sub = (await ada.post('/v1/accounts', { requestId: 's', name: 'sub' })).body.account.id
const session = String((await ada.get('/v1/auth/sessions')).body.items[0]?.id)
const key = ada.key.id
const to = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const wish = { requestId: 'w', asset: 'USDC', amount: '25', address: to }
const withdrawn = await call(app, 'POST', '/v1/withdrawals', {
  ...{ payload: wish, headers: { authorization: `Bearer ${ada.token}` } },
})
assert.equal(withdrawn.status, 201, withdrawn.text)
const withdrawal = withdrawn.body.withdrawal.id
const bearer = { authorization: `Bearer ${ada.token}` }
const bot = await call(app, 'POST', '/v1/bots', { headers: bearer, payload: DEPLOY })
assert.equal(bot.status, 201, bot.text)
await exchange.caughtUp()

type Pair = readonly [foreign: string | number, missing: string | number]

/** What stands for the names in a path: of ada, and of nobody. */
const PATHS: Readonly<Record<string, readonly Pair[]>> = {
  '/v1/orders/{id}': [
    [order, 999_999],
    [finished, 999_998],
  ],
  '/v1/orders/by-client-id/{clientOrderId}': [['mine', 'none']],
  '/v1/auth/sessions/{id}': [[session, 'none']],
  '/v1/auth/keys/{id}': [[key, 'none']],
  '/v1/withdrawals/{id}': [[withdrawal, 999_999]],
  '/v1/accounts/{account}/close': [[sub, 2]],
}

function pairsOf(path: string): readonly Pair[] {
  const ofBot = path.startsWith('/v1/bots/{id}') ? ([[DEPLOY.id, 'no-bot']] as const) : undefined
  return PATHS[path] ?? ofBot ?? assert.fail(`which ids does ${path} take?`)
}

/** Paths whose names are of nobody in particular. */
const NOT_OWNED = /^\/v1\/(strategies|admin|operator)\//

/** What an operation with such names takes besides. */
const BESIDES: Readonly<Record<string, object>> = {
  'PATCH /v1/orders/{id}': { size: '0.2' },
  'PATCH /v1/orders/by-client-id/{clientOrderId}': { size: '0.2' },
  'POST /v1/accounts/{account}/close': { requestId: 'c' },
  'POST /v1/bots/{id}/update': { requestId: 'u', params: {} },
  'POST /v1/bots/{id}/rollback': { requestId: 'r', version: 1 },
  'POST /v1/bots/{id}/stop': { flatten: true },
}

const ACCOUNTS: readonly Pair[] = [
  [ada.account, 65_000],
  [sub, 2],
]

/** A good body but for the account in it; by "METHOD path": where the account goes. */
const BODIES: Readonly<Record<string, (account: number) => object>> = {
  'POST /v1/orders': (account) => ({ ...LIMIT, account }),
  'POST /v1/orders/cancel-after': (account) => ({ cancelAfterMs: 1_000, account }),
  'POST /v1/auth/keys': (account) => ({ name: 'k', scopes: ['read'], account }),
  'POST /v1/withdrawals': (account) => ({ ...wish, requestId: 'other', account }),
  'POST /v1/deposit-addresses': (account) => ({ asset: 'USDC', account }),
  'POST /v1/transfers': (account) => ({
    ...{ requestId: 't', from: account, to: eve.account, asset: 'USDC', amount: '1' },
  }),
}

const OF_ACCOUNT = ['account', 'from', 'to']
/** Texts that only look like it, such as the start of a stretch of time. */
const IS_CODE = ['id']

type Case = { readonly what: string; readonly ask: (of: 0 | 1) => Promise<Answer> }

function ask(method: Operation['method'], url: string, payload?: object): Promise<Answer> {
  return call(app, method, url, {
    headers: { authorization: `Bearer ${eve.token}` },
    ...(payload === undefined ? {} : { payload }),
  })
}

function casesOf(operation: Operation): Case[] {
  const { method, path, params, query, body } = operation
  const name = `${method} ${path}`
  const cases: Case[] = []
  if (params.length > 0 && !NOT_OWNED.test(path)) {
    const pairs = pairsOf(path)
    for (const pair of pairs) {
      const at = (of: 0 | 1) => path.replace(/\{\w+\}/, String(pair[of]))
      cases.push({ what: `${name} ${pair[0]}`, ask: (of) => ask(method, at(of), BESIDES[name]) })
    }
  }
  if (query.includes('account')) {
    const where = path.replace('{id}', String(order)).replace('{clientOrderId}', 'mine')
    for (const pair of ACCOUNTS) {
      const what = `${name}?account=${pair[0]}`
      const url = (of: 0 | 1) => `${where}?account=${pair[of]}`
      cases.push({ what, ask: (of) => ask(method, url(of), BESIDES[name]) })
    }
  }
  if (body.some((field) => OF_ACCOUNT.includes(field))) {
    const bodyOf = BODIES[name] ?? assert.fail(`where does ${name} take an account?`)
    for (const pair of ACCOUNTS) {
      const what = `${name} { account: ${pair[0]} }`
      cases.push({ what, ask: (of) => ask(method, path, bodyOf(Number(pair[of]))) })
    }
  }
  const unknown = body.filter(
    (field) => /(^id$|Id$)/.test(field) && !/^(client|request)/.test(field),
  )
  assert.deepEqual(
    unknown.filter((field) => !IS_CODE.includes(field)),
    [],
    name,
  )
  return cases
}

const cases = table.flatMap(casesOf)

/** Everything that is ada's, as she sees it. */
async function ofAda(): Promise<string> {
  const urls = ['balances', 'orders', 'accounts', 'auth/keys', 'auth/sessions', 'ledger', 'me/bots']
  const headers = { authorization: `Bearer ${ada.token}` }
  const answers = await Promise.all(urls.map((url) => call(app, 'GET', `/v1/${url}`, { headers })))
  return answers.map(({ text }) => text.replace(/"(asOfSeq|lastUsedAt)":\d+/g, '')).join('\n')
}

test('foreign and missing are the same bytes on every route, and nothing changes', async () => {
  const before = await ofAda()
  assert.ok(cases.length >= 30, `${cases.length} cases`)
  for (const one of cases) {
    const [foreign, missing] = [await one.ask(0), await one.ask(1)]
    assert.equal(foreign.text, missing.text, one.what)
    assert.equal(foreign.status, missing.status, one.what)
    assert.ok(foreign.status === 404 || foreign.status === 422, `${one.what}: ${foreign.text}`)
  }
  assert.equal(await ofAda(), before)
})

test('the owner is let in where the stranger was not', async () => {
  const reads = table.filter(({ method, params }) => method === 'GET' && params.length > 0)
  for (const { path } of reads.filter((one) => !NOT_OWNED.test(one.path))) {
    const [[mine] = ['']] = pairsOf(path)
    const url = path.replace(/\{\w+\}/, String(mine))
    const answer = await call(app, 'GET', url, {
      headers: { authorization: `Bearer ${ada.token}` },
    })
    assert.equal(answer.status, 200, url)
  }
})

test('a challenge of somebody else is no challenge', async () => {
  const asked = await ada.post('/v1/auth/verification', {})
  const { id } = JSON.parse(asked.text).challenge
  const answer = (of: string) => ask('POST', '/v1/auth/email/confirm', { id: of, code: '000000' })
  assert.equal((await answer(id)).text, (await answer('none')).text)
})

test('foreign and missing take the same time, within a tenth of the median of 200', async () => {
  for (const [foreign, missing] of [
    [`/v1/orders/${order}`, '/v1/orders/999999'],
    [`/v1/withdrawals/${withdrawal}`, '/v1/withdrawals/999999'],
    [`/v1/bots/${DEPLOY.id}`, '/v1/bots/no-bot'],
    [`/v1/balances?account=${ada.account}`, '/v1/balances?account=65000'],
  ] as const) {
    const urls = [foreign, missing] as const
    await assertSameTime(foreign, (which) => ask('GET', urls[which]))
  }
  await app.close()
})

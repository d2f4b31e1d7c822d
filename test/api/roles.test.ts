// Roles: every route of the route table x every role, by a person and by keys of every scope.
//
// The table below says who may do what, in other words than the product; a route that it does not
// name fails the test. Asked is with nothing in the body, so that being let in changes nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { grantCapability } from '#platform/auth/grant.ts'
import { CAPABILITIES, KEY_SCOPES } from '#platform/auth/port.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { walletRoutes } from '#platform/wallet/routes.ts'
import { openFleet } from '#scripts/fleet/open-fleet.ts'
import { call, createExchange, PASSWORD, signedCall } from './exchange.ts'
import { type Operation, routeTable } from './route-table.ts'

const MUCH = { perSecond: 1e6, burst: 1e6 }
const rateLimits = { address: MUCH, account: MUCH, key: MUCH }
const exchange = await createExchange({ serve: { rateLimits } })
const { open, serving, database, clock, sequencer, views } = exchange
const wallet = walletRoutes({
  ...{ sequencer, views, history: open.accountHistory, access: open.access, clock },
  wallet: { depositAddress: async () => undefined, addressesOf: () => [], isPayable: () => false },
  registeredAddress: () => undefined,
})
const { deployments } = await openFleet({
  ...{ exchange: open, sequencer, database, dataFolder: exchange.folder, clock },
  ...{ house: { list: () => [] }, prices: () => [], log: () => {} },
})
const app = open.serve({ ...serving, deployments, more: [wallet] })
await app.ready()
const table = await routeTable(app)

/** Who holds this one role; '' holds none. */
const ROLES = [
  ...['', ...CAPABILITIES, 'trader auditor', 'admin auditor'],
  ...['trader operator', 'trader operator auditor', 'trader deploy', 'trader deploy auditor'],
] as const
type Role = (typeof ROLES)[number]

const everybody = () => true
const has =
  (...roles: string[]) =>
  (role: Role) =>
    role.split(' ').some((one) => roles.includes(one))
const without = (allowed: (role: Role) => boolean) => (role: Role) =>
  allowed(role) && !role.includes('auditor')

const trades = without(has('trader'))
const deploys = (role: Role) => trades(role) && has('deploy')(role)
const feeds = (role: Role) => trades(role) && has('operator')(role)

type Rule = { readonly who: (role: Role) => boolean; readonly scopes: readonly string[] }
const READS: Rule = { who: everybody, scopes: ['read'] }
const TRADES: Rule = { who: trades, scopes: ['trade'] }
const OWN: Rule = { who: everybody, scopes: [] }

/** By the beginning of "METHOD path", the longest that fits. */
const RULES: Readonly<Record<string, Rule>> = {
  'GET /v1/': READS,
  'GET /v1/auth/': OWN,
  'POST /v1/auth/': OWN,
  'DELETE /v1/auth/': OWN,
  'POST /v1/orders': TRADES,
  'PATCH /v1/orders': TRADES,
  'DELETE /v1/orders': TRADES,
  'PUT /v1/operator/markets/{market}/mark': { who: feeds, scopes: ['trade'] },
  'POST /v1/accounts': TRADES,
  'POST /v1/transfers': TRADES,
  'POST /v1/faucet': TRADES,
  'POST /v1/bots': { who: deploys, scopes: ['deploy'] },
  'POST /v1/strategies/describe': { who: deploys, scopes: ['deploy'] },
  'POST /v1/bots/{id}/update': { who: deploys, scopes: ['deploy'] },
  'POST /v1/bots/{id}/rollback': { who: deploys, scopes: ['deploy'] },
  'POST /v1/bots/{id}/stop': { who: trades, scopes: ['deploy'] },
  'POST /v1/bots/{id}/pause': { who: trades, scopes: ['trade', 'deploy'] },
  'POST /v1/bots/{id}/resume': { who: trades, scopes: ['trade', 'deploy'] },
  'POST /v1/deposit-addresses': TRADES,
  'POST /v1/withdrawals': { who: trades, scopes: ['withdraw', 'rebalance'] },
  'GET /v1/admin/users': { who: has('support', 'compliance', 'auditor', 'admin'), scopes: [] },
  'POST /v1/admin/users': { who: without(has('support', 'admin')), scopes: [] },
  'GET /v1/admin/actions': { who: has('compliance', 'auditor', 'admin'), scopes: [] },
  'POST /v1/admin/actions': { who: without(has('compliance', 'admin')), scopes: [] },
}

/** Where somebody who is not signed in gets in. */
const OPEN = [
  ...['register', 'register/confirm', 'login', 'login/second', 'refresh', 'logout'],
  ...['password/reset', 'password/reset/confirm', 'unlock', 'unlock/confirm'],
]
  .map((path) => `POST /v1/auth/${path}`)
  .concat(
    ['assets', 'markets', 'markets/{market}', 'bots', 'health', 'stream'].map(
      (p) => `GET /v1/${p}`,
    ),
    ['book', 'trades', 'ticker', 'candles'].map((name) => `GET /v1/markets/{market}/${name}`),
    'GET /.well-known/jwks.json',
  )

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`
}

function ruleOf(operation: Operation): Rule {
  const name = nameOf(operation)
  const fitting = Object.keys(RULES).filter((start) => name.startsWith(start))
  const longest = fitting.sort((a, b) => b.length - a.length)[0] ?? ''
  return RULES[longest] ?? assert.fail(`no rule says who may ${name}`)
}

const closed = table.filter(({ demand }) => demand !== null)

async function person(role: Role, index: number) {
  const credentials = { email: `person${index}@example.com`, password: PASSWORD }
  const registered = await open.auth.register(credentials)
  assert.ok(registered.ok)
  const store = createAuthStore(database)
  const change = (capability: string, revokes: boolean) =>
    grantCapability({ store, email: credentials.email, capability, now: clock(), revokes })
  await change('trader', true)
  for (const capability of role.split(' ')) if (capability !== '') await change(capability, false)
  const login = await call(app, 'POST', '/v1/auth/login', { payload: credentials })
  return { role, userId: registered.value.id, token: login.body.accessToken }
}

type Person = Awaited<ReturnType<typeof person>>

const people: Person[] = []
for (const [index, role] of ROLES.entries()) people.push(await person(role, index))
await followed(people)

/** A running platform follows what the command line grants within seconds. */
async function followed(all: readonly Person[]): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 250) {
    const told = await Promise.all(all.map(({ token }) => me(token)))
    const isFollowed = told.every(({ capabilities }, at) => {
      // Nothing is told to somebody who asks too often for a busy machine.
      return capabilities?.sort().join(' ') === sorted(all[at]?.role ?? '')
    })
    if (isFollowed) return
    await sleep(250)
  }
  assert.fail('the grants were not followed')
}

async function me(token: string): Promise<{ capabilities?: string[] }> {
  const answer = await call(app, 'GET', '/v1/me', { headers: { authorization: `Bearer ${token}` } })
  return JSON.parse(answer.text)
}

function sorted(role: string): string {
  return role.split(' ').sort().join(' ')
}

function urlOf({ path }: Operation): string {
  return path.replace(/\{\w+\}/g, 'none-such')
}

/** Signing out and the like would end the session that the test goes on with. */
function isAsked(operation: Operation): boolean {
  return nameOf(operation) !== 'POST /v1/auth/logout'
}

test('the route table is whole: open where it must be, and nowhere else', () => {
  const open_ = table.filter(({ demand }) => demand === null).map(nameOf)
  assert.deepEqual(open_.sort(), OPEN.sort())
  assert.ok(closed.length >= 45, `${closed.length} routes`)
})

test('nobody gets in without saying who he is', async () => {
  for (const operation of closed) {
    const { status, body } = await call(app, operation.method, urlOf(operation))
    assert.deepEqual([status, body.code], [401, 'auth.required'], nameOf(operation))
  }
})

test('every role is let in exactly where the table says', async () => {
  let asked = 0
  for (const { role, token } of people) {
    for (const operation of closed.filter(isAsked)) {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await call(app, operation.method, urlOf(operation), { headers })
      const isIn = answer.status !== 401 && answer.body.code !== 'auth.forbidden'
      const what = `${role || 'nobody'}: ${nameOf(operation)} ${answer.text}`
      assert.equal(isIn, ruleOf(operation).who(role), what)
      if (!isIn) assert.equal(answer.status, 403, what)
      asked += 1
    }
  }
  assert.equal(asked, people.length * closed.length)
})

test('a key of every scope is let in exactly where the table says, admin nowhere', async () => {
  const trader = people.find(({ role }) => role === 'trader') ?? assert.fail()
  const admin = people.find(({ role }) => role === 'admin') ?? assert.fail()
  for (const { role, userId } of [trader, admin]) {
    for (const scope of KEY_SCOPES) {
      const made = await open.auth.createKey({ userId, name: scope, scopes: [scope] })
      assert.ok(made.ok)
      for (const operation of closed) {
        const { method } = operation
        const answer = await signedCall(app, made.value, { method, url: urlOf(operation) })
        const isIn = answer.status !== 401 && answer.body.code !== 'auth.forbidden'
        const rule = ruleOf(operation)
        const may = rule.scopes.includes(scope) && rule.who(role)
        assert.equal(isIn, may, `${role} key ${scope}: ${nameOf(operation)} ${answer.text}`)
      }
    }
  }
})

test('an auditor reads the accounts of others, and nobody else does', async () => {
  const trader = people.find(({ role }) => role === 'trader') ?? assert.fail()
  const account = views.accountOfUser(trader.userId)?.account ?? assert.fail()
  for (const name of ['balances', 'orders', 'fills', 'ledger', 'pnl', 'withdrawals', 'deposits']) {
    for (const { role, token, userId } of people) {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await call(app, 'GET', `/v1/${name}?account=${account}`, { headers })
      const may = userId === trader.userId || role.includes('auditor')
      assert.equal(answer.status, may ? 200 : 404, `${role} ${name}`)
    }
  }
  await app.close()
})

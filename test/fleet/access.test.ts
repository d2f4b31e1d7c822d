// Who may deploy and how much of it: as in production, where registering is not enough.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { DEPLOY_EXAMPLES, ROLL_BACK_EXAMPLES, UPDATE_EXAMPLES } from '#platform/fleet/examples.ts'
import {
  BUDGET_ASSETS_MAX,
  DEPLOY_BYTES_MAX,
  PARAMS_MAX,
  SOURCE_CHARS_MAX,
  VENUES_MAX,
} from '#platform/fleet/limits.ts'
import { NEWCOMERS } from '#platform/production.ts'
import { call, createCustomer, createExchange, signedCall } from '../api/exchange.ts'
import { agreeingFleet } from './agreeing-fleet.ts'
import { mayDeploy } from './may-deploy.ts'

const MUCH = { perSecond: 1e6, burst: 1e6 }
const BURST = 130
const rateLimits = { address: MUCH, account: MUCH, key: MUCH }
const exchange = await createExchange({ newcomers: NEWCOMERS.production, serve: { rateLimits } })
const { open, serving } = exchange
const deployments = await agreeingFleet(exchange)
const app = open.serve({ ...serving, deployments })
await app.ready()
const [DEPLOY = assert.fail()] = DEPLOY_EXAMPLES
const CHANGES = [
  ['/v1/bots', DEPLOY],
  ['/v1/strategies/describe', { source: DEPLOY.source }],
  [`/v1/bots/${DEPLOY.id}/update`, UPDATE_EXAMPLES[0] ?? {}],
  [`/v1/bots/${DEPLOY.id}/rollback`, ROLL_BACK_EXAMPLES[0] ?? {}],
] as const

const eve = await createCustomer(exchange, 'eve')
const ada = await createCustomer(exchange, 'ada')
await mayDeploy(exchange, app, [ada])

function post(path: string, payload: object | string, { token, to = app }: Asked = ada) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return call(to, 'POST', path, { headers, payload })
}
type Asked = { readonly token: string; readonly to?: FastifyInstance }

async function codeOf(more: object): Promise<string> {
  const { status, body } = await post('/v1/bots', { ...DEPLOY, id: 'other', ...more })
  return status === 201 ? 'deployed' : body.code
}

test('in production registering grants nobody to deploy, by hand or by a key', async () => {
  assert.deepEqual(JSON.parse((await eve.get('/v1/me')).text).capabilities, ['trader'])
  const scopes = ['read', 'trade', 'deploy']
  const key = (await eve.post('/v1/auth/keys', { name: 'deploys', scopes })).body
  for (const [url, body] of CHANGES) {
    for (const answer of [
      await post(url, body, eve),
      await signedCall(app, key, { method: 'POST', url, body }),
    ]) {
      assert.deepEqual([answer.status, answer.body.code], [403, 'auth.forbidden'], url)
    }
  }
  assert.deepEqual(deployments.bots(), [])
})

test('whom it was granted to deploys, by hand and by a key of this scope alone', async () => {
  const { status, text } = await post('/v1/bots', DEPLOY)
  assert.equal(status, 201, text)
  for (const [scopes, wanted] of [
    [['read', 'trade'], 403],
    [['deploy'], 200],
  ] as const) {
    const key = (await ada.post('/v1/auth/keys', { name: 'k', scopes })).body
    for (const [url, body] of CHANGES.slice(1)) {
      const answer = await signedCall(app, key, { method: 'POST', url, body })
      assert.equal(answer.status, wanted, `${url}: ${answer.text}`)
    }
  }
})

test('a key of some markets, or of another account, finds no bot and deploys none', async () => {
  const { id: account } = (await ada.post('/v1/accounts', { requestId: 'a', name: 'x' })).body
    .account
  const scopes = ['read', 'trade', 'deploy']
  for (const bound of [{ markets: ['ETH-USDC'] }, { account }]) {
    const key = (await ada.post('/v1/auth/keys', { name: 'bound', scopes, ...bound })).body
    const ask = (method: 'GET' | 'POST', url: string, body?: object) =>
      signedCall(app, key, { method, url, body })
    for (const rest of ['', '/versions', '/source', '/log', '/equity']) {
      assert.equal((await ask('GET', `/v1/bots/${DEPLOY.id}${rest}`)).status, 404, rest)
    }
    assert.equal((await ask('GET', '/v1/me/bots')).body.items?.length ?? 0, 0)
    assert.equal((await ask('POST', `/v1/bots/${DEPLOY.id}/stop`, {})).body.code in REFUSED, true)
    assert.equal((await ask('POST', '/v1/bots', { ...DEPLOY, id: 'n' })).body.code in REFUSED, true)
  }
  assert.deepEqual(
    deployments.bots().map(({ id, wanted }) => [id, wanted]),
    [[DEPLOY.id, 'running']],
  )
})

const REFUSED = { not_found: true, 'auth.forbidden': true }

test('a text, a request, its parameters, venues and coins have limits', async () => {
  const describe = async (payload: object | string) =>
    (await post('/v1/strategies/describe', payload)).status
  const { source } = DEPLOY
  for (const [more, status] of [
    [-1, 200],
    [0, 200],
    [1, 400],
  ] as const) {
    assert.equal(await describe({ source: source.padEnd(SOURCE_CHARS_MAX + more) }), status)
    const json = JSON.stringify({ source }).padEnd(DEPLOY_BYTES_MAX + more)
    assert.equal(await describe(json), status === 400 ? 413 : status)
    const wrong = (code: string) => (more > 0 ? 'request.malformed' : code)
    const params = Object.fromEntries(
      Array.from({ length: PARAMS_MAX + more }, (_, at) => [`p${at}`, at]),
    )
    const venues = Array.from({ length: VENUES_MAX + more }, (_, at) => `v${at}`)
    const budget = Array.from({ length: BUDGET_ASSETS_MAX + more }, (_, at) => ({
      ...{ asset: `NONE${at}`, amount: '1' },
    }))
    assert.equal(await codeOf({ params, venues: ['moon'] }), wrong('bot.venue_unknown'))
    assert.equal(await codeOf({ venues }), wrong('bot.venue_unknown'))
    assert.equal(await codeOf({ budget }), wrong('asset.unknown'))
  }
})

test('what no database keeps as it is comes in nowhere', async () => {
  for (const text of ['\u0000', '\ud800', 'a\udfff']) {
    assert.equal(await codeOf({ source: DEPLOY.source + text }), 'request.malformed')
    for (const params of [{ word: text }, { words: [text] }]) {
      assert.equal(await codeOf({ params }), 'request.malformed')
    }
  }
  for (const params of [{ 'a b': 1 }, { ['x'.repeat(65)]: 1 }, { a: { b: 1 } }, { a: null }]) {
    assert.equal(await codeOf({ params }), 'request.malformed', JSON.stringify(params))
  }
})

test('what starts a compiler weighs as much as fifty requests', async () => {
  const account = { perSecond: 0.001, burst: BURST }
  const to = open.serve({ ...serving, deployments, rateLimits: { ...rateLimits, account } })
  await to.ready()
  const statuses: number[] = []
  for (const _time of [1, 2, 3]) {
    const { source } = DEPLOY
    statuses.push((await post('/v1/strategies/describe', { source }, { ...ada, to })).status)
  }
  assert.deepEqual(statuses, [200, 200, 429])
  await to.close()
  await app.close()
})

// The routes of /v1/auth and /v1/me on a real Fastify, with a plain stand-in for http's
// authenticate plugin: it proves shapes, statuses, cookies and what each route demands.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type InjectOptions, type RouteOptions } from 'fastify'
import { accept } from '#kernel/result.ts'
import { LOGIN_FAILURES_FREE } from '#platform/auth/limits.ts'
import { authRoutes } from '#platform/auth/routes.ts'
import { createAuth } from '#platform/auth/service.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { memoryVault } from '../support/memory-vault.ts'

const PASSWORD = 'correct horse battery'
/** It stands still, so that no wait is over before a test asks. */
const clock = { us: 1_700_000_000_000_000 }
const store = createAuthStore(await temporaryDatabase())
const auth = await createAuth({
  store,
  vault: await memoryVault(),
  openAccount: async () => accept(16),
  ownsAccount: (main, account) => main === account,
  now: () => clock.us,
})
const routes: RouteOptions[] = []
const STRICT = {
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  allErrors: false,
} as const
const app = Fastify({ ajv: { customOptions: STRICT } }).withTypeProvider<TypeBoxTypeProvider>()
app.decorateRequest('principal', null)
app.addHook('onRoute', (route) => void routes.push(route))
app.addHook('onRequest', async (request, reply) => {
  const demand = request.routeOptions.config.auth
  if (demand === undefined || demand === 'none') return
  const token = (request.headers.authorization ?? '').replace('Bearer ', '')
  const verified = await auth.verifyToken(token)
  if (!verified.ok) return reply.code(401).send({ code: verified.code, message: '' })
  request.principal = verified.value
})
const listAccounts = () => [{ id: 16, kind: 'main', name: 'main' } as const]
await app.register(authRoutes({ auth, listAccounts }))
after(async () => {
  await app.close()
  await auth.close()
})

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, options: InjectOptions = {}) {
  const response = await app.inject({ method, url, ...options })
  const body: Record<string, unknown> = response.body === '' ? {} : response.json()
  return { status: response.statusCode, body, headers: response.headers }
}

function bearer(token: unknown): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } }
}

async function signUp(email: string): Promise<void> {
  const { status } = await call('POST', '/v1/auth/register', {
    payload: { email, password: PASSWORD },
  })
  assert.equal(status, 201)
}

async function signIn(email: string, refresh?: 'body' | 'cookie') {
  const payload = { email, password: PASSWORD, ...(refresh === undefined ? {} : { refresh }) }
  const signedIn = await call('POST', '/v1/auth/login', { payload })
  assert.equal(signedIn.status, 200)
  return signedIn
}

test('registering answers 201 with the user and no password, again alike', async () => {
  const payload = { email: 'Ada@b.c', password: PASSWORD }
  const first = await call('POST', '/v1/auth/register', { payload })
  assert.equal(first.status, 201)
  const { id, createdAt, ...user } = first.body['user'] as Record<string, unknown>
  assert.deepEqual(user, { email: 'ada@b.c', verified: false, secondFactor: false })
  assert.ok(typeof id === 'string' && Number.isSafeInteger(createdAt))
  const second = await call('POST', '/v1/auth/register', { payload })
  assert.deepEqual([second.status, Object.keys(second.body)], [201, Object.keys(first.body)])
})

test('bodies with unknown, missing, wrong or oversized fields are 400', async () => {
  const good = { email: 'x@b.c', password: PASSWORD }
  const bodies = [
    {},
    { email: 'x@b.c' },
    { ...good, role: 'admin' },
    { ...good, email: 7 },
    { ...good, email: ['x@b.c'] },
    { ...good, password: 'short' },
    { ...good, password: 'x'.repeat(129) },
    { ...good, email: `${'x'.repeat(255)}@b.c` },
  ]
  for (const payload of bodies) {
    const { status } = await call('POST', '/v1/auth/register', { payload })
    assert.equal(status, 400, JSON.stringify(payload))
  }
  const login = { payload: { ...good, refresh: 'header' } }
  assert.equal((await call('POST', '/v1/auth/login', login)).status, 400)
  assert.equal((await call('POST', '/v1/auth/login?x=1', { payload: good })).status, 400)
})

test('signing in answers the tokens in the body, and me says who it is', async () => {
  await signUp('bob@b.c')
  const { body, headers } = await signIn('bob@b.c')
  assert.deepEqual(Object.keys(body).sort(), ['accessToken', 'expiresAt', 'refreshToken'])
  assert.equal(headers['set-cookie'], undefined)
  assert.equal(headers['cache-control'], 'no-store')
  const me = await call('GET', '/v1/me', bearer(body['accessToken']))
  assert.equal(me.status, 200)
  assert.deepEqual(me.body['capabilities'], ['trader'])
  assert.deepEqual(me.body['accounts'], [{ id: 16, kind: 'main', name: 'main' }])
})

test('the page has its refresh token in a cookie that no other site can use', async () => {
  await signUp('carol@b.c')
  const { body, headers } = await signIn('carol@b.c', 'cookie')
  assert.deepEqual(Object.keys(body).sort(), ['accessToken', 'expiresAt'])
  const cookie = String(headers['set-cookie'])
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/v1/auth', 'Max-Age=2592000']) {
    assert.ok(cookie.split('; ').includes(part), part)
  }
  const sent = { headers: { cookie: `theme=dark; ${cookie.split(';')[0]}` } }
  const refreshed = await call('POST', '/v1/auth/refresh', sent)
  assert.equal(refreshed.status, 200)
  assert.notEqual(refreshed.headers['set-cookie'], cookie)
  assert.equal('refreshToken' in refreshed.body, false)
  const renewed = {
    headers: { cookie: String(refreshed.headers['set-cookie']).split(';')[0] ?? '' },
  }
  const out = await call('POST', '/v1/auth/logout', renewed)
  assert.equal(out.status, 204)
  assert.match(String(out.headers['set-cookie']), /crossbook_refresh=; .*Max-Age=0/)
  assert.equal((await call('POST', '/v1/auth/refresh', renewed)).status, 401)
})

test('refreshing without a token asks for one, and signing out without one is fine', async () => {
  const refreshed = await call('POST', '/v1/auth/refresh')
  assert.deepEqual([refreshed.status, refreshed.body['code']], [401, 'auth.required'])
  assert.equal((await call('POST', '/v1/auth/logout')).status, 204)
})

test('an access token alone is enough to sign out', async () => {
  await signUp('dave@b.c')
  const { body } = await signIn('dave@b.c')
  const token = bearer(body['accessToken'])
  assert.equal((await call('POST', '/v1/auth/logout', token)).status, 204)
  assert.equal((await call('GET', '/v1/me', token)).status, 401)
})

test('sessions are listed, the current one is marked, and one of them is revoked', async () => {
  await signUp('erin@b.c')
  const mine = bearer((await signIn('erin@b.c')).body['accessToken'])
  const other = bearer((await signIn('erin@b.c')).body['accessToken'])
  const { body } = await call('GET', '/v1/auth/sessions', mine)
  const items = body['items'] as { id: string; current: boolean }[]
  assert.deepEqual([items.length, items.filter(({ current }) => current).length], [2, 1])
  const id = items.find(({ current }) => !current)?.id
  assert.equal((await call('DELETE', `/v1/auth/sessions/${id}`, mine)).status, 204)
  assert.equal((await call('GET', '/v1/me', other)).status, 401)
  const again = await call('DELETE', `/v1/auth/sessions/${id}`, mine)
  assert.deepEqual([again.status, again.body['code']], [404, 'not_found'])
})

test('a key tells its secret once, is listed without it, and is gone when revoked', async () => {
  await signUp('frank@b.c')
  const mine = bearer((await signIn('frank@b.c')).body['accessToken'])
  const payload = { name: 'maker', scopes: ['read', 'trade'], account: 16 }
  const made = await call('POST', '/v1/auth/keys', { ...mine, payload })
  assert.equal(made.status, 201)
  const { secret, ...shown } = made.body
  assert.ok(typeof secret === 'string' && secret.length === 43)
  const listed = await call('GET', '/v1/auth/keys', mine)
  assert.deepEqual(listed.body, { items: [shown], next: null })
  const gone = await call('DELETE', `/v1/auth/keys/${shown['id']}`, mine)
  assert.equal(gone.status, 204)
  assert.deepEqual((await call('GET', '/v1/auth/keys', mine)).body, { items: [], next: null })
})

test('a key with unknown, repeated or no scopes, or a name with controls, is 400', async () => {
  await signUp('grace@b.c')
  const mine = bearer((await signIn('grace@b.c')).body['accessToken'])
  const good = { name: 'maker', scopes: ['read'] }
  for (const payload of [
    { ...good, scopes: [] },
    { ...good, scopes: ['session'] },
    { ...good, scopes: ['read', 'read'] },
    { ...good, name: '' },
    { ...good, name: 'a\u0000b' },
    { ...good, name: 'a\u202eb' },
    { ...good, account: '16' },
    { ...good, account: 1.5 },
    { ...good, admin: true },
  ]) {
    const { status } = await call('POST', '/v1/auth/keys', { ...mine, payload })
    assert.equal(status, 400, JSON.stringify(payload))
  }
  const foreign = await call('POST', '/v1/auth/keys', {
    ...mine,
    payload: { ...good, account: 99 },
  })
  assert.deepEqual([foreign.status, foreign.body['code']], [422, 'account.unknown'])
})

test('too many wrong passwords answer 429 and say how long to wait', async () => {
  const payload = { email: 'nobody@b.c', password: 'wrong password' }
  for (let n = 0; n < LOGIN_FAILURES_FREE; n += 1) {
    assert.equal((await call('POST', '/v1/auth/login', { payload })).status, 401)
  }
  const refused = await call('POST', '/v1/auth/login', { payload })
  assert.deepEqual([refused.status, refused.body['code']], [429, 'rate.limited'])
  assert.ok(Number(refused.headers['retry-after']) >= 1)
})

test('every route says what it demands; only signing in and out is open', () => {
  const demands = routes
    .filter(({ method }) => method !== 'HEAD')
    .map(({ method, url, config }) => `${method} ${url} ${JSON.stringify(config?.auth)}`)
  assert.deepEqual(demands.sort(), [
    'DELETE /v1/auth/keys/:id {"scope":"session"}',
    'DELETE /v1/auth/sessions/:id {"scope":"session"}',
    'GET /.well-known/jwks.json "none"',
    'GET /v1/auth/keys {"scope":"session"}',
    'GET /v1/auth/sessions {"scope":"session"}',
    'GET /v1/me {"scope":"read"}',
    'POST /v1/auth/email {"scope":"session"}',
    'POST /v1/auth/email/confirm {"scope":"session"}',
    'POST /v1/auth/keys {"scope":"session"}',
    'POST /v1/auth/login "none"',
    'POST /v1/auth/login/second "none"',
    'POST /v1/auth/logout "none"',
    'POST /v1/auth/password {"scope":"session"}',
    'POST /v1/auth/password/reset "none"',
    'POST /v1/auth/password/reset/confirm "none"',
    'POST /v1/auth/refresh "none"',
    'POST /v1/auth/register "none"',
    'POST /v1/auth/register/confirm "none"',
    'POST /v1/auth/totp {"scope":"session"}',
    'POST /v1/auth/totp/confirm {"scope":"session"}',
    'POST /v1/auth/totp/recovery-codes {"scope":"session"}',
    'POST /v1/auth/totp/remove {"scope":"session"}',
    'POST /v1/auth/unlock "none"',
    'POST /v1/auth/unlock/confirm "none"',
    'POST /v1/auth/verification {"scope":"session"}',
  ])
  for (const { url, schema } of routes) assert.ok(schema?.response !== undefined, url)
})

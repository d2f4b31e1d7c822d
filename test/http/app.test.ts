// App: what must hold for every route, and how connections that misbehave end.

import assert from 'node:assert/strict'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { call, createExchange } from '../api/exchange.ts'

const exchange = await createExchange({
  serve: {
    more: [
      (scope, _options, done) => {
        const probe = { auth: 'none', weight: 1 } as const
        scope.get(
          '/v1/fails',
          { config: probe, schema: { querystring: { type: 'object' }, response: { 200: {} } } },
          async () => {
            throw new Error('a secret detail')
          },
        )
        done()
      },
    ],
  },
})
const { app } = exchange
const printed = app.printRoutes({ commonPrefix: false, includeMeta: false })
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.address() as AddressInfo

type Path = Record<string, { readonly responses: object; readonly parameters?: object[] }>
const api: { readonly paths: Record<string, Path> } = JSON.parse(
  (await call(app, 'GET', '/docs/json')).text,
)

test('every route is in the OpenAPI text, with its answers', () => {
  const expected = [
    ...['/v1/auth/register', '/v1/auth/login', '/v1/auth/refresh', '/v1/auth/logout'],
    ...['/v1/auth/sessions', '/v1/auth/sessions/{id}', '/v1/auth/keys', '/v1/auth/keys/{id}'],
    ...['/v1/me', '/v1/faucet', '/v1/assets', '/v1/markets', '/v1/markets/{market}'],
    ...['book', 'trades', 'ticker', 'candles'].map((name) => `/v1/markets/{market}/${name}`),
    ...['/v1/orders', '/v1/orders/{id}', '/v1/orders/by-client-id/{clientOrderId}'],
    ...['/v1/orders/batch', '/v1/orders/cancel-after', '/v1/accounts/{account}/close'],
    ...['/v1/operator/markets/{market}/mark', '/v1/fees', '/v1/prevented-matches'],
    ...['/v1/accounts', '/v1/transfers', '/v1/balances', '/v1/fills', '/v1/ledger', '/v1/pnl'],
    ...['/.well-known/jwks.json', '/v1/auth/register/confirm', '/v1/auth/login/second'],
    ...['/v1/auth/verification', '/v1/auth/password', '/v1/auth/email', '/v1/auth/email/confirm'],
    ...['/v1/auth/password/reset', '/v1/auth/password/reset/confirm'],
    ...['/v1/auth/unlock', '/v1/auth/unlock/confirm', '/v1/auth/totp', '/v1/auth/totp/confirm'],
    ...['/v1/auth/totp/remove', '/v1/auth/totp/recovery-codes'],
    ...['/v1/admin/users', '/v1/admin/users/{id}/end-sessions', '/v1/admin/users/{id}/unlock'],
    ...['', '/{id}', '/{id}/approve', '/{id}/reject'].map((end) => `/v1/admin/actions${end}`),
    ...['/v1/bots', '/v1/bots/{id}/pause', '/v1/bots/{id}/resume', '/v1/health', '/v1/stream'],
  ]
  assert.deepEqual(
    Object.keys(api.paths)
      .filter((path) => path !== '/v1/fails')
      .sort(),
    expected.sort(),
  )
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      assert.ok(Object.keys(responses).length >= 1, `${method} ${path}`)
    }
  }
  assert.ok(printed.includes('orders'))
})

test('a route without schemas or without a word on who may call it does not start', async () => {
  const broken = async (options: object) => {
    const plugin: FastifyPluginAsyncTypebox = async (scope) => {
      scope.route({ method: 'GET', url: '/v1/broken', handler: async () => 'x', ...options })
    }
    await exchange.open.serve({ ...exchange.serving, more: [plugin] }).ready()
  }
  const query = { querystring: { type: 'object' } }
  await assert.rejects(broken({ config: { auth: 'none' } }), /no schema of its answer/)
  const answered = { ...query, response: { 200: {} } }
  await assert.rejects(broken({ schema: answered }), /does not say whom it lets in/)
})

test('a bug is 500 internal without a word of it, and is reported', async () => {
  const answer = await call(app, 'GET', '/v1/fails')
  assert.deepEqual([answer.status, answer.body.code], [500, 'internal'])
  assert.ok(!answer.text.includes('secret'))
  assert.match(String(exchange.bugs.pop()), /a secret detail/)
})

test('answers are not cached and not sniffed', async () => {
  const { headers } = await call(app, 'GET', '/v1/health')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['x-content-type-options'], 'nosniff')
})

test('health is small and says how far it is', async () => {
  const { body } = await call(app, 'GET', '/v1/health')
  const names = ['status', 'releasedSeq', 'eventDigest', 'projectorLag', 'chain', 'version']
  assert.deepEqual(Object.keys(body), names)
})

test('metrics count requests by route and status', async () => {
  await call(app, 'GET', '/v1/markets/NO-SUCH')
  const { text } = await call(app, 'GET', '/metrics')
  assert.match(
    text,
    /crossbook_http_requests_total\{route="\/v1\/markets\/:market",status="404"\} 1/,
  )
  assert.match(text, /crossbook_released_seq \d+/)
})

/** What the server says until it closes the connection, and after how long. */
async function exchangeBytes(text: string): Promise<{ text: string; ms: number }> {
  const start = performance.now()
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.write(text)
  await new Promise((resolve) => socket.once('close', resolve))
  return { text: Buffer.concat(chunks).toString(), ms: performance.now() - start }
}

test('bytes that are no HTTP are answered in JSON and cut off', async () => {
  const { text } = await exchangeBytes('hello\r\n\r\n')
  assert.match(text, /^HTTP\/1.1 400 /)
  assert.match(text, /"code":"request.malformed"/)
  const long = await exchangeBytes(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)
  assert.match(long.text, /^HTTP\/1.1 431 /)
})

test('a connection that does not send its headers is closed within 15 s', {
  timeout: 20_000,
}, async () => {
  const { text, ms } = await exchangeBytes('GET /v1/health HTTP/1.1\r\nHost: a\r\n')
  assert.ok(ms < 15_000, `${ms} ms`)
  assert.match(text, /^HTTP\/1.1 408 |^$/)
})

test('an upgrade is taken on the stream and nowhere else', async () => {
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(`GET /v1/health HTTP/1.1\r\nHost: a\r\n${upgrade}${key}`)
  for (let turn = 0; turn < 100 && chunks.length === 0; turn += 1) await sleep(10)
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1.1 200 /)
  socket.destroy()
  const plain = await call(app, 'GET', '/v1/stream')
  assert.deepEqual([plain.status, plain.body.code], [400, 'request.malformed'])
})

test('paths that cannot be decoded and ids that are too long are refused', async () => {
  const broken = await call(app, 'GET', '/v1/orders/%zz')
  assert.deepEqual([broken.status, broken.body.code], [400, 'request.malformed'])
  const long = await call(app, 'GET', `/v1/markets/${'x'.repeat(200)}`)
  assert.ok([400, 404, 414].includes(long.status), String(long.status))
})

// In transit: TLS with a certificate of ours, the stream over the same, HSTS where it is meant, and
// admin routes on a port of their own.

import assert from 'node:assert/strict'
import { chmodSync, statSync } from 'node:fs'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connect } from 'node:tls'
import { readCertificate } from '#platform/vault/certificate.ts'
import { call, createExchange } from '../api/exchange.ts'
import { temporaryFolder } from '../database/temporary.ts'

const dataFolder = temporaryFolder()
const certificate = await readCertificate({ kind: 'development', dataFolder })
const exchange = await createExchange()
const { open, serving } = exchange
const secure = open.serve({ ...serving, tls: certificate, hsts: true, serves: 'public' })
await secure.listen({ host: '127.0.0.1', port: 0 })
after(() => secure.close())
const { port } = secure.server.address() as AddressInfo

type Got = { readonly status: number; readonly headers: Readonly<Record<string, unknown>> }

function get(path: string, options: object = {}): Promise<Got> {
  return new Promise((done, fail) => {
    const asked = request(
      { ...{ host: '127.0.0.1', port, path, ca: certificate.cert, agent: false }, ...options },
      (answer) => {
        answer.resume()
        answer.on('end', () => done({ status: answer.statusCode ?? 0, headers: answer.headers }))
      },
    )
    asked.on('error', fail)
    asked.end()
  })
}

test('the development certificate is made once, and its key is ours alone', async () => {
  const file = join(dataFolder, 'keys', 'development-tls.pem')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const again = await readCertificate({ kind: 'development', dataFolder })
  assert.deepEqual(again, certificate)
  chmodSync(file, 0o640)
  await assert.rejects(readCertificate({ kind: 'development', dataFolder }), /chmod 600/)
  chmodSync(file, 0o600)
})

test('requests go over TLS under a name that the certificate says, and no other', async () => {
  const { status, headers } = await get('/v1/health')
  assert.equal(status, 200)
  assert.equal(headers['strict-transport-security'], 'max-age=63072000; includeSubDomains')
  await assert.rejects(get('/v1/health', { servername: 'exchange.example' }), /altnames|Hostname/)
  await assert.rejects(get('/v1/health', { ca: [] }), /self-signed|verify/)
  await assert.rejects(get('/v1/health', { maxVersion: 'TLSv1.1' }))
})

test('a refresh cookie over TLS is Secure', async () => {
  const credentials = { email: 'ada@example.com', password: 'correct horse battery' }
  await open.auth.register(credentials)
  const login = await new Promise<Got>((done, fail) => {
    const body = JSON.stringify({ ...credentials, refresh: 'cookie' })
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: '/v1/auth/login',
        method: 'POST',
        ca: certificate.cert,
        headers,
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => done({ status: answer.statusCode ?? 0, headers: answer.headers }))
      },
    )
    asked.on('error', fail)
    asked.end(body)
  })
  assert.equal(login.status, 200)
  assert.match(String(login.headers['set-cookie']), /; Secure/)
})

test('the stream opens over the same port', async () => {
  const socket = connect({ host: '127.0.0.1', port, ca: certificate.cert, servername: 'localhost' })
  const head = ['GET /v1/stream HTTP/1.1', 'Host: localhost', 'Upgrade: websocket']
  const key = ['Connection: Upgrade', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
  socket.write([...head, ...key, 'Sec-WebSocket-Version: 13', '', ''].join('\r\n'))
  const [answer] = await new Promise<string[]>((done) =>
    socket.once('data', (data) => done(data.toString().split('\r\n'))),
  )
  assert.equal(answer, 'HTTP/1.1 101 Switching Protocols')
  socket.destroy()
})

test('the demo says nothing of TLS to a browser on a loopback address', async () => {
  const { headers } = await call(exchange.app, 'GET', '/v1/health')
  assert.equal(headers['strict-transport-security'], undefined)
})

test('admin routes may listen on a port of their own, and are not there on the other', async () => {
  const admin = open.serve({ ...serving, serves: 'admin' })
  await admin.ready()
  assert.equal((await get('/v1/admin/actions')).status, 404)
  const there = await call(admin, 'GET', '/v1/admin/actions')
  assert.deepEqual([there.status, there.body.code], [401, 'auth.required'])
  for (const path of ['/v1/orders', '/v1/me', '/v1/auth/keys', '/v1/markets', '/v1/stream']) {
    assert.equal((await call(admin, 'GET', path)).status, 404, path)
  }
  assert.equal((await call(admin, 'GET', '/v1/health')).status, 200)
  await admin.close()
})

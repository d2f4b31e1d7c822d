// Closing: the app lets go in time of readers that do not answer and of idle connections.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import Fastify from 'fastify'
import { closeInTime } from '#platform/http/plugins/close-in-time.ts'
import { streamRoute } from '#platform/http/plugins/websocket.ts'

const nothing = () => () => {}
const FEEDS = {
  auth: {
    verifyToken: () => ({ ok: false, code: 'auth.invalid' }) as const,
    verifySignature: () => ({ ok: false, code: 'auth.invalid' }) as const,
    isLive: () => false,
  },
  markets: { has: () => false, subscribe: nothing, close: () => {} },
  accounts: { lastSeq: () => 0, subscribe: nothing, since: () => null, close: () => {} },
  access: {
    resolve: () => ({ ok: false, code: 'not_found' }) as const,
    covers: () => false,
    all: () => [],
  },
}
const ORDERS = {
  entry: { run: async () => '[]', disconnected: async () => {} },
  charge: () => ({ ok: true, value: null }) as const,
  nextSession: () => 1,
}
const UPGRADE =
  'GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'

async function serve(beatMs: number) {
  const app = Fastify()
  closeInTime(app, 60_000)
  void app.register(streamRoute({ ...FEEDS, ...ORDERS, bots: null, beatMs }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write(UPGRADE)
  const [head] = await once(socket, 'data')
  assert.match(String(head), /^HTTP\/1.1 101 /)
  return { app, socket, port }
}

test('closing takes about a second with a reader that never answers', async () => {
  const { app, socket } = await serve(60_000)
  socket.on('error', () => {})
  const start = performance.now()
  await app.close()
  assert.ok(performance.now() - start < 3_000)
  socket.destroy()
})

test('a reader that answers no ping is cut off after two beats', async () => {
  const { app, socket } = await serve(50)
  const start = performance.now()
  socket.resume()
  await once(socket, 'close')
  assert.ok(performance.now() - start < 2_000)
  await app.close()
})

test('closing does not wait for a reader that comes back meanwhile', async () => {
  const { app, socket, port } = await serve(60_000)
  socket.on('error', () => {})
  const closing = app.close()
  const late = connect(port, '127.0.0.1')
  late.on('error', () => {})
  late.write(UPGRADE)
  late.resume()
  await once(late, 'close')
  await closing
  socket.destroy()
})

test('closing does not wait for a connection that has never asked anything', async () => {
  const app = Fastify()
  closeInTime(app, 100)
  app.get('/', async () => '')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  await (await fetch(`http://127.0.0.1:${port}/`)).text()
  const start = performance.now()
  await app.close()
  assert.ok(performance.now() - start < 2_000)
  silent.destroy()
})

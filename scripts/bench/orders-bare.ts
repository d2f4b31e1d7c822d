// The peer of bench orders: a bare Fastify route with the same schemas and the same
// authentication, and nothing behind it. It answers at once, from memory, with a canned order.
//
// No limits, no counting, no page: what is measured against it shows what the exchange costs.

import Fastify from 'fastify'
import { createDatabase } from '#database/connection.ts'
import { accept } from '#kernel/result.ts'
import { createAuth } from '#platform/auth/service.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { REFUSED } from '#platform/http/port.ts'
import { PlaceBody } from '#platform/orders/port.ts'
import * as schemas from '#platform/orders/schemas.ts'
import { openVault } from '#platform/vault/open-vault.ts'

export type BareReady = { readonly port: number }

const [dataFolder = ''] = process.argv.slice(2)
const database = await createDatabase({ dataFolder, whenRunning: 'join' })
const now = (): number => Date.now() * 1_000
const auth = await createAuth({
  ...{ store: createAuthStore(database), now },
  vault: await openVault({ database, dataFolder, now }),
  openAccount: async () => accept(16),
  ownsAccount: () => true,
})
const app = Fastify({
  ajv: {
    customOptions: {
      coerceTypes: false,
      removeAdditional: false,
      useDefaults: false,
      allErrors: false,
    },
  },
})
app.removeAllContentTypeParsers()
app.addContentTypeParser<Buffer>(
  'application/json',
  { parseAs: 'buffer' },
  (request, bytes, done) => {
    request.bodyBytes = bytes
    done(null, JSON.parse(bytes.toString('utf8')))
  },
)
app.decorateRequest('principal', null)
app.decorateRequest('bodyBytes', null)
app.addHook('preValidation', (request, reply, done) => {
  const { headers } = request
  const [path = '', query = ''] = (request.raw.url ?? '').split('?')
  const verified = auth.verifySignature({
    keyId: String(headers['x-crossbook-key']),
    timestamp: String(headers['x-crossbook-timestamp']),
    nonce: String(headers['x-crossbook-nonce']),
    signature: String(headers['x-crossbook-signature']),
    ...{ method: request.raw.method ?? '', path, query, body: request.bodyBytes ?? '' },
  })
  if (verified.ok) done()
  else void reply.code(401).send({ code: verified.code, message: '' })
})

const canned = {
  ...{ account: 16, market: 'BTC-USDC', side: 'buy', type: 'limit', timeInForce: 'GTC' },
  ...{ price: '10000.0', size: '0.00100', filled: '0.00000', remaining: '0.00100' },
  ...{ quoteFilled: '0.000000', averagePrice: null, fee: '0.000000', feeAsset: 'USDC' },
  status: 'open',
  ...{ createdAt: 1_700_000_000_000_000, updatedAt: 1_700_000_000_000_000 },
}
const counter = { last: 0 }
app.post<{ Body: PlaceBody }>(
  '/v1/orders',
  { schema: { body: PlaceBody, response: { 201: schemas.Placed, ...REFUSED } } },
  async (request, reply) => {
    counter.last += 1
    const { clientOrderId } = request.body
    return reply
      .code(201)
      .send({ order: { id: counter.last, clientOrderId, ...canned }, fills: [] })
  },
)
app.delete<{ Params: { id: string } }>(
  '/v1/orders/:id',
  { schema: { params: schemas.OrderParams, response: { 200: schemas.OneOrder, ...REFUSED } } },
  async (request) => ({ order: { id: Number(request.params.id), clientOrderId: 'x', ...canned } }),
)
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
const ready: BareReady = { port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
process.send?.(ready)
const usage = { cpu: process.cpuUsage() }
process.on('message', () => {
  const { user, system } = process.cpuUsage(usage.cpu)
  usage.cpu = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1_000 })
})
process.on('disconnect', () => process.exit(0))

// How long an order outlives its bot, at a real platform over real connections.
//
// A quote ends with the connection, an executor's order with the dead-man timer, and what protects
// a position with neither.

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '#client/client.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream } from '#client/stream.ts'
import { createInternalTrading } from '#connectors/internal/trading.ts'
import type { OrderRequest, Stays } from '#connectors/venue.ts'
import { createCustomer, createExchange } from '../../api/exchange.ts'

const exchange = await createExchange()
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo // A TCP server has such an address.

async function botOf(name: string) {
  const customer = await createCustomer(exchange, name)
  const authorization = keyAuthorization(customer.key)
  const opened = Promise.withResolvers<void>()
  const stream = createStream({
    ...{ url: `ws://127.0.0.1:${port}/v1/stream`, authorization, cancelOnDisconnect: true },
    onState: (state) => {
      if (state === 'open') opened.resolve()
    },
  })
  await opened.promise
  const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, authorization })
  return { stream, trading: createInternalTrading({ client, stream }) }
}

function resting(stays: Stays): OrderRequest {
  return {
    ...{ clientOrderId: stays, sentAt: exchange.clock(), symbol: 'BTC-USDC', side: 'buy' },
    ...{ quantity: { in: 'base', amount: '0.01' }, limitPrice: '100.0', timeInForce: 'GTC' },
    stays,
  }
}

async function left(trading: Awaited<ReturnType<typeof botOf>>['trading']): Promise<string[]> {
  const open = await trading.orders('BTC-USDC')
  return open.kind === 'ok' ? open.value.map(({ clientOrderId }) => clientOrderId).sort() : []
}

async function untilLeft(trading: Parameters<typeof left>[0], count: number): Promise<string[]> {
  for (let look = 0; look < 200; look += 1) {
    const ids = await left(trading)
    if (ids.length === count) return ids
    await sleep(20)
  }
  return left(trading)
}

test('a quote ends with its connection, the rest with the timer, protection never', async () => {
  const { stream, trading } = await botOf('outlived')
  for (const stays of ['connected', 'alive', 'always'] as const) {
    const answer = await trading.place(resting(stays))
    assert.equal(answer.kind, 'accepted')
  }
  assert.equal((await trading.cancelAfter?.(60_000))?.kind, 'ok')
  assert.deepEqual(await left(trading), ['alive', 'always', 'connected'])
  stream.close()
  assert.deepEqual(await untilLeft(trading, 2), ['alive', 'always'])
  assert.equal((await trading.cancelAfter?.(50))?.kind, 'ok')
  await sleep(100)
  // Timers go off with the next command.
  await trading.cancelAfter?.(0)
  assert.deepEqual(await untilLeft(trading, 1), ['always'])
})

test('a quote that is refused says why, and one without a connection is unknown', async () => {
  const { stream, trading } = await botOf('refused')
  const dear = { ...resting('connected'), quantity: { in: 'base', amount: '1000000' } } as const
  const refused = await trading.place({ ...dear, limitPrice: '60000.0' })
  assert.ok(refused.kind === 'refused' && refused.code !== '', JSON.stringify(refused))
  stream.close()
  assert.equal((await trading.place(resting('connected'))).kind, 'unknown')
})

// A whole fleet for the tests of one file: a real exchange that listens, a market that is quoted,
// and a runner process with sandboxes as in production.

import assert from 'node:assert/strict'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { ServeOptions } from '#platform/exchange.ts'
import { serveInside } from '#platform/inside.ts'
import { NEWCOMERS } from '#platform/production.ts'
import { type OpenFleet, openFleet } from '#scripts/fleet/open-fleet.ts'
import {
  type Customer,
  call,
  createCustomer,
  createExchange,
  type Exchange,
} from '../api/exchange.ts'

const MUCH = { perSecond: 1e6, burst: 1e6 }

export type FleetUnderTest = {
  readonly exchange: Exchange
  readonly app: FastifyInstance
  readonly url: string
  readonly fleet: OpenFleet
  readonly logs: string[]
  /** Another fleet over the same records, as after a restart of the platform. */
  reopen(): Promise<OpenFleet>
  /** A customer who may deploy, with calls to the app that serves the fleet. */
  deployer(name: string): Promise<Deployer>
}

export type Deployer = Customer & {
  readonly ask: (method: 'GET' | 'POST', url: string, body?: object) => Promise<Told>
}
export type Told = { readonly status: number; readonly body: Json; readonly text: string }
/** Whatever an answer has; which fields are there the test knows. */
export type Json = { readonly [name: string]: Json } & {
  readonly items: readonly Json[]
} & readonly Json[]

export async function createFleetUnderTest(
  serve: Partial<ServeOptions> = {},
): Promise<FleetUnderTest> {
  const rateLimits = { address: MUCH, account: MUCH, key: MUCH }
  // As in a demo: whoever registers may deploy.
  const newcomers = NEWCOMERS.demo
  const exchange = await createExchange({ newcomers, serve: { rateLimits, ...serve } })
  const logs: string[] = []
  const open = () =>
    openFleet({
      ...{ exchange: exchange.open, sequencer: exchange.sequencer, database: exchange.database },
      ...{ dataFolder: exchange.folder, house: { list: exchange.serving.fleet.list } },
      ...{ prices: () => [], clock: exchange.clock, log: (line: string) => void logs.push(line) },
      answerMs: 4_000,
    })
  const fleet = await open()
  const current = { fleet }
  const served = { ...exchange.serving, deployments: fleet.deployments }
  const app = exchange.open.serve(served)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const inside = serve.tls === undefined ? undefined : await serveInside(exchange.open, served)
  const ownUrl = inside?.url ?? url
  await fleet.begin(ownUrl)
  await quoteMarket(exchange)
  after(async () => {
    await current.fleet.deployments.close()
    await inside?.app.close()
    await app.close()
  })
  return {
    ...{ exchange, app, url, fleet, logs },
    async reopen() {
      await current.fleet.deployments.close()
      current.fleet = await open()
      await current.fleet.begin(ownUrl)
      return current.fleet
    },
    deployer: (name) => deployer(exchange, app, name),
  }
}

/** ETH-USDC between 2,490 and 2,510, deep enough. */
async function quoteMarket(exchange: Exchange): Promise<void> {
  const maker = await createCustomer(exchange, 'maker')
  const order = { market: 'ETH-USDC', type: 'limit', size: '10' }
  const bid = await maker.post('/v1/orders', { ...order, side: 'buy', price: '2490.00' })
  const ask = await maker.post('/v1/orders', { ...order, side: 'sell', price: '2510.00' })
  assert.deepEqual([bid.status, ask.status], [201, 201], bid.text + ask.text)
}

async function deployer(exchange: Exchange, app: FastifyInstance, name: string): Promise<Deployer> {
  const customer = await createCustomer(exchange, name)
  const headers = { authorization: `Bearer ${customer.token}` }
  const ask: Deployer['ask'] = async (method, path, payload) => {
    const sent = payload === undefined ? { headers } : { headers, payload }
    const { status, text } = await call(app, method, path, sent)
    return { status, text, body: JSON.parse(text === '' ? '{}' : text) }
  }
  return { ...customer, ask }
}

export async function until(
  condition: () => Promise<boolean> | boolean,
  what: () => string,
  ms = 20_000,
): Promise<void> {
  const end = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > end) assert.fail(`never: ${what()}`)
    await sleep(20)
  }
}

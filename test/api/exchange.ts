// Exchange: a whole platform for the tests of one file, behind app.inject or a port.
//
// Real engine, live views, projector, database, accounts and keys; three demo markets; customers
// are registered through the API. Only chain and bots are left out.

import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { keyAuthorization } from '#client/sign.ts'
import { createDatabase } from '#database/connection.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import type { Capability } from '#platform/auth/port.ts'
import { openExchange, type ServeOptions } from '#platform/exchange.ts'
import type { Fleet, FleetBot } from '#platform/fleet/port.ts'
import type { Fill, Order } from '#platform/orders/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { putDatabase } from '#test/database/template.ts'
import { SMALL_FILES } from '#test/sequencer/sequencers.ts'

export const PASSWORD = 'correct horse battery'
export const FAUCET = [
  { asset: 'USDC', amount: '100000' },
  { asset: 'BTC', amount: '2.5' },
  { asset: 'ETH', amount: '40' },
  { asset: 'USD', amount: '10000' },
  { asset: 'GBP', amount: '8000' },
]

export type ExchangeOptions = {
  /** What stands between the platform and the sequencer. */
  readonly wrap?: (sequencer: Sequencer) => Sequencer
  readonly emails?: 'required' | 'optional'
  readonly newcomers?: readonly Capability[]
  readonly serve?: Partial<ServeOptions>
  readonly clock?: Clock
}

/** Every field that a test reads of some answer; which are there the test knows. */
export type Body = {
  readonly [Name in 'code' | 'message' | 'next' | 'accessToken' | 'id' | 'secret']: string
} & {
  readonly order: Order
  readonly fills: readonly Fill[]
  readonly items: readonly Row[]
  readonly asOfSeq: number
  readonly cancelled: number
  readonly number: number
  readonly user: { readonly id: string }
  readonly account: { readonly id: number }
  readonly accounts: readonly { readonly id: number }[]
  readonly withdrawal: { readonly id: number }
  readonly bids: readonly [string, string][]
  readonly asks: readonly [string, string][]
  readonly details: Readonly<Record<string, string>>
}

type Row = {
  readonly id: number
  readonly [Name: string]: string | number
}

export type Answer = {
  readonly status: number
  readonly body: Body
  readonly text: string
  readonly headers: Readonly<Record<string, unknown>>
}

const wallClock: Clock = () =>
  asMicros(Math.floor(performance.timeOrigin + performance.now()) * 1_000)

/** Starts everything; it is closed after the tests of the file. */
export async function createExchange(options: ExchangeOptions = {}) {
  const { wrap = (one) => one, serve = {}, emails = 'optional', newcomers } = options
  const { clock = wallClock } = options
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-test-'))
  chmodSync(folder, 0o711)
  const journal = await createSequencer({ folder, clock, fatal: fail, ...SMALL_FILES })
  await putDatabase(folder)
  const database = await createDatabase({ dataFolder: folder })
  const base = { database, image: journal.image(), clock, dataFolder: folder, version: '0.1.0' }
  const sequencer = wrap(journal)
  const given = newcomers === undefined ? { emails } : { emails, newcomers }
  const open = await openExchange({ ...base, ...given, sequencer, log: () => {} })
  await listDemoMarkets(journal)
  const bugs: unknown[] = []
  const serving: ServeOptions = {
    ...{ fleet: createSmallFleet(), faucet: FAUCET, chainHealth: () => 'none', more: [] },
    chainFacts: { token: () => undefined, pools: () => [] },
    ...{ pageFolder: null, trustProxy: [], report: (error: unknown) => void bugs.push(error) },
    ...serve,
  }
  const app = open.serve(serving)
  await app.ready()
  after(async () => {
    await app.close()
    await open.close()
    await journal.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { views, projector, auth } = open
  const caughtUp = () => projector.passed(views.asOf().eventNo)
  const inside = { auth, views, sequencer, projector, database, folder, open }
  return { app, ...inside, bugs, clock, caughtUp, serving }
}

function fail(error: unknown): never {
  throw error
}

export type Exchange = Awaited<ReturnType<typeof createExchange>>

/** One request; the body is sent as JSON unless it is text already. */
export async function call(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT',
  url: string,
  options: InjectOptions = {},
): Promise<Answer> {
  const response = await app.inject({ method, url, ...options })
  const { statusCode: status, body: text, headers } = response
  const body: Body = JSON.parse(text.startsWith('{') ? text : '{}')
  return { status, body, text, headers }
}

export type Customer = Calls & {
  readonly userId: string
  readonly email: string
  readonly account: number
  readonly token: string
  readonly key: { readonly id: string; readonly secret: string }
  /** The same calls, each repeated word for word while its answer is 504. */
  readonly patient: Calls
}

type Calls = {
  get(url: string): Promise<Answer>
  post(url: string, body?: unknown): Promise<Answer>
  patch(url: string, body?: unknown): Promise<Answer>
  delete(url: string): Promise<Answer>
}

/** Registers, signs in, takes coins and makes a key. */
export async function createCustomer({ app }: Exchange, name: string): Promise<Customer> {
  const email = `${name}@example.com`
  const credentials = { payload: { email, password: PASSWORD } }
  const registered = await call(app, 'POST', '/v1/auth/register', credentials)
  const { body } = await call(app, 'POST', '/v1/auth/login', credentials)
  const token = String(body.accessToken)
  const send = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: unknown) =>
    call(app, method, url, {
      headers: { authorization: `Bearer ${token}` },
      ...(payload === undefined ? {} : { payload: payload as object }),
    })
  const sendAgain: typeof send = async (method, url, payload) => {
    let answer = await send(method, url, payload)
    while (answer.status === 504) answer = await send(method, url, payload)
    return answer
  }
  await send('POST', '/v1/faucet', { requestId: randomUUID() })
  const me = await send('GET', '/v1/me')
  const key = await send('POST', '/v1/auth/keys', { name, scopes: ['read', 'trade'] })
  return {
    ...{ userId: registered.body.user.id, email, account: me.body.accounts[0]?.id ?? 0, token },
    key: { id: key.body.id, secret: key.body.secret },
    get: (url) => send('GET', url),
    post: (url, payload) => send('POST', url, payload),
    patch: (url, payload) => send('PATCH', url, payload),
    delete: (url) => send('DELETE', url),
    patient: {
      get: (url) => send('GET', url),
      post: (url, payload) => sendAgain('POST', url, payload),
      patch: (url, payload) => sendAgain('PATCH', url, payload),
      delete: (url) => sendAgain('DELETE', url),
    },
  }
}

/** One request signed by an API key. */
export function signedCall(
  app: FastifyInstance,
  key: Customer['key'],
  request: { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string; body?: unknown },
  nowMs: () => number = Date.now,
): Promise<Answer> {
  const [path = '', query = ''] = request.url.split('?')
  const body = request.body === undefined ? '' : JSON.stringify(request.body)
  const proof = keyAuthorization(key, { nowMs }).headers({
    method: request.method,
    path,
    query,
    body,
  })
  const type = body === '' ? {} : { 'content-type': 'application/json' }
  const headers = { ...proof, ...type }
  const payload = body === '' ? {} : { payload: body }
  return call(app, request.method, request.url, { headers, ...payload })
}

/** signedCall, signed anew and sent again while the answer is 504. */
export async function patientCall(...args: Parameters<typeof signedCall>): Promise<Answer> {
  let answer = await signedCall(...args)
  while (answer.status === 504) answer = await signedCall(...args)
  return answer
}

const ASSETS = [
  { symbol: 'USDC', scale: 6, chainDecimals: 6, issued: 5e14 },
  { symbol: 'BTC', scale: 8, chainDecimals: 8, issued: 5e11 },
  { symbol: 'ETH', scale: 8, chainDecimals: 18, issued: 5e12 },
  { symbol: 'USD', scale: 6, chainDecimals: -1, issued: 5e14 },
  { symbol: 'GBP', scale: 6, chainDecimals: -1, issued: 3e14 },
]
const MARKETS = [
  { symbol: 'BTC-USDC', base: 1, quote: 0, priceScale: 1, lotUnits: 1_000 },
  { symbol: 'ETH-USDC', base: 2, quote: 0, priceScale: 2, lotUnits: 10_000 },
  { symbol: 'GBP-USD', base: 4, quote: 3, priceScale: 5, lotUnits: 1_000_000 },
]

/** The demo's assets and markets, with coins in the house account. */
export async function listDemoMarkets(sequencer: Pick<Sequencer, 'submit'>): Promise<void> {
  for (const [id, { issued, ...asset }] of ASSETS.entries()) {
    await sequencer.submit({ kind: 'listAsset', ...asset })
    await sequencer.submit({ kind: 'issue', asset: asId(id), amount: asUnit(issued) })
  }
  for (const { symbol, base, quote, priceScale, lotUnits } of MARKETS) {
    await sequencer.submit({
      ...{ kind: 'listMarket', symbol, marketKind: 'spot', priceScale, tickUnits: 1, lotUnits },
      ...{ base: asId(base), quote: asId(quote), minNotional: asUnit(1_000_000) },
      ...{ makerRate: asUnit(200), takerRate: asUnit(500) },
    })
  }
}

function createSmallFleet(): Fleet {
  const bot: FleetBot = {
    ...{ id: 'maker', strategy: 'market-making', account: 16, state: 'running', ownerId: 'nobody' },
    ...{ equity: '1.0', pnl: '0.0', fees: '0.0', gas: '0.0', halted: null, since: 1 },
  }
  const bots = new Map([[bot.id, bot]])
  const change = (id: string, state: 'running' | 'paused'): Result<FleetBot> => {
    const known = bots.get(id)
    if (known === undefined) return refuse('not_found')
    const changed = { ...known, state }
    bots.set(id, changed)
    return accept(changed)
  }
  return {
    list: () => [...bots.values()],
    pause: async (id) => change(id, 'paused'),
    resume: async (id) => change(id, 'running'),
  }
}

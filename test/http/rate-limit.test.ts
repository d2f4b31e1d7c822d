// Rate limit: what is saved up, what comes back with time, and that memory is bounded by callers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { asMicros } from '#kernel/time.ts'
import { limitRates } from '#platform/http/plugins/rate-limit.ts'

const LIMITS = {
  address: { perSecond: 2, burst: 4 },
  account: { perSecond: 1, burst: 2 },
  key: { perSecond: 1, burst: 1 },
}

async function start() {
  const time = { now: 1_000_000_000 }
  const app = Fastify()
  const charge = limitRates(app, { limits: LIMITS, clock: () => asMicros(time.now) })
  app.get('/', async () => 'ok')
  app.get('/heavy', { config: { weight: 3 } }, async () => 'ok')
  await app.ready()
  const get = async (url = '/') => (await app.inject({ method: 'GET', url })).statusCode
  return { app, charge, time, get }
}

test('an address may spend its burst, then what a second brings', async () => {
  const { app, time, get } = await start()
  for (let index = 0; index < 4; index += 1) assert.equal(await get(), 200)
  const limited = await app.inject({ method: 'GET', url: '/' })
  assert.equal(limited.statusCode, 429)
  assert.equal(limited.headers['retry-after'], '1')
  assert.equal(limited.json().code, 'rate.limited')
  time.now += 500_000
  assert.equal(await get(), 200)
  assert.equal(await get(), 429)
  time.now += 3_600_000_000
  for (let index = 0; index < 4; index += 1) assert.equal(await get(), 200)
  assert.equal(await get(), 429)
})

test('a route costs its weight', async () => {
  const { get } = await start()
  assert.equal(await get('/heavy'), 200)
  assert.equal(await get('/heavy'), 429)
  assert.equal(await get(), 200)
})

test('a clock that goes back gives nothing away and takes nothing', async () => {
  const { time, get } = await start()
  for (let index = 0; index < 3; index += 1) await get()
  time.now -= 10_000_000
  assert.equal(await get(), 200)
  assert.equal(await get(), 429)
})

test('accounts and keys are counted on their own', async () => {
  const { charge } = await start()
  const principal = {
    ...{ userId: 'u', account: 16, capabilities: new Set<string>(), scopes: new Set<string>() },
  }
  const byKey = charge({ ...principal, keyId: 'k' }, 1)
  const second = charge({ ...principal, keyId: 'k' }, 1)
  const byAccount = charge(principal, 1)
  const last = charge(principal, 1)
  const answers = [byKey, second, byAccount, last].map((one) => (one.ok ? 'ok' : one.code))
  assert.deepEqual(answers, ['ok', 'rate.limited', 'ok', 'rate.limited'])
})

// Forged tokens over HTTP: every class of them is 401 on a route that people use, with one body.

import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import { createAuthStore } from '#platform/auth/store.ts'
import { openVault } from '#platform/vault/open-vault.ts'
import { createForger } from '../auth/forged-tokens.ts'
import { call, createCustomer, createExchange } from './exchange.ts'

const exchange = await createExchange()
const { app, database, folder: dataFolder, clock: now } = exchange
const { token } = await createCustomer(exchange, 'ada')
const vault = await openVault({ database, dataFolder, now })
const [row] = await createAuthStore(database).signingKeys()
assert.ok(row !== undefined)
const ourKey = createPrivateKey(await vault.open(`signing:${row.kid}`, row.sealed))
const { forge, forged } = createForger(token, ourKey)

const me = (bearer: string) =>
  call(app, 'GET', '/v1/me', { headers: { authorization: `Bearer ${bearer}` } })

test('the forger makes a good token when asked to change nothing', async () => {
  assert.equal((await me(forge({}, {}))).status, 200)
})

test('every class of forged tokens is 401 with the same body', async () => {
  assert.ok(Object.keys(forged).length >= 20)
  const bodies = new Set<string>()
  for (const [kind, text] of Object.entries(forged)) {
    const answer = await me(text)
    assert.equal(answer.status, 401, kind)
    bodies.add(answer.text)
  }
  assert.equal(bodies.size, 1, [...bodies].join('\n'))
  assert.equal((await me(token)).status, 200)
})

test('the published keys are those of the token, without their private halves', async () => {
  const answer = await call(app, 'GET', '/.well-known/jwks.json')
  assert.equal(answer.headers['cache-control'], 'public, max-age=300')
  const { keys } = JSON.parse(answer.text)
  assert.deepEqual(Object.keys(keys[0]).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  const [head = ''] = token.split('.')
  assert.equal(keys[0].kid, JSON.parse(Buffer.from(head, 'base64url').toString()).kid)
})

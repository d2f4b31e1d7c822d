// May deploy: a running platform has heard that customers were granted the capability to deploy.

import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { type Customer, call, type Exchange } from '../api/exchange.ts'

export async function mayDeploy(
  { database, clock }: Exchange,
  app: FastifyInstance,
  customers: readonly Customer[],
): Promise<void> {
  const store = createAuthStore(database)
  for (const { email } of customers) {
    const grant = { store, email, capability: 'deploy', now: clock() }
    assert.ok((await grantCapability(grant)).ok)
  }
  for (const { token } of customers) await heard(app, token)
}

async function heard(app: FastifyInstance, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  for (let look = 0; look < 300; look += 1) {
    const { text } = await call(app, 'GET', '/v1/me', { headers })
    if (text.includes('"deploy"')) return
    await sleep(50)
  }
  assert.fail('the grant was not followed')
}

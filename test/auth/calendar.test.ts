// What the calendar does for auth: a new signing key each month, and none before.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEY_KEPT_US, SIGNING_KEY_US } from '#platform/auth/limits.ts'
import type { CalendarEntry } from '#platform/transport/port.ts'
import { identityBench } from './identity-bench.ts'

// Opened outside of the tests: what a test opens is closed when that test ends, the first one only.
const rotated = await identityBench()
const purged = await identityBench()

test('a signing key is followed by another when it is a month old, not earlier, once', async () => {
  const { start, clock, store } = rotated
  const entries: CalendarEntry[] = []
  await start('optional', { jobs: { calendar: (entry) => void entries.push(entry) } })
  const rotate = entries.find(({ name }) => name === 'rotate-signing-key')
  const count = async () => {
    await rotate?.work()
    return (await store.signingKeys()).length
  }
  assert.equal(await count(), 1)
  clock.us += SIGNING_KEY_US - 1
  assert.equal(await count(), 1)
  clock.us += 1
  assert.equal(await count(), 2)
  assert.equal(await count(), 2)
})

test('what nobody needs any more is deleted by the calendar: sessions, codes, keys', async () => {
  const { start, clock, database, store } = purged
  const entries: CalendarEntry[] = []
  const { auth, signUp, signIn } = await start('optional', {
    jobs: { calendar: (entry) => void entries.push(entry) },
  })
  const userId = await signUp('ada@b.c')
  await signIn('ada@b.c')
  await auth.askReset({ email: 'ada@b.c' })
  await auth.idle()
  const key = await auth.createKey({ userId, name: 'bot', scopes: ['read'] })
  await auth.revokeKey({ userId, keyId: key.ok ? key.value.id : '' })
  const count = async () => {
    await entries.find(({ name }) => name === 'purge-credentials')?.work()
    const { prisma } = database
    const rows = [prisma.session, prisma.challenge, prisma.allowance, prisma.apiKey]
    return Promise.all(rows.map((model) => (model as typeof prisma.session).count()))
  }
  assert.deepEqual(
    (await count()).map((rows) => rows > 0),
    [true, true, true, true],
  )
  clock.us += KEY_KEPT_US + 1
  assert.deepEqual(await count(), [0, 0, 0, 0])
  assert.equal((await store.findUser(userId))?.email, 'ada@b.c')
})

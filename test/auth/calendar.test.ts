// What the calendar does for auth: a new signing key each month, and none before.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGNING_KEY_US } from '#platform/auth/limits.ts'
import type { CalendarEntry } from '#platform/transport/port.ts'
import { identityBench } from './identity-bench.ts'

test('a signing key is followed by another when it is a month old, not earlier, once', async () => {
  const { start, clock, store } = await identityBench()
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

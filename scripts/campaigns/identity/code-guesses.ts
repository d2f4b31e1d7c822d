// Guesses of a second factor by somebody who knows the password: ten a day are looked at.
//
// Guesses come many at once over many challenges, as from a thousand machines. How many were
// evaluated is read from the database, where each was counted before it was compared.

import { randomUUID } from 'node:crypto'
import { generate } from 'otplib'
import type { Database } from '#database/connection.ts'
import { assert } from '#kernel/assert.ts'
import { accept } from '#kernel/result.ts'
import { FACTOR_FAILURES_PER_DAY } from '#platform/auth/limits.ts'
import { createAuth } from '#platform/auth/service.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { createVaultStore } from '#platform/vault/store.ts'
import { memoryVault } from '#test/support/memory-vault.ts'
import type { AttackResult } from './key-attacks.ts'

const START = 1_700_000_000_000_000
const AT_ONCE = 500
const TRIES_OF_ONE = 5
const DAY = 86_400_000_000

export type Guesses = { readonly database: Database; readonly guesses: number }

export async function guessCodes({ database, guesses }: Guesses): Promise<AttackResult> {
  const clock = { us: START }
  const auth = await createAuth({
    ...{ store: createAuthStore(database), vault: await memoryVault(createVaultStore(database)) },
    ...{ openAccount: async () => accept(16), ownsAccount: () => true, now: () => clock.us },
    passwords: {
      hash: async () => accept('hash'),
      verify: async (stored) => accept(stored !== undefined),
    },
  })
  const email = `${randomUUID()}@b.c`
  const password = 'correct horse battery'
  const user = await auth.register({ email, password })
  assert(user.ok, 'the victim registers')
  const userId = user.value.id
  const factor = await auth.beginFactor({ userId, password })
  assert(factor.ok, 'the victim has an authenticator')
  const code = await generate({ secret: factor.value.secret, epoch: START / 1_000_000 })
  assert((await auth.confirmFactor({ userId, code })).ok, 'and has confirmed it')
  const reached = { accepted: 0, refused: 0, 'challenges begun': 0 }
  for (let at = 0; at < guesses; at += AT_ONCE) {
    const count = Math.min(AT_ONCE, guesses - at)
    const ids: string[] = []
    for (let n = 0; n < count; n += TRIES_OF_ONE * 10) {
      const step = await auth.login({ email, password, userAgent: 'attacker' })
      if (step.ok && 'by' in step.value) ids.push(step.value.id)
    }
    reached['challenges begun'] += ids.length
    const answers = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        auth.secondStep({
          ...{ id: ids[n % ids.length] ?? '', by: 'authenticator', userAgent: 'attacker' },
          code: String((at + n) % 1_000_000).padStart(6, '0'),
        }),
      ),
    )
    for (const { ok } of answers) reached[ok ? 'accepted' : 'refused'] += 1
    // Challenges are bounded: what is over makes room, within one day.
    clock.us = Math.min(clock.us + 60_000_000, START + DAY - 1)
  }
  const pool = database.pool('guesses', 1)
  const { rows } = await pool.query<{ used: number }>(
    'SELECT used FROM records.allowances WHERE subject = $1',
    [`factor:${userId}`],
  )
  const evaluated = rows[0]?.used ?? 0
  await auth.close()
  // A right guess, one in a million, uses nothing up; more than one would be a hole.
  const isHeld = evaluated <= FACTOR_FAILURES_PER_DAY && reached.accepted <= 1
  return { cases: guesses, violations: isHeld ? 0 : 1, reached: { ...reached, evaluated } }
}

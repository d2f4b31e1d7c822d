// Codes: six digits that prove a mailbox, good for ten minutes, five tries and one use.
//
// A challenge is begun before anybody looks whether the address is known; only one that is armed
// can be answered. A code is kept as an HMAC bound to its challenge and compared in constant time.
// Tries are counted first: five for a challenge, ten failures a day for an address.

import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Vault } from '#platform/vault/port.ts'
import type { ChallengeRow, ChallengeStore } from './challenge-store.ts'
import { CODE_FAILURES_PER_DAY, CODE_US } from './limits.ts'
import type { Challenge } from './port.ts'

export type Purpose = 'register' | 'verify' | 'sign-in' | 'factor' | 'reset' | 'email' | 'unlock'

export type Begun = {
  readonly purpose: Purpose
  readonly email: string
  readonly userId?: string
  /** Kept sealed until the challenge is answered. */
  readonly payload?: string
}

export type Answered = {
  readonly email: string
  readonly userId: string | null
  readonly payload: string | undefined
}

export type Codes = {
  /** capacity.exhausted */
  begin(order: Begun): Promise<Result<Challenge>>
  /** The code that answers it, for the letter; until then nothing does. */
  arm(id: string, userId: string | null): Promise<string>
  /** auth.code_invalid, whatever is wrong. */
  answer(given: { id: string; purpose: Purpose; code: string }): Promise<Result<Answered>>
  /** Counts a try of a challenge that something else than a mailed code answers. */
  attempt(id: string, purpose: Purpose): Promise<Result<ChallengeRow>>
  /** Uses up a challenge whose answer was right; false when another request was first. */
  finish(id: string): Promise<boolean>
}

export type CodesDeps = {
  readonly store: Omit<ChallengeStore, 'clearAllowance' | 'purgeChallenges'>
  readonly vault: Pick<Vault, 'seal' | 'open'>
  readonly key: Uint8Array
  readonly now: () => number
}

const DIGITS = 6
const WRONG = refuse('auth.code_invalid')
const NOBODY = Buffer.alloc(32)

export function createCodes(deps: CodesDeps): Codes {
  const { store, vault, key, now } = deps
  const macOf = (id: string, code: string): Buffer =>
    createHmac('sha256', key).update(`code\n${id}\n${code}`).digest()
  const attempt: Codes['attempt'] = async (id, purpose) => {
    const row = await store.tryChallenge(id, purpose, now())
    return row === undefined ? WRONG : accept(row)
  }
  return {
    begin: async ({ purpose, email, userId = null, payload }) => {
      const id = randomBytes(16).toString('base64url')
      const sealed = payload === undefined ? null : await vault.seal(`challenge:${id}`, payload)
      const times = { createdAt: now(), expiresAt: now() + CODE_US }
      const row = { id, purpose, email, userId, payload: sealed, ...times }
      const isKept = await store.insertChallenge(row)
      return isKept ? accept({ id, expiresAt: row.expiresAt }) : refuse('capacity.exhausted')
    },
    arm: async (id, userId) => {
      const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0')
      await store.armChallenge(id, Uint8Array.from(macOf(id, code)), userId)
      return code
    },
    attempt,
    finish: (id) => store.useChallenge(id, now()),
    answer: async ({ id, purpose, code }) => {
      const tried = await attempt(id, purpose)
      if (!tried.ok) return tried
      const { email, userId, payload, code: mac } = tried.value
      const today = `code:${email}`
      if ((await store.take(today, CODE_FAILURES_PER_DAY, now())) === 0) return WRONG
      const isRight = timingSafeEqual(mac ?? NOBODY, macOf(id, code)) && mac !== null
      if (!isRight || !(await store.useChallenge(id, now()))) return WRONG
      await store.giveBack(today)
      const opened = payload === null ? undefined : await vault.open(`challenge:${id}`, payload)
      return accept({ email, userId, payload: opened })
    },
  }
}

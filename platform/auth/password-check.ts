// Password check: whether a password is the one of an e-mail, known or not.
//
// What is tried is counted before the work is done, so that many guesses at once do not slip
// through: in memory for the wait between failures, in the database for the cap of a day that locks
// the e-mail. Both know e-mails and not users, and an unknown one costs the same work.

import { accept, type Result, refuse } from '#kernel/result.ts'
import type { ChallengeStore } from './challenge-store.ts'
import { PASSWORD_FAILURES_PER_DAY, PASSWORD_MAX, PASSWORD_MIN } from './limits.ts'
import { createLoginFailures } from './login-failures.ts'
import type { Passwords } from './passwords.ts'
import type { AuthStore, UserRow } from './store.ts'

export type PasswordCheck = {
  /** auth.invalid, whatever is wrong; rate.limited while the e-mail has to wait. */
  check(email: string, password: string): Promise<Result<UserRow>>
  /** Opens what too many failures had locked. */
  unlock(email: string): Promise<void>
}

export type PasswordCheckDeps = {
  readonly store: Pick<AuthStore, 'findUserByEmail'> &
    Pick<ChallengeStore, 'take' | 'clearAllowance'>
  readonly passwords: Passwords
  readonly now: () => number
  /** Told when the last attempt of a day failed; of known e-mails alone. */
  readonly onLocked: (user: UserRow) => void
}

const INVALID = refuse('auth.invalid')

export function createPasswordCheck(deps: PasswordCheckDeps): PasswordCheck {
  const { store, passwords, now, onLocked } = deps
  const failures = createLoginFailures()
  const unlock = async (email: string): Promise<void> => {
    failures.succeeded(email)
    await store.clearAllowance(subjectOf(email))
  }
  return {
    unlock,
    check: async (email, password) => {
      if (!isPassword(password)) return INVALID
      const waitUs = failures.waitUs(email, now())
      if (waitUs > 0) return refuse('rate.limited', { retryAfter: Math.ceil(waitUs / 1_000_000) })
      failures.failed(email, now())
      const attempt = await store.take(subjectOf(email), PASSWORD_FAILURES_PER_DAY, now())
      if (attempt === 0) return INVALID
      const row = await store.findUserByEmail(email)
      const fits = await passwords.verify(row?.passwordHash, password)
      if (!fits.ok) return fits
      if (fits.value && row !== undefined) {
        await unlock(email)
        return accept(row)
      }
      if (attempt === PASSWORD_FAILURES_PER_DAY && row !== undefined) onLocked(row)
      return INVALID
    },
  }
}

/** Whether a text may be a password. */
export function isPassword(password: string): boolean {
  const isLong = password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX
  return isLong && password.isWellFormed()
}

function subjectOf(email: string): string {
  return `password:${email}`
}

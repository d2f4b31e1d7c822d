// Recovery: a forgotten password, a locked account, another e-mail, another password.
//
// What anybody may ask for is answered alike for known and unknown addresses, before anybody looks.
// A new password ends every session but the one that set it; a second factor is still asked for
// afterwards, so a mailbox alone never gets in where there is one.

import { accept, type Result, refuse } from '#kernel/result.ts'
import type { AccountStore } from './account-store.ts'
import type { ChallengeStore } from './challenge-store.ts'
import type { Codes, Purpose } from './codes.ts'
import { canonicalEmail } from './email.ts'
import { LETTERS, type LetterText } from './letters.ts'
import { isPassword, type PasswordCheck } from './password-check.ts'
import type { Passwords } from './passwords.ts'
import type { Auth, Challenge } from './port.ts'
import type { Post } from './post.ts'
import type { AuthStore } from './store.ts'

export type Recovery = Pick<
  Auth,
  | 'askReset'
  | 'resetPassword'
  | 'askUnlock'
  | 'unlock'
  | 'askEmailChange'
  | 'changeEmail'
  | 'changePassword'
>

export type RecoveryDeps = {
  readonly store: Pick<AuthStore, 'findUser' | 'findUserByEmail'> &
    Pick<AccountStore, 'setPassword' | 'setEmail' | 'setVerified'> &
    Pick<ChallengeStore, 'clearAllowance'>
  readonly passwords: Passwords
  readonly passwordCheck: PasswordCheck
  readonly codes: Codes
  readonly post: Post
  /** Ends every session of a user but one. */
  readonly endSessions: (userId: string, but?: string) => Promise<void>
  readonly now: () => number
}

const WRONG = refuse('auth.code_invalid')
const MALFORMED = refuse('request.malformed', { field: 'password' })

export function createRecovery(deps: RecoveryDeps): Recovery {
  return { ...withoutSession(deps), ...withSession(deps) }
}

type Open = 'askReset' | 'resetPassword' | 'askUnlock' | 'unlock'

function withoutSession(deps: RecoveryDeps): Pick<Recovery, Open> {
  const { store, passwords, passwordCheck, codes, post, endSessions, now } = deps
  return {
    askReset: ({ email }) => ask(deps, { email, purpose: 'reset', letter: LETTERS.reset }),
    resetPassword: async ({ id, code, password }) => {
      if (!isPassword(password)) return MALFORMED
      const answered = await codes.answer({ id, purpose: 'reset', code })
      if (!answered.ok || answered.value.userId === null) return WRONG
      const { userId, email } = answered.value
      const hashed = await passwords.hash(password)
      if (!hashed.ok) return hashed
      await store.setPassword(userId, hashed.value)
      await store.setVerified(userId, now())
      await endSessions(userId)
      await passwordCheck.unlock(email)
      post.notice(email, LETTERS.changed('password'))
      return accept(null)
    },
    askUnlock: ({ email }) => ask(deps, { email, purpose: 'unlock', letter: LETTERS.unlock }),
    unlock: async ({ id, code }) => {
      const answered = await codes.answer({ id, purpose: 'unlock', code })
      if (!answered.ok || answered.value.userId === null) return WRONG
      await passwordCheck.unlock(answered.value.email)
      await store.clearAllowance(`factor:${answered.value.userId}`)
      return accept(null)
    },
  }
}

type Asked = {
  readonly email: string
  readonly purpose: Purpose
  readonly letter: (code: string) => LetterText
}

/** The same answer, after the same work, whoever asks about whom. */
async function ask(deps: RecoveryDeps, { purpose, letter, ...asked }: Asked) {
  const { store, codes, post } = deps
  const email = canonicalEmail(asked.email)
  if (email === undefined) return refuse('request.malformed', { field: 'email' })
  if (post.isFull()) return refuse('capacity.exhausted')
  const begun = await codes.begin({ purpose, email })
  if (!begun.ok) return begun
  const { id } = begun.value
  post.later(email, async () => {
    const row = await store.findUserByEmail(email)
    return row === undefined ? undefined : letter(await codes.arm(id, row.id))
  })
  return begun
}

function withSession(deps: RecoveryDeps): Omit<Recovery, Open> {
  const { store, passwords, passwordCheck, codes, post, endSessions, now } = deps
  return {
    askEmailChange: (input) => askEmailChange(deps, input),
    changeEmail: async ({ userId, id, code }) => {
      const answered = await codes.answer({ id, purpose: 'email', code })
      if (!answered.ok || answered.value.userId !== userId) return WRONG
      const { email } = answered.value
      const isMoved = await store.setEmail(userId, email, now())
      return isMoved ? accept(null) : refuse('auth.email_taken')
    },
    changePassword: async ({ userId, sessionId, current, password }) => {
      if (!isPassword(password)) return MALFORMED
      const row = await store.findUser(userId)
      if (row === undefined) return refuse('auth.invalid')
      const checked = await passwordCheck.check(row.email, current)
      if (!checked.ok) return checked
      const hashed = await passwords.hash(password)
      if (!hashed.ok) return hashed
      await store.setPassword(userId, hashed.value)
      await endSessions(userId, sessionId)
      post.notice(row.email, LETTERS.changed('password'))
      return accept(null)
    },
  }
}

async function askEmailChange(
  { store, passwordCheck, codes, post }: RecoveryDeps,
  { userId, ...input }: Parameters<Recovery['askEmailChange']>[0],
): Promise<Result<Challenge>> {
  const email = canonicalEmail(input.email)
  if (email === undefined) return refuse('request.malformed', { field: 'email' })
  if (post.isFull()) return refuse('capacity.exhausted')
  const row = await store.findUser(userId)
  if (row === undefined) return refuse('auth.invalid')
  const checked = await passwordCheck.check(row.email, input.password)
  if (!checked.ok) return checked
  const begun = await codes.begin({ purpose: 'email', email })
  if (!begun.ok) return begun
  const { id } = begun.value
  post.later(email, async () => {
    const known = await store.findUserByEmail(email)
    if (known !== undefined) return LETTERS.alreadyRegistered()
    return LETTERS.newEmail(await codes.arm(id, userId))
  })
  post.notice(row.email, LETTERS.emailMoves())
  return begun
}

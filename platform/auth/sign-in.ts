// Sign-in: a password, then a second step where there is one, then a session.
//
// The second step is a code of the authenticator, or a mailed one where a proven e-mail is required
// and this one never was. Nothing that is wrong says which part was wrong. A device that was not
// seen before is told to the owner.

import { createHash } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { AccountStore } from './account-store.ts'
import type { Accounts } from './accounts.ts'
import type { Codes } from './codes.ts'
import { canonicalEmail } from './email.ts'
import { LETTERS } from './letters.ts'
import type { PasswordCheck } from './password-check.ts'
import type { Auth, SecondStep, Tokens } from './port.ts'
import type { Post } from './post.ts'
import type { SecondFactor } from './second-factor.ts'
import type { Sessions } from './sessions.ts'
import type { AuthStore, UserRow } from './store.ts'

export type SignIn = Pick<Auth, 'login' | 'secondStep'>

export type SignInDeps = {
  readonly store: Pick<AuthStore, 'findUser'> & Pick<AccountStore, 'seeDevice' | 'setVerified'>
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly passwordCheck: PasswordCheck
  readonly secondFactor: SecondFactor
  readonly codes: Codes
  readonly post: Post
  readonly emails: 'required' | 'optional'
  readonly now: () => number
}

const WRONG = refuse('auth.code_invalid')

export function createSignIn(deps: SignInDeps): SignIn {
  const { store, passwordCheck, secondFactor, codes, emails, now } = deps
  return {
    login: async ({ password, userAgent, ...input }) => {
      const email = canonicalEmail(input.email)
      if (email === undefined) return refuse('auth.invalid')
      const checked = await passwordCheck.check(email, password)
      if (!checked.ok) return checked
      const row = checked.value
      if (row.totpSince !== null) return authenticatorStep(deps, row)
      if (emails === 'required' && row.verifiedAt === null) return mailStep(deps, row)
      return enter(deps, row, userAgent)
    },
    secondStep: async ({ id, code, by, userAgent }) => {
      if (by === 'mail') {
        const answered = await codes.answer({ id, purpose: 'sign-in', code })
        const row = answered.ok ? await rowOf(store, answered.value.userId) : undefined
        if (row === undefined) return WRONG
        await store.setVerified(row.id, now())
        return enter(deps, row, userAgent)
      }
      const tried = await codes.attempt(id, 'factor')
      const row = tried.ok ? await rowOf(store, tried.value.userId) : undefined
      if (row === undefined) return WRONG
      const right = await secondFactor.check(row, code)
      if (!right.ok || !(await codes.finish(id))) return WRONG
      return enter(deps, row, userAgent)
    },
  }
}

async function rowOf(store: SignInDeps['store'], userId: string | null) {
  return userId === null ? undefined : store.findUser(userId)
}

async function authenticatorStep({ codes }: SignInDeps, row: UserRow): Promise<Result<SecondStep>> {
  const begun = await codes.begin({ purpose: 'factor', email: row.email, userId: row.id })
  return begun.ok ? accept({ ...begun.value, by: 'authenticator' }) : begun
}

async function mailStep({ codes, post }: SignInDeps, row: UserRow): Promise<Result<SecondStep>> {
  const begun = await codes.begin({ purpose: 'sign-in', email: row.email })
  if (!begun.ok) return begun
  const { id } = begun.value
  post.later(row.email, async () => LETTERS.signIn(await codes.arm(id, row.id)))
  return accept({ ...begun.value, by: 'mail' })
}

async function enter(deps: SignInDeps, row: UserRow, userAgent: string): Promise<Result<Tokens>> {
  const { accounts, sessions, store, post, now } = deps
  const user = await accounts.activate(row)
  if (!user.ok) return user
  const begun = await sessions.begin(user.value, userAgent)
  if (begun.ok) {
    post.behind(async () => {
      const device = Uint8Array.from(createHash('sha256').update(userAgent).digest())
      if ((await store.seeDevice(row.id, device, now())) !== 'new') return
      post.notice(row.email, LETTERS.newDevice(printable(userAgent)))
    })
  }
  return begun
}

/** Shown to people: printable ASCII, not more than they can read. */
function printable(userAgent: string): string {
  return userAgent.replace(/[^\x20-\x7e]/g, '?').slice(0, 256)
}

// Registration: an account for whoever proves that a mailbox is his.
//
// Where a proven e-mail is required, nothing is created before its code comes back: not even
// somebody who registers with an address of another gets anything from it. In the demo the account
// is there at once and the code proves the address later. A known address is answered like an
// unknown one; its owner is told by mail.

import { randomUUID } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { AccountStore } from './account-store.ts'
import type { Accounts } from './accounts.ts'
import type { Codes } from './codes.ts'
import { canonicalEmail } from './email.ts'
import { LETTERS } from './letters.ts'
import { isPassword } from './password-check.ts'
import type { Passwords } from './passwords.ts'
import type { Auth, Capability, Challenge, Credentials, User } from './port.ts'
import type { Post } from './post.ts'
import type { AuthStore, UserRow } from './store.ts'

export type Registration = Pick<Auth, 'register' | 'signUp' | 'confirmEmail' | 'mailCode'>

export type RegistrationDeps = {
  readonly store: Pick<AuthStore, 'insertUser' | 'findUser' | 'findUserByEmail'> &
    Pick<AccountStore, 'setVerified'>
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly codes: Codes
  readonly post: Post
  readonly emails: 'required' | 'optional'
  /** What somebody may do who has just registered. */
  readonly newcomers: readonly Capability[]
  readonly now: () => number
}

type Wish = { readonly email: string; readonly passwordHash: string }

export function createRegistration(deps: RegistrationDeps): Registration {
  const { store, codes, emails, post } = deps
  return {
    register: async (input) => {
      const wish = await wishOf(deps, input)
      return wish.ok ? create(deps, wish.value) : wish
    },
    signUp: async (input) => {
      if (post.isFull()) return refuse('capacity.exhausted')
      const wish = await wishOf(deps, input)
      if (!wish.ok) return wish
      return emails === 'required' ? signUpLater(deps, wish.value) : signUpNow(deps, wish.value)
    },
    confirmEmail: async ({ id, code }) => {
      const purpose = emails === 'required' ? 'register' : 'verify'
      const answered = await codes.answer({ id, purpose, code })
      if (!answered.ok) return answered
      const { email, userId, payload } = answered.value
      if (payload !== undefined) return create(deps, { email, passwordHash: payload })
      return proven(deps, userId)
    },
    mailCode: async (userId) => {
      const row = await store.findUser(userId)
      if (row === undefined) return refuse('auth.invalid')
      return verification(deps, row, { isReal: row.verifiedAt === null })
    },
  }
}

async function wishOf({ passwords }: RegistrationDeps, input: Credentials): Promise<Result<Wish>> {
  const email = canonicalEmail(input.email)
  if (email === undefined) return refuse('request.malformed', { field: 'email' })
  if (!isPassword(input.password)) return refuse('request.malformed', { field: 'password' })
  const hashed = await passwords.hash(input.password)
  return hashed.ok ? accept({ email, passwordHash: hashed.value }) : hashed
}

/** What comes of it waits for the code, which only the mailbox tells. */
async function signUpLater(
  { store, codes, post }: RegistrationDeps,
  { email, passwordHash }: Wish,
): Promise<Result<{ verification: Challenge }>> {
  const begun = await codes.begin({ purpose: 'register', email, payload: passwordHash })
  if (!begun.ok) return begun
  const { id } = begun.value
  post.later(email, async () => {
    const known = await store.findUserByEmail(email)
    if (known !== undefined) return LETTERS.alreadyRegistered()
    return LETTERS.confirm(await codes.arm(id, null))
  })
  return accept({ verification: begun.value })
}

async function signUpNow(
  deps: RegistrationDeps,
  { email, passwordHash }: Wish,
): Promise<Result<{ user: User; verification: Challenge }>> {
  const wished = newUser(deps, { email, passwordHash, verifiedAt: null })
  const row = await deps.store.insertUser(wished)
  const activated = row === undefined ? accept(null) : await deps.accounts.activate(row)
  if (!activated.ok) return activated
  const begun = await verification(deps, wished, { isReal: row !== undefined })
  if (!begun.ok) return begun
  return accept({ user: toUser(wished), verification: begun.value })
}

async function verification(
  { codes, post }: RegistrationDeps,
  { id: userId, email }: UserRow,
  { isReal }: { readonly isReal: boolean },
): Promise<Result<Challenge>> {
  const begun = await codes.begin({ purpose: 'verify', email })
  if (!begun.ok) return begun
  const { id } = begun.value
  post.later(email, async () => {
    if (!isReal) return LETTERS.alreadyRegistered()
    return LETTERS.confirm(await codes.arm(id, userId))
  })
  return begun
}

/** Whoever proved the mailbox may know that it has an account meanwhile. */
async function create(deps: RegistrationDeps, wish: Wish): Promise<Result<User>> {
  const { store, accounts, now } = deps
  const row = await store.insertUser(newUser(deps, { ...wish, verifiedAt: now() }))
  if (row === undefined) return refuse('auth.email_taken')
  const activated = await accounts.activate(row)
  return activated.ok ? accept(toUser(row)) : activated
}

async function proven(deps: RegistrationDeps, userId: string | null): Promise<Result<User>> {
  const { store, now } = deps
  if (userId === null) return refuse('auth.code_invalid')
  await store.setVerified(userId, now())
  const row = await store.findUser(userId)
  return row === undefined ? refuse('auth.code_invalid') : accept(toUser(row))
}

function newUser(
  { newcomers, now }: Pick<RegistrationDeps, 'newcomers' | 'now'>,
  wish: Wish & { readonly verifiedAt: number | null },
): UserRow {
  const fresh = { id: randomUUID(), capabilities: newcomers, status: 'pending' } as const
  return { ...fresh, ...wish, account: null, createdAt: now(), totp: null, totpSince: null }
}

/** What may be told of a user. */
export function toUser({ id, email, createdAt, verifiedAt, totpSince }: UserRow): User {
  return { id, email, createdAt, verified: verifiedAt !== null, secondFactor: totpSince !== null }
}

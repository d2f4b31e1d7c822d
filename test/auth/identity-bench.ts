// An auth over a real database whose letters are in a list and whose clock is set by hand.

import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after } from 'node:test'
import { generate } from 'otplib'
import { accept, type Result } from '#kernel/result.ts'
import type { Passwords } from '#platform/auth/passwords.ts'
import type { Auth, Tokens } from '#platform/auth/port.ts'
import { type AuthDeps, createAuth } from '#platform/auth/service.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import type { Letter } from '#platform/notifications/port.ts'
import { createVaultStore } from '#platform/vault/store.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { memoryVault } from '../support/memory-vault.ts'

export const PASSWORD = 'correct horse battery'
export const DAY = 86_400_000_000

/** What Argon2id does in the product, without its work: hundreds of sign-ins take no minute. */
const quickPasswords: Passwords = {
  hash: async (password) => accept(hash('sha256', password)),
  verify: async (stored, password) => accept(stored === hash('sha256', password)),
}

/** One database for all of a file's auths. */
export async function identityBench() {
  const database = await temporaryDatabase()
  const store = createAuthStore(database)
  const vault = await memoryVault(createVaultStore(database))
  const clock = { us: 1_700_000_000_000_000 }
  const accounts = new Map<string, number>()
  const openAccount = async (userId: string): Promise<Result<number>> => {
    const account = accounts.get(userId) ?? 16 + accounts.size
    accounts.set(userId, account)
    return accept(account)
  }

  async function start(emails: 'required' | 'optional', more: Partial<AuthDeps> = {}) {
    const letters: Letter[] = []
    const auth = await createAuth({
      ...{ store, vault, openAccount, ownsAccount: () => true, now: () => clock.us, emails },
      passwords: quickPasswords,
      mailer: { send: async (letter) => void letters.push(letter) },
      ...more,
    })
    after(() => auth.close())
    return { auth, letters, ...asPerson(auth, letters, clock) }
  }

  return { database, store, vault, clock, start }
}

/** What a person does who reads his mail. */
function asPerson(auth: Auth, letters: Letter[], clock: { readonly us: number }) {
  const lettersTo = async (email: string): Promise<Letter[]> => {
    await auth.idle()
    return letters.filter(({ to }) => to === email)
  }
  const codeTo = async (email: string): Promise<string> => {
    // Letters are errands: a notice that was sent before the code may come after it.
    const codes = (await lettersTo(email)).map(({ text }) => /code: ([0-9]{6})/.exec(text)?.[1])
    const code = codes.findLast((one) => one !== undefined)
    assert.ok(code !== undefined, `no code was mailed to ${email}`)
    return code
  }
  /** Registered and proven. */
  const signUp = async (email: string): Promise<string> =>
    accepted(await auth.register({ email, password: PASSWORD })).id
  const login = (email: string, password = PASSWORD, userAgent = 'test') =>
    auth.login({ email, password, userAgent })
  const signIn = async (email: string): Promise<Tokens> => {
    const result = accepted(await login(email))
    assert.ok('accessToken' in result, 'no second step is asked for')
    return result
  }
  /** Turns the second factor on; answers its secret and recovery codes. */
  const addFactor = async (userId: string) => {
    const { secret } = accepted(await auth.beginFactor({ userId, password: PASSWORD }))
    const code = await totp(secret, clock.us)
    const recoveryCodes = accepted(await auth.confirmFactor({ userId, code }))
    return { secret, recoveryCodes }
  }
  return { lettersTo, codeTo, signUp, login, signIn, addFactor }
}

export type Person = Awaited<ReturnType<Awaited<ReturnType<typeof identityBench>>['start']>>

export function totp(secret: string, us: number): Promise<string> {
  return generate({ secret, epoch: Math.floor(us / 1_000_000) })
}

export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.code
}

export function accepted<T>(result: Result<T>): T {
  assert.ok(result.ok, codeOf(result))
  return result.value
}

/** A code that is not this one. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}

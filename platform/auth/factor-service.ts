// Factor service: turning the second factor on and off.
//
// A session alone is not enough: whoever changes what protects an account proves the password
// again, and to take the factor away a code as well. The owner is told of every change.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { LETTERS } from './letters.ts'
import type { PasswordCheck } from './password-check.ts'
import type { Auth } from './port.ts'
import type { Post } from './post.ts'
import type { SecondFactor } from './second-factor.ts'
import type { AuthStore, UserRow } from './store.ts'

export type FactorService = Pick<
  Auth,
  'beginFactor' | 'confirmFactor' | 'removeFactor' | 'renewCodes'
>

export type FactorServiceDeps = {
  readonly store: Pick<AuthStore, 'findUser'>
  readonly passwordCheck: PasswordCheck
  readonly secondFactor: SecondFactor
  readonly post: Post
}

export function createFactorService(deps: FactorServiceDeps): FactorService {
  const { secondFactor, post } = deps
  /** The user, once password and, where there is one, the second factor were proven again. */
  const proven = async (userId: string, proof: Proof): Promise<Result<UserRow>> => {
    const row = await deps.store.findUser(userId)
    if (row === undefined) return refuse('auth.invalid')
    const checked = await deps.passwordCheck.check(row.email, proof.password)
    if (!checked.ok || proof.code === undefined) return checked
    const right = await secondFactor.check(row, proof.code)
    return right.ok ? accept(row) : right
  }
  return {
    beginFactor: async ({ userId, password }) => {
      const row = await proven(userId, { password })
      if (!row.ok) return row
      if (row.value.totpSince !== null) return refuse('auth.factor_present')
      return accept(await secondFactor.begin(row.value))
    },
    confirmFactor: async ({ userId, code }) => {
      const row = await deps.store.findUser(userId)
      if (row === undefined) return refuse('auth.invalid')
      const codes = await secondFactor.confirm(row, code)
      if (codes.ok) post.notice(row.email, LETTERS.changed('second factor'))
      return codes
    },
    removeFactor: async ({ userId, ...proof }) => {
      const row = await proven(userId, proof)
      if (!row.ok) return row
      await secondFactor.remove(row.value)
      post.notice(row.value.email, LETTERS.changed('second factor'))
      return accept(null)
    },
    renewCodes: async ({ userId, ...proof }) => {
      const row = await proven(userId, proof)
      return row.ok ? accept(await secondFactor.renewCodes(row.value)) : row
    },
  }
}

type Proof = { readonly password: string; readonly code?: string }

// Refresh tokens: opaque, stored hashed, good for one use.
//
// A successor is derived from its predecessor under a key of ours, so nothing readable is stored
// and yet the same predecessor leads to the same successor: a client whose answer was lost asks
// again within 10 s from the same device. Any other use of a spent token is theft until proven
// otherwise and revokes the family.

import { createHash, createHmac, randomBytes } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { REFRESH_GRACE_US, REFRESH_TOKEN_US } from './limits.ts'
import type { AuthStore, TokenState } from './store.ts'

export type Rotated = {
  readonly sessionId: string
  readonly refreshToken: string
  readonly refreshExpiresAt: number
}

export type RefreshTokens = {
  /** The first token of a session, with the hash that is stored. */
  first(): { readonly token: string; readonly hash: Uint8Array<ArrayBuffer> }
  /** auth.invalid, auth.expired; auth.replayed when the family was revoked for a reuse. */
  rotate(use: { token: string; device: Uint8Array; now: number }): Promise<Result<Rotated>>
  /** The session of a token, spent or not. */
  sessionOf(token: string): Promise<string | undefined>
}

export type RefreshTokensDeps = {
  readonly store: Pick<AuthStore, 'rotate' | 'findToken'>
  readonly key: Uint8Array
  readonly revokeSession: (sessionId: string) => Promise<void>
}

/** 256 bits in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/

export function createRefreshTokens(deps: RefreshTokensDeps): RefreshTokens {
  const { store, key } = deps
  const successorOf = (token: string): string =>
    createHmac('sha256', key).update(`successor of ${token}`).digest('base64url')

  return {
    first: () => {
      const token = randomBytes(32).toString('base64url')
      return { token, hash: hashOf(token) }
    },
    sessionOf: async (token) => {
      if (!TOKEN.test(token)) return undefined
      return (await store.findToken(hashOf(token)))?.sessionId
    },
    rotate: async ({ token, device, now }) => {
      if (!TOKEN.test(token)) return refuse('auth.invalid')
      const successor = successorOf(token)
      const expiresAt = now + REFRESH_TOKEN_US
      const hashes = { spent: hashOf(token), successor: hashOf(successor) }
      const rotated = await store.rotate({ ...hashes, device, now, expiresAt })
      if (rotated !== undefined) return answer(rotated.sessionId, successor, expiresAt)
      const state = await store.findToken(hashes.spent)
      if (state === undefined || state.isRevoked) return refuse('auth.invalid')
      if (state.expiresAt <= now) return refuse('auth.expired')
      if (isRepetition(state, { successor: hashes.successor, device, now })) {
        return answer(state.sessionId, successor, expiresAt)
      }
      await deps.revokeSession(state.sessionId)
      return refuse('auth.replayed')
    },
  }
}

type Use = { readonly successor: Uint8Array; readonly device: Uint8Array; readonly now: number }

/** The immediate predecessor, within the grace, from the device that spent it. */
function isRepetition(state: TokenState, { successor, device, now }: Use): boolean {
  return (
    state.spentAt !== null &&
    now - state.spentAt <= REFRESH_GRACE_US &&
    state.liveSuccessor !== null &&
    equal(state.liveSuccessor, successor) &&
    equal(state.device, device)
  )
}

function answer(sessionId: string, token: string, expiresAt: number): Result<Rotated> {
  return accept({ sessionId, refreshToken: token, refreshExpiresAt: expiresAt })
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest())
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

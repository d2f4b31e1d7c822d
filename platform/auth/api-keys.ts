// API keys: made by a person, used by programs, verified in memory.
//
// Verifying never waits and never touches the database. The order of checks is fixed: form, key,
// age, signature, nonce; only a request whose signature fits costs memory. An unknown key costs
// the same work as a wrong signature.

import { createSecretKey, randomBytes } from 'node:crypto'
import { accept, refuse } from '#kernel/result.ts'
import { KEYS_MAX, KEYS_PER_USER_MAX, SIGNATURE_AGE_MS, SIGNATURE_AHEAD_MS } from './limits.ts'
import { enterKey, type Live, leaveKey } from './live.ts'
import {
  createNonceMemory,
  type KeyNonces,
  type NonceLimits,
  rotateNonces,
  useNonce,
} from './nonces.ts'
import type { Auth, KeyView } from './port.ts'
import type { SealedSecrets } from './sealed-secrets.ts'
import { isSignedBy, isWellFormed } from './signature.ts'
import type { AuthStore, KeyRow } from './store.ts'

export type ApiKeys = Pick<Auth, 'createKey' | 'listKeys' | 'revokeKey' | 'verifySignature'>

export type ApiKeysDeps = {
  readonly live: Live
  readonly store: Pick<AuthStore, 'insertKey' | 'keysOf' | 'revokeKey'>
  readonly secrets: SealedSecrets
  /** Whether an account is the main account itself or one of its sub-accounts. */
  readonly ownsAccount: (main: number, account: number) => boolean
  /** Microseconds since 1970. */
  readonly now: () => number
  readonly nonceLimits?: NonceLimits
}

const DUMMY_SECRET = createSecretKey(randomBytes(32))
const REPLAYED = refuse('auth.replayed')
const INVALID = refuse('auth.invalid')
const EXPIRED = refuse('auth.expired')
const FULL = refuse('capacity.exhausted')

export function createApiKeys(deps: ApiKeysDeps): ApiKeys {
  return { ...keyManagement(deps), verifySignature: createVerifier(deps) }
}

function createVerifier({ live, now, nonceLimits }: ApiKeysDeps): Auth['verifySignature'] {
  const memory = createNonceMemory(nonceLimits)
  // What was signed before we started may have been used: its nonce is not in memory any more.
  const startedMs = Math.floor(now() / 1_000)
  const clock = { lastMs: startedMs }
  const allNonces = () => nonces(live)
  return (request) => {
    if (!isWellFormed(request)) return INVALID
    // Never back: a clock that is set back must not bring forgotten nonces to life.
    clock.lastMs = Math.max(clock.lastMs, Math.floor(now() / 1_000))
    const key = live.keys.get(request.keyId)
    const ageMs = clock.lastMs - Number(request.timestamp)
    if (ageMs > SIGNATURE_AGE_MS || Number(request.timestamp) < startedMs) return EXPIRED
    if (ageMs < -SIGNATURE_AHEAD_MS) return INVALID
    const isSigned = isSignedBy(key?.secret ?? DUMMY_SECRET, request)
    if (key === undefined || !isSigned) return INVALID
    rotateNonces(memory, allNonces, clock.lastMs)
    const used = useNonce(memory, key.nonces, request.nonce)
    if (used !== 'new') return used === 'used' ? REPLAYED : FULL
    return key.accepted
  }
}

function* nonces(live: Live): Iterable<KeyNonces> {
  for (const key of live.keys.values()) yield key.nonces
}

type Management = Pick<ApiKeys, 'createKey' | 'listKeys' | 'revokeKey'>

function keyManagement({ live, store, secrets, ownsAccount, now }: ApiKeysDeps): Management {
  return {
    createKey: async ({ userId, name, scopes, account }) => {
      const user = live.users.get(userId)
      if (user === undefined) return refuse('auth.invalid')
      if (account !== undefined && !ownsAccount(user.account, account)) {
        return refuse('account.unknown')
      }
      if (user.keys.size >= KEYS_PER_USER_MAX || live.keys.size >= KEYS_MAX) {
        return refuse('capacity.exhausted')
      }
      const id = `ck_${randomBytes(12).toString('base64url')}`
      const secret = randomBytes(32).toString('base64url')
      const terms = {
        id,
        userId,
        name,
        scopes: [...new Set(scopes)],
        account: account ?? null,
        secret: secrets.seal(id, secret),
        createdAt: now(),
      }
      const row: KeyRow = { ...terms, number: await store.insertKey(terms) }
      enterKey(live, user, row, secret)
      return accept({ ...toView(row), secret })
    },
    listKeys: async (userId) => (await store.keysOf(userId)).map(toView),
    revokeKey: async ({ userId, keyId }) => {
      if (live.keys.get(keyId)?.principal.userId !== userId) return refuse('not_found')
      // Memory first: from here on no request of this key gets in, whatever the database says.
      leaveKey(live, keyId)
      await store.revokeKey(keyId, now())
      return accept(null)
    },
  }
}

function toView({ id, name, scopes, account, createdAt }: KeyRow): KeyView {
  return { id, name, scopes, account, createdAt }
}

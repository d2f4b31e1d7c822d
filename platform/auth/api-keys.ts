// API keys: made by a person, used by programs, verified in memory.
//
// Verifying never waits and never touches the database. The order of checks is fixed: form, key,
// age, signature, expiry, address, nonce; only a request whose signature fits costs memory. An
// unknown key costs the same work as a wrong signature.

import { createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Vault } from '#platform/vault/port.ts'
import { addressList } from './addresses.ts'
import { KEYS_MAX, KEYS_PER_USER_MAX, SIGNATURE_AHEAD_MS } from './limits.ts'
import { enterKey, type Live, type LiveKey, leaveKey } from './live.ts'
import {
  createNonceMemory,
  type KeyNonces,
  type NonceLimits,
  rotateNonces,
  useNonce,
} from './nonces.ts'
import {
  type Auth,
  type KeyView,
  type NewKey,
  SIGNATURE_AGE_MS,
  type SignedRequest,
} from './port.ts'
import { publicKeyOf } from './public-keys.ts'
import {
  hmacSecretOf,
  isPublicKind,
  isSignedBy,
  isSignedByHolder,
  isWellFormed,
} from './signature.ts'
import type { AuthStore, KeyRow } from './store.ts'

export type ApiKeys = Pick<Auth, 'createKey' | 'listKeys' | 'revokeKey' | 'verifySignature'>

export type ApiKeysDeps = {
  readonly live: Live
  readonly store: Pick<AuthStore, 'insertKey' | 'keysOf' | 'revokeKey'>
  readonly vault: Pick<Vault, 'seal'>
  /** Whether an account is the main account itself or one of its sub-accounts. */
  readonly ownsAccount: (main: number, account: number) => boolean
  /** Whether there is such a market; every one unless given. */
  readonly hasMarket?: (symbol: string) => boolean
  /** Microseconds since 1970. */
  readonly now: () => number
  readonly nonceLimits?: NonceLimits
}

const DUMMY_SECRET = hmacSecretOf(secretKeyOf(newSecret()))
const DUMMY_PUBLIC = generateKeyPairSync('ed25519').publicKey
const REPLAYED = refuse('auth.replayed')
const INVALID = refuse('auth.invalid')
const EXPIRED = refuse('auth.expired')
const ELSEWHERE = refuse('auth.forbidden')
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
    const signedMs = Number(request.timestamp)
    const ageMs = clock.lastMs - signedMs
    if (ageMs > SIGNATURE_AGE_MS || signedMs < startedMs) return EXPIRED
    if (ageMs < -SIGNATURE_AHEAD_MS) return INVALID
    const isSigned = isSignedWith(key, request)
    if (key === undefined || !isSigned) return INVALID
    if (key.expiresAt <= clock.lastMs * 1_000) return EXPIRED
    if (key.addresses !== null && !key.addresses.has(request.address)) return ELSEWHERE
    rotateNonces(memory, allNonces, clock.lastMs)
    const used = useNonce(memory, key.nonces, request.nonce)
    if (used !== 'new') return used === 'used' ? REPLAYED : FULL
    return key.accepted
  }
}

/** The same work whether the key is known, and of this kind, or not. */
function isSignedWith(key: LiveKey | undefined, request: SignedRequest): boolean {
  if (isPublicKind(request)) {
    const known = key?.publicKey ?? null
    return isSignedByHolder(known ?? DUMMY_PUBLIC, request) && known !== null
  }
  const known = key?.secret ?? null
  return isSignedBy(known ?? DUMMY_SECRET, request) && known !== null
}

function* nonces(live: Live): Iterable<KeyNonces> {
  for (const key of live.keys.values()) yield key.nonces
}

type Management = Pick<ApiKeys, 'createKey' | 'listKeys' | 'revokeKey'>

function keyManagement(deps: ApiKeysDeps): Management {
  const { live, store, vault, ownsAccount, hasMarket = () => true, now } = deps
  return {
    createKey: async (input) => {
      const { userId, name, scopes, account } = input
      const user = live.users.get(userId)
      if (user === undefined) return refuse('auth.invalid')
      if (account !== undefined && !ownsAccount(user.account, account)) {
        return refuse('account.unknown')
      }
      const limits = limitsOf(input, { now: now(), hasMarket })
      if (!limits.ok) return limits
      if (user.keys.size >= KEYS_PER_USER_MAX || live.keys.size >= KEYS_MAX) {
        return refuse('capacity.exhausted')
      }
      const id = `ck_${randomBytes(12).toString('base64url')}`
      const { material, ...limited } = limits.value
      const secret = material === null ? newSecret() : ''
      const terms = {
        ...{ id, userId, name, ...limited },
        scopes: [...new Set(scopes)],
        account: account ?? null,
        secret: material === null ? await vault.seal(id, secret) : null,
        createdAt: now(),
      }
      const row: KeyRow = { ...terms, number: await store.insertKey(terms) }
      enterKey(live, user, row, material ?? secretKeyOf(secret))
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

function toView({ id, name, scopes, account, createdAt, ...row }: KeyRow): KeyView {
  const { markets, addresses, expiresAt, publicKey } = row
  const kind = publicKey === null ? 'hmac' : 'ed25519'
  return { id, name, scopes, account, createdAt, kind, markets, addresses, expiresAt }
}

type Limits = Pick<KeyRow, 'markets' | 'addresses' | 'expiresAt' | 'publicKey'> & {
  readonly material: KeyObject | null
}
type Bounds = { readonly now: number; readonly hasMarket: (symbol: string) => boolean }

/** What a key is limited to, checked; the public key when it brings one. */
function limitsOf(input: NewKey, { now, hasMarket }: Bounds): Result<Limits> {
  const { markets = [], addresses = [], expiresAt = null, publicKey = null } = input
  if (!markets.every(hasMarket)) return refuse('market.unknown')
  if (addressList(addresses) === undefined) return malformed('addresses')
  if (expiresAt !== null && expiresAt <= now) return malformed('expiresAt')
  const material = publicKey === null ? null : publicKeyOf(publicKey)
  if (material === undefined) return malformed('publicKey')
  const lists = { markets: [...new Set(markets)], addresses: [...new Set(addresses)] }
  return accept({ ...lists, expiresAt, publicKey, material })
}

function malformed(field: string) {
  return refuse('request.malformed', { field })
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function secretKeyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, 'utf8'))
}

/** What verifies the requests of a stored key. */
export async function materialOf(row: KeyRow, vault: Pick<Vault, 'open'>): Promise<KeyObject> {
  const material = row.publicKey === null ? undefined : publicKeyOf(row.publicKey)
  if (material !== undefined) return material
  return secretKeyOf(await vault.open(row.id, row.secret ?? new Uint8Array()))
}

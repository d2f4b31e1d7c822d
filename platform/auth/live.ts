// Who may come in, in memory: active users, sessions that stand, keys that stand.
//
// The hot path reads it and nothing else. It is loaded before the first request and changed in the
// same turn as the database row it mirrors was written: revoking counts at once. Every map is
// bounded (INV-17).

import type { KeyObject } from 'node:crypto'
import { type Accepted, accept } from '#kernel/result.ts'
import { type AddressList, addressList } from './addresses.ts'
import { USERS_MAX } from './limits.ts'
import { createKeyNonces, type KeyNonces } from './nonces.ts'
import type { Principal } from './port.ts'
import { type HmacSecret, hmacSecretOf } from './signature.ts'
import type { KeyRow, SessionRow, UserRow } from './store.ts'

export type LiveUser = {
  readonly id: string
  readonly account: number
  /** One object for all principals of the user, so that a grant reaches them all. */
  readonly capabilities: Set<string>
  readonly sessions: Map<string, LiveSession>
  readonly keys: Map<string, LiveKey>
}

export type LiveSession = {
  readonly id: string
  readonly principal: Principal
  lastUsedAt: number
  expiresAt: number
}

export type LiveKey = {
  readonly id: string
  readonly principal: Principal
  /** The answer of a verified request, made once. */
  readonly accepted: Accepted<Principal>
  /** Of a key that signs by HMAC; null for one of Ed25519. */
  readonly secret: HmacSecret | null
  /** Of a key that signs by Ed25519; null for one of HMAC. */
  readonly publicKey: KeyObject | null
  /** null: from everywhere. */
  readonly addresses: AddressList | null
  readonly expiresAt: number
  readonly nonces: KeyNonces
}

export type Live = {
  readonly users: Map<string, LiveUser>
  readonly sessions: Map<string, LiveSession>
  readonly keys: Map<string, LiveKey>
}

const PERSON_SCOPES: ReadonlySet<string> = new Set([
  'read',
  'trade',
  'withdraw',
  'rebalance',
  'deploy',
  'session',
])

const NOWHERE: AddressList = { has: () => false }

export function createLive(): Live {
  return { users: new Map(), sessions: new Map(), keys: new Map() }
}

/** The live user of a row; undefined when its account is not open or all places are taken. */
export function enterUser(live: Live, row: UserRow): LiveUser | undefined {
  const known = live.users.get(row.id)
  if (known !== undefined) return known
  if (row.account === null || live.users.size >= USERS_MAX) return undefined
  const user: LiveUser = {
    id: row.id,
    account: row.account,
    capabilities: new Set(row.capabilities),
    sessions: new Map(),
    keys: new Map(),
  }
  live.users.set(user.id, user)
  return user
}

export function enterSession(live: Live, user: LiveUser, row: SessionRow): LiveSession {
  const { id: userId, account, capabilities } = user
  const principal = { userId, account, capabilities, scopes: PERSON_SCOPES, sessionId: row.id }
  const { id, lastUsedAt, expiresAt } = row
  const session: LiveSession = { id, principal, lastUsedAt, expiresAt }
  live.sessions.set(row.id, session)
  user.sessions.set(row.id, session)
  return session
}

/** `material` is the secret or the public key of the row. */
export function enterKey(live: Live, user: LiveUser, row: KeyRow, material: KeyObject): LiveKey {
  const only = {
    ...(row.account === null ? {} : { accountOnly: row.account }),
    ...(row.markets.length === 0 ? {} : { marketsOnly: new Set(row.markets) }),
  }
  const { id: userId, account, capabilities } = user
  const scopes = new Set<string>(row.scopes)
  const who = { keyId: row.id, keyNumber: row.number, ...only }
  const principal = { userId, account, capabilities, scopes, ...who }
  const key: LiveKey = {
    id: row.id,
    principal,
    accepted: accept(principal),
    secret: row.publicKey === null ? hmacSecretOf(material) : null,
    publicKey: row.publicKey === null ? null : material,
    addresses: row.addresses.length === 0 ? null : (addressList(row.addresses) ?? NOWHERE),
    expiresAt: row.expiresAt ?? Number.POSITIVE_INFINITY,
    nonces: createKeyNonces(),
  }
  live.keys.set(row.id, key)
  user.keys.set(row.id, key)
  return key
}

export function leaveSession(live: Live, sessionId: string): void {
  const session = live.sessions.get(sessionId)
  if (session === undefined) return
  live.sessions.delete(sessionId)
  live.users.get(session.principal.userId)?.sessions.delete(sessionId)
}

export function leaveKey(live: Live, keyId: string): void {
  const key = live.keys.get(keyId)
  if (key === undefined) return
  live.keys.delete(keyId)
  live.users.get(key.principal.userId)?.keys.delete(keyId)
}

/** Makes the user's capabilities those of the list, for every principal at once. */
export function setCapabilities(user: LiveUser, capabilities: readonly string[]): void {
  user.capabilities.clear()
  for (const capability of capabilities) user.capabilities.add(capability)
}

// Auth's port: who is asking, and what other modules may call.
//
// The two verify functions stand in the path of every request: they touch memory only, and a
// session or key that was revoked is refused from that moment on. Codes of refusals are the same
// for a known and an unknown e-mail, key or session.

import type { Result } from '#kernel/result.ts'

/** What an API key may do; `session` is what only a person's access token may do. */
export const KEY_SCOPES = ['read', 'trade', 'withdraw', 'rebalance'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]
export type Scope = KeyScope | 'session'

/** What a user may do beyond trading; granted by `crossbook user grant`. */
export const CAPABILITIES = ['trader', 'operator', 'compliance', 'auditor'] as const
export type Capability = (typeof CAPABILITIES)[number]

/** Who stands behind a request. */
export type Principal = {
  readonly userId: string
  /** The user's main account, which owns the sub-accounts. */
  readonly account: number
  readonly capabilities: ReadonlySet<string>
  readonly scopes: ReadonlySet<string>
  /** An API key that may touch this one account only. */
  readonly accountOnly?: number
  readonly keyId?: string
  /** The engine's name of the key, from 1. */
  readonly keyNumber?: number
  readonly sessionId?: string
}

/** What a route demands; read by http's authenticate plugin from the route's `config.auth`. */
export type RouteAuth = 'none' | { readonly scope: Scope; readonly capability?: Capability }

/** A request signed by an API key, as it came over the wire. */
export type SignedRequest = {
  readonly keyId: string
  /** Milliseconds since 1970 in decimal digits. */
  readonly timestamp: string
  readonly nonce: string
  /** Lower-case hex of HMAC-SHA256. */
  readonly signature: string
  readonly method: string
  /** Raw, as sent: nothing decoded, no question mark. */
  readonly path: string
  readonly query: string
  readonly body: string | Uint8Array
}

export type User = { readonly id: string; readonly email: string; readonly createdAt: number }

export type Tokens = {
  readonly accessToken: string
  /** Of the access token, in microseconds. */
  readonly expiresAt: number
  readonly refreshToken: string
  /** Of the refresh token, in microseconds. */
  readonly refreshExpiresAt: number
}

export type SessionView = {
  readonly id: string
  readonly userAgent: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

export type KeyView = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly account: number | null
  readonly createdAt: number
}

export type NewKey = {
  readonly userId: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly account?: number | undefined
}

export type Credentials = { readonly email: string; readonly password: string }

export type Auth = {
  /** auth.email_taken, request.malformed, capacity.exhausted, and what opening the account says. */
  register(input: Credentials): Promise<Result<User>>
  /** auth.invalid for an unknown e-mail and a wrong password alike; rate.limited after failures. */
  login(input: Credentials & { readonly userAgent: string }): Promise<Result<Tokens>>
  /** auth.invalid, auth.expired, auth.replayed (and then the whole session is revoked). */
  refresh(input: { refreshToken: string; userAgent: string }): Promise<Result<Tokens>>
  /** Revokes the session of a refresh token; an unknown token is no error. */
  logout(refreshToken: string): Promise<void>
  listSessions(userId: string): Promise<SessionView[]>
  /** not_found when it is not there or not the user's. */
  revokeSession(input: { userId: string; sessionId: string }): Promise<Result<null>>
  /** The secret is told this once. account.unknown when the account is not the user's. */
  createKey(input: NewKey): Promise<Result<KeyView & { readonly secret: string }>>
  listKeys(userId: string): Promise<KeyView[]>
  revokeKey(input: { userId: string; keyId: string }): Promise<Result<null>>
  findUser(userId: string): Promise<User | undefined>

  /** Synchronous for a token seen before; auth.invalid, auth.expired. */
  verifyToken(token: string): Result<Principal> | Promise<Result<Principal>>
  /** Always synchronous; auth.invalid, auth.expired, auth.replayed, capacity.exhausted. */
  verifySignature(request: SignedRequest): Result<Principal>
  /** Whether the session or key behind a principal still stands; for long-lived streams. */
  isLive(principal: Principal): boolean
  /** Opens the accounts of users left pending; the number that are still pending. */
  reconcile(): Promise<number>
  close(): Promise<void>
}

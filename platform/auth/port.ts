// Auth's port: who is asking, and what other modules may call.
//
// The two verify functions stand in the path of every request: they touch memory only, and a
// session or key that was revoked is refused from that moment on. Codes of refusals are the same
// for a known and an unknown e-mail, key or session.

import type { Result } from '#kernel/result.ts'

/** What an API key may do, admin never; `session` is what only a person's access token may do. */
export const KEY_SCOPES = ['read', 'trade', 'withdraw', 'rebalance', 'deploy'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]
export type Scope = KeyScope | 'session'

/**
 * Roles: what a user may do. A new user trades, and deploys bots where the profile says so; all
 * else is granted by `crossbook user grant`. An
 * auditor reads everything and changes nothing, whatever else was granted.
 */
export const CAPABILITIES = [
  'trader',
  'deploy',
  'operator',
  'support',
  'compliance',
  'auditor',
  'admin',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** How old a signed request may be when it comes in, and again when it is sequenced. */
export const SIGNATURE_AGE_MS = 5_000

/** Who stands behind a request. */
export type Principal = {
  readonly userId: string
  /** The user's main account, which owns the sub-accounts. */
  readonly account: number
  readonly capabilities: ReadonlySet<string>
  readonly scopes: ReadonlySet<string>
  /** An API key that may touch this one account only. */
  readonly accountOnly?: number
  /** An API key that may trade these markets only, and change nothing else. */
  readonly marketsOnly?: ReadonlySet<string>
  readonly keyId?: string
  /** The engine's name of the key, from 1. */
  readonly keyNumber?: number
  readonly sessionId?: string
}

/** What a route demands; read by http's authenticate plugin from the route's `config.auth`. */
export type RouteAuth = 'none' | RouteDemand

export type RouteDemand = {
  /** One of them is enough. */
  readonly scope: Scope | readonly Scope[]
  /** One of them is enough. */
  readonly capability?: Capability | readonly Capability[]
  /** Changes something although its scope does not say so: no auditor. */
  readonly changes?: true
  /** The handler holds a key to its markets; any other change is refused to such a key. */
  readonly byMarket?: true
}

/** A request signed by an API key, as it came over the wire. */
export type SignedRequest = {
  readonly keyId: string
  /** Milliseconds since 1970 in decimal digits. */
  readonly timestamp: string
  readonly nonce: string
  /** Lower-case hex of HMAC-SHA256 or of Ed25519. */
  readonly signature: string
  readonly method: string
  /** Raw, as sent: nothing decoded, no question mark. */
  readonly path: string
  readonly query: string
  readonly body: string | Uint8Array
  /** Where it came from; a key that is bound to addresses takes none without it. */
  readonly address?: string
}

export type User = {
  readonly id: string
  readonly email: string
  readonly createdAt: number
  /** Whether the e-mail is proven. */
  readonly verified: boolean
  /** Whether an authenticator is asked for at sign-in. */
  readonly secondFactor: boolean
}

/** What staff may know of a user. */
export type StaffView = User & {
  readonly account: number | null
  readonly capabilities: readonly string[]
  readonly sessions: number
  readonly keys: number
}

/** Something that a code answers, until it expires. */
export type Challenge = { readonly id: string; readonly expiresAt: number }
/** What is asked for after a password that fits, and what answers it. */
export type SecondStep = Challenge & { readonly by: 'authenticator' | 'mail' }
export type Answer = { readonly id: string; readonly code: string }
/** Proves once more who is there, before what protects an account is changed. */
export type Proof = { readonly userId: string; readonly password: string; readonly code: string }

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
} & KeyLimits

export type KeyLimits = {
  readonly kind: 'hmac' | 'ed25519'
  /** Empty: every market. */
  readonly markets: readonly string[]
  /** Empty: from everywhere. */
  readonly addresses: readonly string[]
  readonly expiresAt: number | null
}

export type NewKey = {
  readonly userId: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly account?: number | undefined
  readonly markets?: readonly string[] | undefined
  readonly addresses?: readonly string[] | undefined
  readonly expiresAt?: number | undefined
  /** An Ed25519 key in DER (SPKI), in base64: then there is no secret. */
  readonly publicKey?: string | undefined
}

export type Credentials = { readonly email: string; readonly password: string }

/** The public half of a key that signs access tokens (RFC 8037). */
export type PublicJwk = {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly use: 'sig'
  readonly alg: 'EdDSA'
  readonly kid: string
  readonly x: string
}

export type Auth = {
  /**
   * For users of the platform's own: the e-mail is taken for proven. auth.email_taken,
   * request.malformed, capacity.exhausted, and what opening the account says.
   */
  register(input: Credentials): Promise<Result<User>>
  /** For anybody, and the same for an e-mail that is known; the user where he is there at once. */
  signUp(input: Credentials): Promise<Result<{ user?: User; verification: Challenge }>>
  /** auth.code_invalid; auth.email_taken when another was first meanwhile. */
  confirmEmail(answer: Answer): Promise<Result<User>>
  /** A new code to the user's own e-mail. */
  mailCode(userId: string): Promise<Result<Challenge>>
  /** auth.invalid for an unknown e-mail and a wrong password alike; rate.limited after failures. */
  login(input: Credentials & { readonly userAgent: string }): Promise<Result<Tokens | SecondStep>>
  /** auth.code_invalid. */
  secondStep(
    answer: Answer & { readonly by: SecondStep['by']; readonly userAgent: string },
  ): Promise<Result<Tokens>>

  /** The same answer for every e-mail; what comes of it is told by mail. */
  askReset(input: { readonly email: string }): Promise<Result<Challenge>>
  /** Ends every session. auth.code_invalid. */
  resetPassword(answer: Answer & { readonly password: string }): Promise<Result<null>>
  askUnlock(input: { readonly email: string }): Promise<Result<Challenge>>
  unlock(answer: Answer): Promise<Result<null>>
  /** A code to the new address, a notice to the old one. auth.invalid for a wrong password. */
  askEmailChange(input: Omit<Proof, 'code'> & { email: string }): Promise<Result<Challenge>>
  /** auth.code_invalid, auth.email_taken. */
  changeEmail(answer: Answer & { readonly userId: string }): Promise<Result<null>>
  /** Ends every other session. auth.invalid when `current` is wrong. */
  changePassword(input: {
    readonly userId: string
    readonly sessionId: string | undefined
    readonly current: string
    readonly password: string
  }): Promise<Result<null>>

  /** A secret for an authenticator; auth.invalid, auth.factor_present. */
  beginFactor(
    input: Omit<Proof, 'code'>,
  ): Promise<Result<{ readonly secret: string; readonly uri: string }>>
  /** From now on it is asked for; recovery codes, told this once. auth.code_invalid. */
  confirmFactor(input: { userId: string; code: string }): Promise<Result<readonly string[]>>
  removeFactor(proof: Proof): Promise<Result<null>>
  /** New recovery codes in the place of the old ones. */
  renewCodes(proof: Proof): Promise<Result<readonly string[]>>

  /** auth.invalid, auth.expired, auth.replayed (and then the whole session is revoked). */
  refresh(input: { refreshToken: string; userAgent: string }): Promise<Result<Tokens>>
  /** Revokes the session of a refresh token; an unknown token is no error. */
  logout(refreshToken: string): Promise<void>
  listSessions(userId: string): Promise<SessionView[]>
  /** not_found when it is not there or not the user's. */
  revokeSession(input: { userId: string; sessionId: string }): Promise<Result<null>>
  /**
   * The secret is told this once; '' for a key that has none. account.unknown, market.unknown,
   * request.malformed.
   */
  createKey(input: NewKey): Promise<Result<KeyView & { readonly secret: string }>>
  listKeys(userId: string): Promise<KeyView[]>
  revokeKey(input: { userId: string; keyId: string }): Promise<Result<null>>
  findUser(userId: string): Promise<User | undefined>

  /** For staff: the user of an e-mail, with what may be known of him. */
  findByEmail(email: string): Promise<StaffView | undefined>
  /** For staff: ends every session and revokes no key. not_found */
  endSessions(userId: string): Promise<Result<null>>
  /** For staff: opens what too many failures had locked. not_found */
  unlockUser(userId: string): Promise<Result<null>>

  /** Public keys under which our access tokens verify, now and next. */
  publicKeys(): PublicJwk[]
  /** Synchronous for a token seen before; auth.invalid, auth.expired. */
  verifyToken(token: string): Result<Principal> | Promise<Result<Principal>>
  /** Always synchronous; auth.invalid, auth.expired, auth.replayed, capacity.exhausted. */
  verifySignature(request: SignedRequest): Result<Principal>
  /** Whether the session or key behind a principal still stands; for long-lived streams. */
  isLive(principal: Principal): boolean
  /** Opens the accounts of users left pending; the number that are still pending. */
  reconcile(): Promise<number>
  /** Resolves when no letter is being written any more. */
  idle(): Promise<void>
  close(): Promise<void>
}

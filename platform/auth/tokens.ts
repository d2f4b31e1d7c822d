// Access tokens: JWT signed with Ed25519, good for 10 minutes, for this platform only.
//
// Algorithm, audience, issuer and type are pinned; a key id chooses among our own keys and nothing
// else in a token does. A verified token is remembered by its digest until it expires, which makes
// the next request synchronous; whether its session still stands is not this file's business and
// is never cached. When keys change, everything that was remembered is forgotten.

import { hash } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { ACCESS_TOKEN_US, TOKENS_CACHED_MAX } from './limits.ts'
import type { SigningKeys } from './signing-keys.ts'

export type AccessTokens = {
  issue(claims: Claims & { readonly now: number }): Promise<IssuedToken>
  /** The session of a valid token; auth.invalid, auth.expired. Synchronous when remembered. */
  verify(token: string, now: number): Result<Claims> | Promise<Result<Claims>>
  /** Forgets what was verified: keys have changed. */
  forget(): void
}

export type Claims = { readonly userId: string; readonly sessionId: string }
export type IssuedToken = { readonly accessToken: string; readonly expiresAt: number }

type Remembered = { readonly claims: Claims; readonly expiresAt: number }

const ISSUER = 'crossbook'
const AUDIENCE = 'crossbook-api'
const TYPE = 'at+jwt'
const TOKEN_CHARS_MAX = 1_024
const SECOND_US = 1_000_000

const PINNED = {
  algorithms: ['EdDSA'],
  audience: AUDIENCE,
  issuer: ISSUER,
  typ: TYPE,
  maxTokenAge: ACCESS_TOKEN_US / SECOND_US,
  requiredClaims: ['exp', 'iat', 'sub', 'sid'],
}

/** Tokens under these keys. */
export function createAccessTokens(keys: SigningKeys): AccessTokens {
  const remembered = new Map<string, Remembered>()
  return {
    issue: async ({ userId, sessionId, now }) => {
      const { kid, key } = keys.current(now)
      const issuedAt = Math.floor(now / SECOND_US)
      const expires = issuedAt + ACCESS_TOKEN_US / SECOND_US
      const accessToken = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: TYPE })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(key)
      return { accessToken, expiresAt: expires * SECOND_US }
    },
    verify: (token, now) => {
      if (token.length > TOKEN_CHARS_MAX) return refuse('auth.invalid')
      const digest = hash('sha256', token, 'base64')
      const known = remembered.get(digest)
      if (known !== undefined) {
        return known.expiresAt > now ? accept(known.claims) : refuse('auth.expired')
      }
      return check(keys, token, now).then((checked) => {
        if (!checked.ok) return checked
        remember(remembered, digest, checked.value)
        return accept(checked.value.claims)
      })
    },
    forget: () => remembered.clear(),
  }
}

async function check(keys: SigningKeys, token: string, now: number): Promise<Result<Remembered>> {
  const options = { ...PINNED, currentDate: new Date(now / 1_000) }
  const keyOf = ({ kid }: { kid?: string }) => {
    const key = typeof kid === 'string' ? keys.find(kid, now) : undefined
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key
  }
  try {
    const { payload } = await jwtVerify(token, keyOf, options)
    const { sub, sid, exp } = payload
    if (typeof sub !== 'string' || typeof sid !== 'string' || exp === undefined) {
      return refuse('auth.invalid')
    }
    return accept({ claims: { userId: sub, sessionId: sid }, expiresAt: exp * SECOND_US })
  } catch (error) {
    return refuse(error instanceof errors.JWTExpired ? 'auth.expired' : 'auth.invalid')
  }
}

function remember(remembered: Map<string, Remembered>, digest: string, value: Remembered): void {
  remembered.set(digest, value)
  if (remembered.size <= TOKENS_CACHED_MAX) return
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest)
    return
  }
}

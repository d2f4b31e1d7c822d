// Access tokens: JWT signed with Ed25519, good for 10 minutes, for this platform only.
//
// Algorithm, key id, audience, issuer and type are pinned; nothing in a token chooses a key. A
// verified token is remembered by its digest until it expires, which makes the next request
// synchronous; whether its session still stands is not this file's business and is never cached.

import { createPrivateKey, createPublicKey, generateKeyPairSync, hash } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { assert } from '#kernel/assert.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { readOrMakeKey } from './key-files.ts'
import { ACCESS_TOKEN_US, TOKENS_CACHED_MAX } from './limits.ts'

export type AccessTokens = {
  issue(claims: Claims & { readonly now: number }): Promise<IssuedToken>
  /** The session of a valid token; auth.invalid, auth.expired. Synchronous when remembered. */
  verify(token: string, now: number): Result<Claims> | Promise<Result<Claims>>
}

export type Claims = { readonly userId: string; readonly sessionId: string }
export type IssuedToken = { readonly accessToken: string; readonly expiresAt: number }

type Remembered = { readonly claims: Claims; readonly expiresAt: number }

const ISSUER = 'crossbook'
const AUDIENCE = 'crossbook-api'
const TYPE = 'at+jwt'
const TOKEN_CHARS_MAX = 1_024
const SECOND_US = 1_000_000

/** Tokens under the key in `<folder>/access-tokens.pem`. */
export function createAccessTokens(folder: string): AccessTokens {
  const privateKey = createPrivateKey(readOrMakeKey(folder, 'access-tokens.pem', makeKey))
  assert(privateKey.asymmetricKeyType === 'ed25519', 'access tokens are signed with Ed25519')
  const publicKey = createPublicKey(privateKey)
  const kid = hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'base64url')
  const remembered = new Map<string, Remembered>()
  const pinned = {
    algorithms: ['EdDSA'],
    audience: AUDIENCE,
    issuer: ISSUER,
    typ: TYPE,
    maxTokenAge: ACCESS_TOKEN_US / SECOND_US,
    requiredClaims: ['exp', 'iat', 'sub', 'sid'],
  }

  const check = async (token: string, now: number): Promise<Result<Remembered>> => {
    const options = { ...pinned, currentDate: new Date(now / 1_000) }
    try {
      const { payload, protectedHeader } = await jwtVerify(token, publicKey, options)
      const { sub, sid, exp } = payload
      const isOurs = protectedHeader.kid === kid && typeof sub === 'string' && exp !== undefined
      if (!isOurs || typeof sid !== 'string') return refuse('auth.invalid')
      return accept({ claims: { userId: sub, sessionId: sid }, expiresAt: exp * SECOND_US })
    } catch (error) {
      return refuse(error instanceof errors.JWTExpired ? 'auth.expired' : 'auth.invalid')
    }
  }

  return {
    issue: async ({ userId, sessionId, now }) => {
      const issuedAt = Math.floor(now / SECOND_US)
      const expires = issuedAt + ACCESS_TOKEN_US / SECOND_US
      const accessToken = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: TYPE })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(privateKey)
      return { accessToken, expiresAt: expires * SECOND_US }
    },
    verify: (token, now) => {
      if (token.length > TOKEN_CHARS_MAX) return refuse('auth.invalid')
      const digest = hash('sha256', token, 'base64')
      const known = remembered.get(digest)
      if (known !== undefined) {
        return known.expiresAt > now ? accept(known.claims) : refuse('auth.expired')
      }
      return check(token, now).then((checked) => {
        if (!checked.ok) return checked
        remember(remembered, digest, checked.value)
        return accept(checked.value.claims)
      })
    },
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

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

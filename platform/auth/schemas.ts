// The messages of /v1/auth and /v1/me: one schema each for type, check, documentation and answer.
//
// Closed and strict: nothing is coerced, nothing unknown passes, every text and list has a bound.
// Secrets occur in the one answer that is meant to tell them and nowhere else.

import { Type } from 'typebox'
import { AccountNumber, closed, Instant, oneOf, pageOf } from '#platform/http/port.ts'
import { EMAIL_MAX, KEY_NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, USER_AGENT_MAX } from './limits.ts'
import { KEY_SCOPES } from './port.ts'

const ACCOUNTS_LISTED_MAX = 1_000

const Id = Type.String({ minLength: 1, maxLength: 64 })
const Email = Type.String({ minLength: 1, maxLength: EMAIL_MAX })
const RefreshToken = Type.String({ minLength: 1, maxLength: 128 })
const KeyScope = oneOf(KEY_SCOPES)
/** Printable in any script: no controls, no marks that reorder text, no unpaired surrogates. */
const KeyName = Type.String({ minLength: 1, maxLength: KEY_NAME_MAX, pattern: '^[^\\p{C}]+$' })

const User = closed({ id: Id, email: Email, createdAt: Instant })

export const RegisterBody = closed({
  email: Email,
  password: Type.String({ minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX }),
})
export const RegisterAnswer = closed({ user: User })

export const LoginBody = closed({
  email: Email,
  password: Type.String({ minLength: 1, maxLength: PASSWORD_MAX }),
  refresh: Type.Optional(oneOf(['body', 'cookie'])),
})
export const TokensAnswer = closed({
  accessToken: Type.String({ maxLength: 1_024 }),
  expiresAt: Instant,
  refreshToken: Type.Optional(RefreshToken),
})
/** No body at all is fine where the cookie speaks. */
export const RefreshBody = Type.Union([
  closed({ refreshToken: Type.Optional(RefreshToken) }),
  Type.Null(),
])

export const IdParams = closed({ id: Id })
export const NoContent = Type.Null()

export const SessionsAnswer = pageOf(
  closed({
    id: Id,
    userAgent: Type.String({ maxLength: USER_AGENT_MAX }),
    createdAt: Instant,
    lastUsedAt: Instant,
    current: Type.Boolean({ description: 'Whether this request was made in it' }),
  }),
)

const KEY_FIELDS = {
  id: Id,
  name: KeyName,
  scopes: Type.Array(KeyScope, { maxItems: KEY_SCOPES.length }),
  account: Type.Union([AccountNumber, Type.Null()]),
  createdAt: Instant,
}
export const NewKeyBody = closed({
  name: KeyName,
  scopes: Type.Array(KeyScope, { minItems: 1, maxItems: KEY_SCOPES.length, uniqueItems: true }),
  account: Type.Optional(AccountNumber),
})
export const NewKeyAnswer = closed({ ...KEY_FIELDS, secret: Type.String({ maxLength: 64 }) })
export const KeysAnswer = pageOf(closed(KEY_FIELDS))

export const JwksAnswer = closed({
  keys: Type.Array(
    closed({
      kty: Type.Literal('OKP'),
      crv: Type.Literal('Ed25519'),
      use: Type.Literal('sig'),
      alg: Type.Literal('EdDSA'),
      kid: Type.String({ maxLength: 64 }),
      x: Type.String({ maxLength: 64 }),
    }),
    { maxItems: 100 },
  ),
})

export const MeAnswer = closed({
  user: User,
  capabilities: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 32 }),
  accounts: Type.Array(
    closed({
      id: AccountNumber,
      kind: oneOf(['main', 'sub']),
      name: Type.String({ maxLength: 256 }),
    }),
    { maxItems: ACCOUNTS_LISTED_MAX },
  ),
})

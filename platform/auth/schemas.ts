// The messages of /v1/auth and /v1/me: one schema each for type, check, documentation and answer.
//
// Closed and strict: nothing is coerced, nothing unknown passes, every text and list has a bound.
// Secrets occur in the one answer that is meant to tell them and nowhere else.

import { Type } from 'typebox'
import { AccountNumber, closed, Instant, oneOf, pageOf, SymbolParam } from '#platform/http/port.ts'
import {
  EMAIL_MAX,
  KEY_ADDRESSES_MAX,
  KEY_MARKETS_MAX,
  KEY_NAME_MAX,
  PASSWORD_MAX,
  PASSWORD_MIN,
  RECOVERY_CODES,
  USER_AGENT_MAX,
} from './limits.ts'
import { KEY_SCOPES } from './port.ts'

const ACCOUNTS_LISTED_MAX = 1_000

const Id = Type.String({ minLength: 1, maxLength: 64 })
const Email = Type.String({ minLength: 1, maxLength: EMAIL_MAX })
const RefreshToken = Type.String({ minLength: 1, maxLength: 128 })
const KeyScope = oneOf(KEY_SCOPES)
/** Printable in any script: no controls, no marks that reorder text, no unpaired surrogates. */
const KeyName = Type.String({ minLength: 1, maxLength: KEY_NAME_MAX, pattern: '^[^\\p{C}]+$' })

const User = closed({
  id: Id,
  email: Email,
  createdAt: Instant,
  verified: Type.Boolean({ description: 'Whether the e-mail is proven' }),
  secondFactor: Type.Boolean({ description: 'Whether an authenticator is asked for' }),
})
/** Something that a code answers, until it expires. */
const Challenge = closed({ id: Id, expiresAt: Instant })
const Code = Type.String({ pattern: '^[0-9]{6}$', maxLength: 6 })
/** Of an authenticator, or a recovery code. */
const FactorCode = Type.String({ pattern: '^([0-9]{6}|[a-z2-7]{5}-[a-z2-7]{5})$', maxLength: 11 })
/** A password that may exist; a new one must be long enough. */
const Password = Type.String({ minLength: 1, maxLength: PASSWORD_MAX })
const NewPassword = Type.String({ minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX })

export const RegisterBody = closed({ email: Email, password: NewPassword })
/** The user where an e-mail need not be proven first. */
export const RegisterAnswer = closed({ user: Type.Optional(User), verification: Challenge })
export const AnswerBody = closed({ id: Id, code: Code })
export const UserAnswer = closed({ user: User })
export const ChallengeAnswer = closed({ challenge: Challenge })

export const LoginBody = closed({
  email: Email,
  password: Password,
  refresh: Type.Optional(oneOf(['body', 'cookie'])),
})
const TOKENS = {
  accessToken: Type.String({ maxLength: 1_024 }),
  expiresAt: Instant,
  refreshToken: Type.Optional(RefreshToken),
}
export const TokensAnswer = closed(TOKENS)
/** Tokens, or what is asked for first. */
export const LoginAnswer = closed({
  accessToken: Type.Optional(TOKENS.accessToken),
  expiresAt: Type.Optional(Instant),
  refreshToken: TOKENS.refreshToken,
  secondStep: Type.Optional(
    closed({ id: Id, expiresAt: Instant, by: oneOf(['authenticator', 'mail']) }),
  ),
})
export const SecondStepBody = closed({
  id: Id,
  code: FactorCode,
  by: oneOf(['authenticator', 'mail']),
  refresh: Type.Optional(oneOf(['body', 'cookie'])),
})

export const EmailBody = closed({ email: Email })
export const ResetBody = closed({ id: Id, code: Code, password: NewPassword })
export const PasswordBody = closed({ current: Password, password: NewPassword })
export const EmailChangeBody = closed({ email: Email, password: Password })

export const FactorBody = closed({ password: Password })
export const FactorAnswer = closed({
  secret: Type.String({ maxLength: 64 }),
  uri: Type.String({ maxLength: 600 }),
})
export const FactorConfirmBody = closed({ code: Code })
export const FactorProofBody = closed({ password: Password, code: FactorCode })
export const RecoveryCodesAnswer = closed({
  recoveryCodes: Type.Array(Type.String({ maxLength: 16 }), { maxItems: RECOVERY_CODES }),
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

/** An address, or a network in CIDR notation. */
const Network = Type.String({ minLength: 2, maxLength: 49 })
const KEY_FIELDS = {
  id: Id,
  name: KeyName,
  scopes: Type.Array(KeyScope, { maxItems: KEY_SCOPES.length }),
  account: Type.Union([AccountNumber, Type.Null()]),
  createdAt: Instant,
  kind: oneOf(['hmac', 'ed25519']),
  markets: Type.Array(SymbolParam, { maxItems: KEY_MARKETS_MAX }),
  addresses: Type.Array(Network, { maxItems: KEY_ADDRESSES_MAX }),
  expiresAt: Type.Union([Instant, Type.Null()]),
}
export const NewKeyBody = closed({
  name: KeyName,
  scopes: Type.Array(KeyScope, { minItems: 1, maxItems: KEY_SCOPES.length, uniqueItems: true }),
  account: Type.Optional(AccountNumber),
  markets: Type.Optional(
    Type.Array(SymbolParam, { minItems: 1, maxItems: KEY_MARKETS_MAX, uniqueItems: true }),
  ),
  addresses: Type.Optional(
    Type.Array(Network, { minItems: 1, maxItems: KEY_ADDRESSES_MAX, uniqueItems: true }),
  ),
  expiresAt: Type.Optional(Instant),
  publicKey: Type.Optional(
    Type.String({
      description: 'Of an Ed25519 key, DER (SPKI) in base64; then there is no secret',
      pattern: '^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$',
      maxLength: 60,
    }),
  ),
})
export const NewKeyAnswer = closed({
  ...KEY_FIELDS,
  secret: Type.Optional(Type.String({ maxLength: 64 })),
})
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

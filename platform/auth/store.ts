// The rows of auth in the schema `records`; the only file of this module that sees the database.
//
// Every method is one SQL statement, so no interleaving of two requests tears a change. Rotating a
// refresh token spends the old one and adds the new one in the same statement: of two requests
// with one token exactly one gets through.

import type { Pool } from 'pg'
import type { Database } from '#database/connection.ts'
import { type AccountStore, createAccountStore } from './account-store.ts'
import { type ChallengeStore, createChallengeStore } from './challenge-store.ts'
import type { KeyScope } from './port.ts'

export type UserRow = {
  readonly id: string
  readonly email: string
  readonly passwordHash: string
  readonly capabilities: readonly string[]
  readonly status: 'pending' | 'active'
  readonly account: number | null
  readonly createdAt: number
  /** When the user proved that the e-mail is his; null: not yet. */
  readonly verifiedAt: number | null
  /** The authenticator's secret, sealed; null for none. */
  readonly totp: Uint8Array<ArrayBuffer> | null
  /** Since when it is asked for at sign-in; null: it was not confirmed. */
  readonly totpSince: number | null
}

export type SessionRow = {
  readonly id: string
  readonly userId: string
  /** Hash of the user agent that used the session last. */
  readonly device: Uint8Array<ArrayBuffer>
  readonly userAgent: string
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly expiresAt: number
}

export type KeyRow = {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly account: number | null
  /** Sealed; null when there is a public key. */
  readonly secret: Uint8Array<ArrayBuffer> | null
  readonly publicKey: string | null
  readonly markets: readonly string[]
  readonly addresses: readonly string[]
  readonly expiresAt: number | null
  readonly createdAt: number
  /** What the engine knows of the key; never used again. */
  readonly number: number
}

export type SigningKeyRow = {
  readonly kid: string
  readonly sealed: Uint8Array<ArrayBuffer>
  readonly publicKey: string
  readonly createdAt: number
  readonly activeAt: number
  readonly retiredAt: number | null
}

/** A refresh token as it stands, with what decides about its reuse. */
export type TokenState = {
  readonly sessionId: string
  readonly spentAt: number | null
  readonly expiresAt: number
  readonly device: Uint8Array
  readonly isRevoked: boolean
  /** The successor's hash while it is unspent, else null. */
  readonly liveSuccessor: Uint8Array | null
}

export type Rotation = {
  readonly spent: Uint8Array
  readonly successor: Uint8Array
  readonly device: Uint8Array
  readonly now: number
  readonly expiresAt: number
}

export type AuthStore = {
  /** undefined when the e-mail is taken. */
  insertUser(row: UserRow): Promise<UserRow | undefined>
  activateUser(id: string, account: number, now: number): Promise<void>
  findUser(id: string): Promise<UserRow | undefined>
  findUserByEmail(email: string): Promise<UserRow | undefined>
  pendingUsers(limit: number): Promise<UserRow[]>
  activeUsers(): Promise<UserRow[]>
  changedCapabilities(since: number): Promise<{ id: string; capabilities: string[]; at: number }[]>

  /** The user's capabilities afterwards; undefined when there is no such user. */
  grant(email: string, capability: string, now: number): Promise<string[] | undefined>
  revoke(email: string, capability: string, now: number): Promise<string[] | undefined>

  /** Adds the session and its first refresh token. */
  insertSession(row: SessionRow, firstToken: Uint8Array): Promise<void>
  liveSessions(now: number): Promise<SessionRow[]>
  sessionsOf(userId: string, now: number): Promise<SessionRow[]>
  revokeSession(id: string, now: number): Promise<void>
  /** The session's id and user, or undefined when the token could not be spent. */
  rotate(rotation: Rotation): Promise<{ sessionId: string; userId: string } | undefined>
  findToken(hash: Uint8Array): Promise<TokenState | undefined>
  purge(now: number): Promise<void>

  /** The number of the new key. */
  insertKey(row: Omit<KeyRow, 'number'>): Promise<number>
  liveKeys(): Promise<KeyRow[]>
  keysOf(userId: string): Promise<KeyRow[]>
  revokeKey(id: string, now: number): Promise<void>
  /** Deletes keys that were revoked or have expired before. */
  purgeKeys(before: number): Promise<void>

  /** In the order in which they sign. */
  signingKeys(): Promise<SigningKeyRow[]>
  insertSigningKey(row: SigningKeyRow): Promise<void>
  /** Retires every key but this one. */
  retireSigningKeys(but: string, now: number): Promise<void>
}

type Prisma = Database['prisma']

const INSERT_USER = `INSERT INTO records.users
  (id, email, password_hash, capabilities, status, account, created_at, changed_at, verified_at)
  VALUES ($1, $2, $3, $4, 'pending', NULL, $5, $5, $6) ON CONFLICT (email) DO NOTHING RETURNING id`

const GRANT = `UPDATE records.users SET changed_at = $3,
    capabilities = ARRAY(SELECT DISTINCT unnest(capabilities || $2::text) ORDER BY 1)
  WHERE email = $1 RETURNING capabilities`

const REVOKE = `UPDATE records.users SET changed_at = $3,
    capabilities = array_remove(capabilities, $2::text)
  WHERE email = $1 RETURNING capabilities`

const INSERT_SESSION = `WITH session AS (
  INSERT INTO records.sessions
    (id, user_id, device, user_agent, created_at, last_used_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id)
  INSERT INTO records.refresh_tokens (hash, session_id, created_at, expires_at)
    SELECT $7, id, $5, $6 FROM session`

const ROTATE = `WITH spent AS (
  UPDATE records.refresh_tokens t SET spent_at = $4 FROM records.sessions s
    WHERE t.hash = $1 AND t.spent_at IS NULL AND t.expires_at > $4
      AND s.id = t.session_id AND s.revoked_at IS NULL RETURNING t.session_id
), added AS (
  INSERT INTO records.refresh_tokens (hash, session_id, parent, created_at, expires_at)
    SELECT $2, session_id, $1, $4, $5 FROM spent RETURNING session_id
)
UPDATE records.sessions s SET last_used_at = $4, expires_at = $5, device = $3
  FROM added WHERE s.id = added.session_id RETURNING s.id AS "sessionId", s.user_id AS "userId"`

const FIND_TOKEN = `SELECT t.session_id AS "sessionId", t.spent_at::float8 AS "spentAt",
    t.expires_at::float8 AS "expiresAt", s.device, s.revoked_at IS NOT NULL AS "isRevoked",
    n.hash AS "liveSuccessor"
  FROM records.refresh_tokens t JOIN records.sessions s ON s.id = t.session_id
  LEFT JOIN records.refresh_tokens n ON n.parent = t.hash AND n.spent_at IS NULL
  WHERE t.hash = $1`

/** Refresh tokens of a session that goes on are forgotten when they have expired. */
const PURGE = `WITH gone AS (
  DELETE FROM records.sessions WHERE expires_at < $1 OR revoked_at < $1 - 86400000000)
  DELETE FROM records.refresh_tokens WHERE expires_at < $1 AND spent_at IS NOT NULL`

export type AuthRecords = AuthStore & AccountStore & ChallengeStore

export function createAuthStore(database: Database): AuthRecords {
  const { prisma } = database
  const pool = database.pool('auth', 4)
  return {
    ...userRows(prisma, pool),
    ...sessionRows(prisma, pool),
    ...keyRows(prisma),
    ...signingRows(pool),
    ...createAccountStore(pool),
    ...createChallengeStore(pool),
  }
}

type UserMethods =
  | 'insertUser'
  | 'activateUser'
  | 'findUser'
  | 'findUserByEmail'
  | 'pendingUsers'
  | 'activeUsers'
  | 'changedCapabilities'
  | 'grant'
  | 'revoke'

function userRows(prisma: Prisma, pool: Pool): Pick<AuthStore, UserMethods> {
  return {
    insertUser: async (row) => {
      const { id, email, passwordHash, capabilities, createdAt, verifiedAt } = row
      const values = [id, email, passwordHash, capabilities, createdAt, verifiedAt]
      const { rowCount } = await pool.query(INSERT_USER, values)
      return rowCount === 1 ? row : undefined
    },
    activateUser: async (id, account, now) => {
      const data = { status: 'active', account: BigInt(account), changedAt: BigInt(now) }
      await prisma.user.update({ where: { id }, data, select: { id: true } })
    },
    findUser: async (id) => toUser(await prisma.user.findUnique({ where: { id } })),
    findUserByEmail: async (email) => toUser(await prisma.user.findUnique({ where: { email } })),
    pendingUsers: async (take) => {
      const orderBy = { createdAt: 'asc' } as const
      const rows = await prisma.user.findMany({ where: { status: 'pending' }, orderBy, take })
      return rows.flatMap((row) => toUser(row) ?? [])
    },
    activeUsers: async () => {
      const rows = await prisma.user.findMany({ where: { status: 'active' } })
      return rows.flatMap((row) => toUser(row) ?? [])
    },
    changedCapabilities: async (since) => {
      const select = { id: true, capabilities: true, changedAt: true } as const
      const where = { changedAt: { gte: BigInt(since) } }
      const rows = await prisma.user.findMany({ where, select })
      return rows.map(({ id, capabilities, changedAt }) => ({
        id,
        capabilities,
        at: Number(changedAt),
      }))
    },
    grant: (email, capability, now) => changeRoles(pool, GRANT, [email, capability, now]),
    revoke: (email, capability, now) => changeRoles(pool, REVOKE, [email, capability, now]),
  }
}

async function changeRoles(pool: Pool, text: string, values: unknown[]) {
  return (await pool.query<{ capabilities: string[] }>(text, values)).rows[0]?.capabilities
}

type SessionMethods =
  | 'insertSession'
  | 'liveSessions'
  | 'sessionsOf'
  | 'revokeSession'
  | 'rotate'
  | 'findToken'
  | 'purge'

function sessionRows(prisma: Prisma, pool: Pool): Pick<AuthStore, SessionMethods> {
  return {
    insertSession: async (row, firstToken) => {
      const { id, userId, device, userAgent, createdAt, expiresAt } = row
      const values = [id, userId, device, userAgent, createdAt, expiresAt, firstToken]
      await pool.query(INSERT_SESSION, values)
    },
    liveSessions: async (now) => {
      const where = { revokedAt: null, expiresAt: { gt: BigInt(now) } }
      return (await prisma.session.findMany({ where })).map(toSession)
    },
    sessionsOf: async (userId, now) => {
      const where = { userId, revokedAt: null, expiresAt: { gt: BigInt(now) } }
      const orderBy = [{ lastUsedAt: 'desc' }, { id: 'asc' }] as const
      return (await prisma.session.findMany({ where, orderBy: [...orderBy] })).map(toSession)
    },
    revokeSession: async (id, now) => {
      const where = { id, revokedAt: null }
      await prisma.session.updateMany({ where, data: { revokedAt: BigInt(now) } })
    },
    rotate: async ({ spent, successor, device, now, expiresAt }) => {
      const values = [spent, successor, device, now, expiresAt]
      return (await pool.query<{ sessionId: string; userId: string }>(ROTATE, values)).rows[0]
    },
    findToken: async (hash) => (await pool.query<TokenState>(FIND_TOKEN, [hash])).rows[0],
    purge: async (now) => {
      await pool.query(PURGE, [now])
    },
  }
}

type KeyMethods = 'insertKey' | 'liveKeys' | 'keysOf' | 'revokeKey' | 'purgeKeys'

function keyRows(prisma: Prisma): Pick<AuthStore, KeyMethods> {
  return {
    insertKey: async (row) => {
      const account = row.account === null ? null : BigInt(row.account)
      const lists = { markets: [...row.markets], addresses: [...row.addresses] }
      const expiresAt = row.expiresAt === null ? null : BigInt(row.expiresAt)
      const times = { createdAt: BigInt(row.createdAt), expiresAt }
      const data = { ...row, ...lists, ...times, scopes: [...row.scopes], account }
      const { number } = await prisma.apiKey.create({ data, select: { number: true } })
      return Number(number)
    },
    liveKeys: async () => (await prisma.apiKey.findMany({ where: { revokedAt: null } })).map(toKey),
    keysOf: async (userId) => {
      const orderBy = [{ createdAt: 'desc' }, { id: 'asc' }] as const
      const where = { userId, revokedAt: null }
      return (await prisma.apiKey.findMany({ where, orderBy: [...orderBy] })).map(toKey)
    },
    revokeKey: async (id, now) => {
      const where = { id, revokedAt: null }
      await prisma.apiKey.updateMany({ where, data: { revokedAt: BigInt(now) } })
    },
    purgeKeys: async (before) => {
      const past = { lt: BigInt(before) }
      await prisma.apiKey.deleteMany({ where: { OR: [{ revokedAt: past }, { expiresAt: past }] } })
    },
  }
}

type SigningMethods = 'signingKeys' | 'insertSigningKey' | 'retireSigningKeys'

const SIGNING_KEYS = `SELECT kid, sealed, public_key AS "publicKey",
    created_at::float8 AS "createdAt", active_at::float8 AS "activeAt",
    retired_at::float8 AS "retiredAt"
  FROM records.signing_keys ORDER BY active_at, kid`

function signingRows(pool: Pool): Pick<AuthStore, SigningMethods> {
  return {
    signingKeys: async () => (await pool.query<SigningKeyRow>(SIGNING_KEYS)).rows,
    insertSigningKey: async ({ kid, sealed, publicKey, createdAt, activeAt }) => {
      await pool.query(
        `INSERT INTO records.signing_keys (kid, sealed, public_key, created_at, active_at)
          VALUES ($1, $2, $3, $4, $5)`,
        [kid, sealed, publicKey, createdAt, activeAt],
      )
    },
    retireSigningKeys: async (but, now) => {
      await pool.query(
        'UPDATE records.signing_keys SET retired_at = $2 WHERE kid <> $1 AND retired_at IS NULL',
        [but, now],
      )
    },
  }
}

type StoredUser = NonNullable<Awaited<ReturnType<Prisma['user']['findUnique']>>>
type StoredSession = NonNullable<Awaited<ReturnType<Prisma['session']['findUnique']>>>
type StoredKey = NonNullable<Awaited<ReturnType<Prisma['apiKey']['findUnique']>>>

function toUser(row: StoredUser | null): UserRow | undefined {
  if (row === null) return undefined
  const { id, email, passwordHash, capabilities, totp } = row
  const status = row.status === 'active' ? 'active' : 'pending'
  const account = row.account === null ? null : Number(row.account)
  const createdAt = Number(row.createdAt)
  const verifiedAt = row.verifiedAt === null ? null : Number(row.verifiedAt)
  const totpSince = row.totpSince === null ? null : Number(row.totpSince)
  const proofs = { verifiedAt, totp, totpSince }
  return { id, email, passwordHash, capabilities, status, account, createdAt, ...proofs }
}

function toSession(row: StoredSession): SessionRow {
  const { id, userId, device, userAgent } = row
  const createdAt = Number(row.createdAt)
  const lastUsedAt = Number(row.lastUsedAt)
  return { id, userId, device, userAgent, createdAt, lastUsedAt, expiresAt: Number(row.expiresAt) }
}

function toKey(row: StoredKey): KeyRow {
  const { id, userId, name, secret, publicKey, markets, addresses } = row
  const account = row.account === null ? null : Number(row.account)
  // Codec: the column holds only what insertKey wrote.
  const scopes = row.scopes as KeyScope[]
  const expiresAt = row.expiresAt === null ? null : Number(row.expiresAt)
  const limits = { publicKey, markets, addresses, expiresAt }
  const numbers = { createdAt: Number(row.createdAt), number: Number(row.number) }
  return { id, userId, name, scopes, account, secret, ...limits, ...numbers }
}

// Sessions: signing in, staying in, getting out.
//
// Revoking takes effect in memory before the row is written, and a session that lost a race with
// its own revoking gets no token. The user's oldest session makes room for a new one.

import { createHash, randomUUID } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { REFRESH_TOKEN_US, SESSIONS_MAX, SESSIONS_PER_USER_MAX, USER_AGENT_MAX } from './limits.ts'
import { enterSession, type Live, type LiveUser, leaveSession } from './live.ts'
import type { Auth, Tokens } from './port.ts'
import { createRefreshTokens } from './refresh-tokens.ts'
import type { AuthStore, SessionRow } from './store.ts'
import type { AccessTokens } from './tokens.ts'

type PublicSessions = Pick<Auth, 'refresh' | 'logout' | 'listSessions' | 'revokeSession'>

export type Sessions = PublicSessions & {
  /** A new session for someone who has proved who they are. */
  begin(user: LiveUser, userAgent: string): Promise<Result<Tokens>>
}

export type SessionsDeps = {
  readonly live: Live
  readonly store: Pick<
    AuthStore,
    'insertSession' | 'sessionsOf' | 'revokeSession' | 'rotate' | 'findToken'
  >
  readonly accessTokens: AccessTokens
  readonly refreshKey: Uint8Array
  readonly now: () => number
}

export function createSessions(deps: SessionsDeps): Sessions {
  const { live, store, accessTokens, now } = deps
  const revoke = async (sessionId: string): Promise<void> => {
    leaveSession(live, sessionId)
    await store.revokeSession(sessionId, now())
  }
  const refreshTokens = createRefreshTokens({ store, key: deps.refreshKey, revokeSession: revoke })

  const refresh: Sessions['refresh'] = async ({ refreshToken, userAgent }) => {
    const use = { token: refreshToken, device: deviceOf(userAgent), now: now() }
    const rotated = await refreshTokens.rotate(use)
    if (!rotated.ok) return rotated
    const { sessionId, ...successor } = rotated.value
    const session = live.sessions.get(sessionId)
    if (session === undefined) return refuse('auth.invalid')
    session.lastUsedAt = use.now
    session.expiresAt = successor.refreshExpiresAt
    const { userId } = session.principal
    const issued = await accessTokens.issue({ userId, sessionId, now: use.now })
    return accept({ ...issued, ...successor })
  }

  return {
    begin: async (user, userAgent) => {
      if (live.sessions.size >= SESSIONS_MAX) return refuse('capacity.exhausted')
      const oldest = user.sessions.size < SESSIONS_PER_USER_MAX ? undefined : longestUnused(user)
      if (oldest !== undefined) await revoke(oldest)
      const first = refreshTokens.first()
      const row = newSession(user, userAgent, now())
      await store.insertSession(row, first.hash)
      enterSession(live, user, row)
      const claims = { userId: user.id, sessionId: row.id, now: row.createdAt }
      const issued = await accessTokens.issue(claims)
      return accept({ ...issued, refreshToken: first.token, refreshExpiresAt: row.expiresAt })
    },
    refresh,
    logout: async (refreshToken) => {
      const sessionId = await refreshTokens.sessionOf(refreshToken)
      if (sessionId !== undefined) await revoke(sessionId)
    },
    listSessions: async (userId) => {
      const rows = await store.sessionsOf(userId, now())
      return rows.map(({ id, userAgent, createdAt, lastUsedAt }) => {
        return { id, userAgent, createdAt, lastUsedAt }
      })
    },
    revokeSession: async ({ userId, sessionId }) => {
      if (live.sessions.get(sessionId)?.principal.userId !== userId) return refuse('not_found')
      await revoke(sessionId)
      return accept(null)
    },
  }
}

function newSession(user: LiveUser, userAgent: string, now: number): SessionRow {
  return {
    id: randomUUID(),
    userId: user.id,
    device: deviceOf(userAgent),
    // Shown to people: printable ASCII only, and not more than they can read.
    userAgent: userAgent.replace(/[^\x20-\x7e]/g, '?').slice(0, USER_AGENT_MAX),
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + REFRESH_TOKEN_US,
  }
}

function deviceOf(userAgent: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(userAgent).digest())
}

function longestUnused(user: LiveUser): string | undefined {
  const sessions = [...user.sessions.values()].sort((a, b) => a.lastUsedAt - b.lastUsedAt)
  return sessions[0]?.id
}

// The service behind auth's port: put together from its parts, loaded before the first request.
//
// Nobody gets in before memory mirrors the database. An unknown e-mail and a wrong password cost
// the same time and get the same answer. Refusals are values; a database that fails throws.

import { randomBytes, randomUUID } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Vault } from '#platform/vault/port.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import { createApiKeys } from './api-keys.ts'
import { canonicalEmail } from './email.ts'
import { CHANGES_POLL_MS, PASSWORD_MAX, PASSWORD_MIN, PURGE_EVERY_MS } from './limits.ts'
import {
  createLive,
  enterKey,
  enterSession,
  enterUser,
  type Live,
  leaveSession,
  setCapabilities,
} from './live.ts'
import { createLoginFailures } from './login-failures.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import type { Auth, Credentials, Principal, User } from './port.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'
import type { AuthStore, UserRow } from './store.ts'
import { type AccessTokens, createAccessTokens } from './tokens.ts'

export type AuthDeps = {
  readonly store: AuthStore
  readonly vault: Vault
  /** Opens the main account of a user in the engine; idempotent; the account's id. */
  readonly openAccount: (userId: string) => Promise<Result<number>>
  /** Whether an account is that main account or one of its sub-accounts. */
  readonly ownsAccount: (main: number, account: number) => boolean
  /** Microseconds since 1970. */
  readonly now: () => number
  readonly log?: (line: string) => void
}

/** Grants may be committed in another order than their instants; reading some again is harmless. */
const OVERLAP_US = 10_000_000

/** Loads users, sessions and keys. */
export async function createAuth(deps: AuthDeps): Promise<Auth> {
  const { store, vault, now, log = () => {} } = deps
  const signingKeys = await createSigningKeys({ store, vault }, now())
  const accessTokens = createAccessTokens(signingKeys)
  const refreshKey = await vault.secret('refresh', () => randomBytes(32).toString('base64url'))
  const live = createLive()
  await load(live, { store, vault, now: now() })
  const accounts = createAccounts({ live, ...deps })
  const sessions = createSessions({
    live,
    store,
    accessTokens,
    refreshKey: Buffer.from(refreshKey, 'base64url'),
    now,
  })
  const { refresh, logout, listSessions, revokeSession } = sessions
  const upkeep = startUpkeep({ live, store, now, log, signingKeys, accessTokens })
  return {
    ...signIn({ store, accounts, sessions, passwords: createPasswords(), now }),
    ...createApiKeys({ live, store, vault, ownsAccount: deps.ownsAccount, now }),
    refresh,
    logout,
    listSessions,
    revokeSession,
    findUser: async (userId) => {
      const row = await store.findUser(userId)
      return row === undefined ? undefined : toUser(row)
    },
    publicKeys: () => signingKeys.published(now()),
    verifyToken: (token) => {
      const checked = accessTokens.verify(token, now())
      if (!(checked instanceof Promise)) return principalOf(live, checked, now())
      return checked.then((result) => principalOf(live, result, now()))
    },
    isLive: (principal) => isLive(live, principal, now()),
    reconcile: accounts.reconcile,
    close: upkeep.stop,
  }
}

type LoadDeps = {
  readonly store: AuthStore
  readonly vault: Vault
  readonly now: number
}

async function load(live: Live, { store, vault, now }: LoadDeps): Promise<void> {
  for (const row of await store.activeUsers()) enterUser(live, row)
  for (const row of await store.liveSessions(now)) {
    const user = live.users.get(row.userId)
    if (user !== undefined) enterSession(live, user, row)
  }
  for (const row of await store.liveKeys()) {
    const user = live.users.get(row.userId)
    if (user !== undefined) enterKey(live, user, row, await vault.open(row.id, row.secret))
  }
}

type SignInDeps = {
  readonly store: AuthStore
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly now: () => number
}

function signIn(deps: SignInDeps): Pick<Auth, 'register' | 'login'> {
  const { store, accounts, sessions, passwords, now } = deps
  const failures = createLoginFailures()
  return {
    register: async (input) => {
      const email = canonicalEmail(input.email)
      if (email === undefined) return refuse('request.malformed', { field: 'email' })
      if (!isPassword(input.password)) return refuse('request.malformed', { field: 'password' })
      const hashed = await passwords.hash(input.password)
      if (!hashed.ok) return hashed
      const row = await store.insertUser(newUser(email, hashed.value, now()))
      if (row === undefined) return refuse('auth.email_taken')
      const activated = await accounts.activate(row)
      return activated.ok ? accept(toUser(row)) : activated
    },
    login: async (input) => {
      const email = canonicalEmail(input.email)
      if (email === undefined || !isPassword(input.password)) return refuse('auth.invalid')
      const waitUs = failures.waitUs(email, now())
      if (waitUs > 0) return refuse('rate.limited', { retryAfter: Math.ceil(waitUs / 1_000_000) })
      // Counted before the work is done, so that many guesses at once do not slip through.
      failures.failed(email, now())
      const row = await store.findUserByEmail(email)
      const fits = await passwords.verify(row?.passwordHash, input.password)
      if (!fits.ok) return fits
      if (!fits.value || row === undefined) return refuse('auth.invalid')
      failures.succeeded(email)
      const user = await accounts.activate(row)
      return user.ok ? sessions.begin(user.value, input.userAgent) : user
    },
  }
}

function isPassword(password: Credentials['password']): boolean {
  const isLong = password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX
  return isLong && password.isWellFormed()
}

function newUser(email: string, passwordHash: string, now: number): UserRow {
  const id = randomUUID()
  const capabilities = ['trader']
  return { id, email, passwordHash, capabilities, status: 'pending', account: null, createdAt: now }
}

function toUser({ id, email, createdAt }: UserRow): User {
  return { id, email, createdAt }
}

function principalOf(
  live: Live,
  checked: Result<{ readonly sessionId: string }>,
  now: number,
): Result<Principal> {
  if (!checked.ok) return checked
  const session = live.sessions.get(checked.value.sessionId)
  if (session === undefined || session.expiresAt <= now) return refuse('auth.invalid')
  return accept(session.principal)
}

function isLive(live: Live, { sessionId, keyId }: Principal, now: number): boolean {
  if (keyId !== undefined) return live.keys.has(keyId)
  return (live.sessions.get(sessionId ?? '')?.expiresAt ?? 0) > now
}

type UpkeepDeps = {
  readonly live: Live
  readonly store: AuthStore
  readonly now: () => number
  readonly log: (line: string) => void
  readonly signingKeys: SigningKeys
  readonly accessTokens: AccessTokens
}

/** Follows what the command line changed and forgets what has expired. */
function startUpkeep(deps: UpkeepDeps): { stop(): Promise<void> } {
  const { live, store, now, log } = deps
  const seen = { changedAt: now(), running: Promise.resolve() }
  const follow = async (): Promise<void> => {
    for (const { id, capabilities, at } of await store.changedCapabilities(
      seen.changedAt - OVERLAP_US,
    )) {
      const user = live.users.get(id)
      if (user !== undefined) setCapabilities(user, capabilities)
      seen.changedAt = Math.max(seen.changedAt, at)
    }
    if (await deps.signingKeys.reload()) deps.accessTokens.forget()
  }
  const purge = async (): Promise<void> => {
    for (const session of live.sessions.values()) {
      if (session.expiresAt <= now()) leaveSession(live, session.id)
    }
    await store.purge(now())
  }
  const run = (work: () => Promise<void>) => (): void => {
    seen.running = seen.running.then(work).catch((error: unknown) => {
      log(`auth upkeep failed and will be tried again: ${String(error)}`)
    })
  }
  const timers = [
    setInterval(run(follow), CHANGES_POLL_MS).unref(),
    setInterval(run(purge), PURGE_EVERY_MS).unref(),
  ]
  const stop = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer)
    await seen.running
  }
  return { stop }
}

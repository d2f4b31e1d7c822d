// The service behind auth's port: put together from its parts, loaded before the first request.
//
// Nobody gets in before memory mirrors the database. An unknown e-mail and a wrong password cost
// the same time and get the same answer. Refusals are values; a database that fails throws.

import { randomBytes } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Mailer } from '#platform/notifications/port.ts'
import type { Jobs } from '#platform/transport/port.ts'
import type { Vault } from '#platform/vault/port.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import { createApiKeys, materialOf } from './api-keys.ts'
import { calendarOf } from './calendar.ts'
import type { ChallengeStore } from './challenge-store.ts'
import { createCodes } from './codes.ts'
import { createFactorService, type FactorService } from './factor-service.ts'
import { LETTERS } from './letters.ts'
import { CHANGES_POLL_MS, PURGE_EVERY_MS } from './limits.ts'
import {
  createLive,
  enterKey,
  enterSession,
  enterUser,
  type Live,
  leaveSession,
  setCapabilities,
} from './live.ts'
import { createPasswordCheck } from './password-check.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import type { Auth, Capability, Principal } from './port.ts'
import { createPost, type Post } from './post.ts'
import { createRecovery, type Recovery } from './recovery.ts'
import { createRegistration, type Registration, toUser } from './registration.ts'
import { createSecondFactor } from './second-factor.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'
import { createStaff, type Staff } from './staff.ts'
import type { AuthRecords, AuthStore, UserRow } from './store.ts'
import { type AccessTokens, createAccessTokens } from './tokens.ts'

export type AuthDeps = {
  readonly store: AuthRecords
  readonly vault: Vault
  /** No letters are written unless given. */
  readonly mailer?: Mailer
  /** Whether an e-mail must be proven before anybody gets in; optional unless given. */
  readonly emails?: 'required' | 'optional'
  /** What somebody may do who has just registered: trade unless given. */
  readonly newcomers?: readonly Capability[]
  /** The calendar; keys are not rotated by it unless given. */
  readonly jobs?: Pick<Jobs, 'calendar'>
  /** Argon2id unless given. */
  readonly passwords?: Passwords
  /** Opens the main account of a user in the engine; idempotent; the account's id. */
  readonly openAccount: (userId: string) => Promise<Result<number>>
  /** Whether an account is that main account or one of its sub-accounts. */
  readonly ownsAccount: (main: number, account: number) => boolean
  /** Whether there is such a market; every one unless given. */
  readonly hasMarket?: (symbol: string) => boolean
  /** Microseconds since 1970. */
  readonly now: () => number
  readonly log?: (line: string) => void
}

const NEWCOMERS: readonly Capability[] = ['trader']

const NOBODY_WRITES: Mailer = { send: async () => {} }

/** Grants may be committed in another order than their instants; reading some again is harmless. */
const OVERLAP_US = 10_000_000

/** Loads users, sessions and keys. */
export async function createAuth(deps: AuthDeps): Promise<Auth> {
  const { store, vault, now, log = () => {} } = deps
  const signingKeys = await createSigningKeys({ store, vault }, now())
  const accessTokens = createAccessTokens(signingKeys)
  const refreshKey = await secretKey(vault, 'refresh')
  const live = createLive()
  await load(live, { store, vault, now: now() })
  const accounts = createAccounts({ live, ...deps })
  const sessions = createSessions({ live, store, accessTokens, refreshKey, now })
  const post = createPost({ store, mailer: deps.mailer ?? NOBODY_WRITES, now, log })
  const key = await secretKey(vault, 'codes')
  const upkeep = startUpkeep({ live, store, now, log, signingKeys, accessTokens })
  for (const entry of calendarOf({ store, signingKeys, now })) deps.jobs?.calendar(entry)
  const { refresh, logout, listSessions, revokeSession } = sessions
  return {
    ...createIdentity({ ...deps, live, accounts, sessions, post, key }),
    ...createApiKeys({ ...deps, live }),
    ...{ refresh, logout, listSessions, revokeSession },
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
    idle: post.idle,
    close: async () => {
      await upkeep.stop()
      await post.idle()
    },
  }
}

async function secretKey(vault: Vault, name: string): Promise<Buffer> {
  const text = await vault.secret(name, () => randomBytes(32).toString('base64url'))
  return Buffer.from(text, 'base64url')
}

type IdentityDeps = AuthDeps & {
  readonly live: Live
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly post: Post
  /** Of the HMACs under which codes are kept. */
  readonly key: Uint8Array
}

type Identity = Registration & SignIn & Recovery & FactorService & Staff

/** Everything that proves who somebody is. */
function createIdentity(deps: IdentityDeps): Identity {
  const { live, post, sessions } = deps
  const { passwords = createPasswords() } = deps
  const onLocked = ({ email }: UserRow) => post.notice(email, LETTERS.locked())
  const parts = {
    ...{ emails: 'optional' as const, newcomers: NEWCOMERS, ...deps, passwords },
    codes: createCodes(deps),
    passwordCheck: createPasswordCheck({ ...deps, passwords, onLocked }),
    secondFactor: createSecondFactor({ ...deps, onLocked }),
    endSessions: async (userId: string, but?: string) => {
      for (const { id } of [...(live.users.get(userId)?.sessions.values() ?? [])]) {
        if (id !== but) await sessions.revokeSession({ userId, sessionId: id })
      }
    },
  }
  return {
    ...createRegistration(parts),
    ...createSignIn(parts),
    ...createRecovery(parts),
    ...createFactorService(parts),
    ...createStaff(parts),
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
    if (user !== undefined) enterKey(live, user, row, await materialOf(row, vault))
  }
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
  if (keyId !== undefined) return (live.keys.get(keyId)?.expiresAt ?? 0) > now
  return (live.sessions.get(sessionId ?? '')?.expiresAt ?? 0) > now
}

type UpkeepDeps = {
  readonly live: Live
  readonly store: AuthStore & Pick<ChallengeStore, 'purgeChallenges'>
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
    await store.purgeChallenges(now())
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

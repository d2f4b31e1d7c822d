// Session: who is signed in. The access token lives in memory only; the refresh token is a cookie
// that no script can read.
//
// The browser remembers one bit, that somebody signed in here, so that a stranger's first visit
// asks for nothing. A token is renewed well before it expires; when that is refused, the session
// is over and says so.

import { computed, type Signal, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { Account, Tokens } from '#client/shapes.ts'
import type { Notices } from './notices.ts'

export type SessionUser = {
  readonly email: string
  readonly account: number
  readonly capabilities: readonly string[]
}

export type SessionDeps = {
  readonly client: Client
  readonly token: Signal<string | undefined>
  readonly storage: Storage
  readonly notices: Notices
}

export type Session = ReturnType<typeof createSession>
type Credentials = { readonly email: string; readonly password: string }
type Run = SessionDeps & {
  readonly user: Signal<SessionUser | null>
  readonly state: Signal<SessionState>
  readonly renewal: { timer: ReturnType<typeof setTimeout> | undefined }
}

/** 'starting' until the first refresh has been answered. */
export type SessionState = 'starting' | 'signed-out' | 'signed-in'

const REMEMBERED = 'crossbook.signed-in'
const RENEW_AT_SHARE = 0.7
const RETRY_MS = 5_000

export function createSession(deps: SessionDeps) {
  const run: Run = {
    ...deps,
    user: signal(null),
    state: signal('starting'),
    renewal: { timer: undefined },
  }
  if (deps.storage.getItem(REMEMBERED) === null) run.state.value = 'signed-out'
  else void renew(run)
  return {
    user: run.user,
    state: run.state,
    isSignedIn: computed(() => run.user.value !== null),
    signIn: (credentials: Credentials) => signIn(run, credentials),
    register: async (credentials: Credentials) => {
      const registered = await deps.client.register(credentials)
      return registered.kind === 'done' ? signIn(run, credentials) : registered
    },
    signOut: async () => {
      await deps.client.logout()
      forget(run)
    },
    renew: () => renew(run),
  }
}

async function signIn(run: Run, credentials: Credentials): Promise<Outcome<unknown>> {
  const outcome = await run.client.login({ ...credentials, refresh: 'cookie' })
  if (outcome.kind !== 'done') return outcome
  const { accessToken, expiresAt } = outcome.value
  if (accessToken !== undefined && expiresAt !== undefined) {
    await enter(run, { accessToken, expiresAt })
  }
  return outcome
}

async function renew(run: Run): Promise<void> {
  const outcome = await run.client.refresh()
  if (outcome.kind === 'done') return enter(run, outcome.value)
  if (outcome.kind === 'refused' && outcome.status === 401) {
    if (run.user.value !== null) run.notices.say('Your session has ended; sign in again.', 'bad')
    return forget(run)
  }
  renewIn(run, RETRY_MS)
}

async function enter(run: Run, { accessToken, expiresAt }: Tokens): Promise<void> {
  run.token.value = accessToken
  run.storage.setItem(REMEMBERED, 'yes')
  renewIn(run, (expiresAt / 1_000 - Date.now()) * RENEW_AT_SHARE)
  if (run.user.value !== null) return
  const me = await run.client.me()
  if (me.kind !== 'done') return forget(run)
  const { user, accounts, capabilities } = me.value
  const account = accounts.find(({ kind }: Account) => kind === 'main') ?? accounts[0]
  run.user.value = { email: user.email, account: account?.id ?? 0, capabilities }
  run.state.value = 'signed-in'
}

function renewIn(run: Run, delayMs: number): void {
  clearTimeout(run.renewal.timer)
  run.renewal.timer = setTimeout(() => void renew(run), Math.max(delayMs, 1_000))
}

function forget(run: Run): void {
  clearTimeout(run.renewal.timer)
  run.storage.removeItem(REMEMBERED)
  run.token.value = undefined
  run.user.value = null
  run.state.value = 'signed-out'
}

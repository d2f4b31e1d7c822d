// Session: who is signed in. The access token lives in memory only; the refresh token is a cookie
// that no script can read.
//
// The browser remembers one bit, that somebody signed in here, so that a stranger's first visit
// asks for nothing. A token is renewed well before it expires; when that is refused, the session
// is over and says so.

import { computed, type Signal, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { Account, SecondStep, Tokens } from '#client/shapes.ts'
import type { Notices } from './notices.ts'

export type SessionUser = {
  readonly email: string
  readonly verified: boolean
  readonly secondFactor: boolean
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

/** What is asked for before somebody is in. */
export type Step =
  | { readonly kind: 'confirm'; readonly id: string; readonly credentials: Credentials }
  | { readonly kind: 'second'; readonly id: string; readonly by: SecondStep['by'] }

type Run = SessionDeps & {
  readonly user: Signal<SessionUser | null>
  readonly state: Signal<SessionState>
  readonly step: Signal<Step | null>
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
    step: signal(null),
    renewal: { timer: undefined },
  }
  if (deps.storage.getItem(REMEMBERED) === null) run.state.value = 'signed-out'
  else void renew(run)
  return {
    ...{ user: run.user, state: run.state, step: run.step },
    isSignedIn: computed(() => run.user.value !== null),
    signIn: (credentials: Credentials) => signIn(run, credentials),
    register: (credentials: Credentials) => register(run, credentials),
    forgetStep: () => {
      run.step.value = null
    },
    /** Answers the step that is asked for. */
    answer: (step: Step, code: string) => answer(run, step, code),
    signOut: async () => {
      await deps.client.logout()
      forget(run)
    },
    renew: () => renew(run),
    /** Reads again what the platform knows of the user. */
    look: () => look(run),
  }
}

async function signIn(run: Run, credentials: Credentials): Promise<Outcome<unknown>> {
  const outcome = await run.client.login({ ...credentials, refresh: 'cookie' })
  if (outcome.kind !== 'done') return outcome
  const { accessToken, expiresAt, secondStep } = outcome.value
  if (secondStep !== undefined) run.step.value = { kind: 'second', ...secondStep }
  else if (accessToken !== undefined && expiresAt !== undefined) {
    await enter(run, { accessToken, expiresAt })
  }
  return outcome
}

/** Where the account is there at once its e-mail is proven later, from the menu. */
async function register(run: Run, credentials: Credentials): Promise<Outcome<unknown>> {
  const registered = await run.client.register(credentials)
  if (registered.kind !== 'done') return registered
  const { user, verification } = registered.value
  if (user !== undefined) {
    run.notices.say('A code to confirm your e-mail was mailed: menu, Security.')
    return signIn(run, credentials)
  }
  run.step.value = { kind: 'confirm', id: verification.id, credentials }
  return registered
}

async function answer(run: Run, step: Step, code: string): Promise<Outcome<unknown>> {
  const { id } = step
  if (step.kind === 'confirm') {
    const confirmed = await run.client.confirmEmail({ id, code })
    if (confirmed.kind !== 'done') return confirmed
    run.step.value = null
    return signIn(run, step.credentials)
  }
  const { by } = step
  const outcome = await run.client.secondStep({ id, code, by, refresh: 'cookie' })
  if (outcome.kind !== 'done') return outcome
  run.step.value = null
  await enter(run, outcome.value)
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
  if (run.user.value === null) await look(run)
}

async function look(run: Run): Promise<void> {
  const me = await run.client.me()
  if (me.kind !== 'done') return run.user.value === null ? forget(run) : undefined
  const { user, accounts, capabilities } = me.value
  const account = accounts.find(({ kind }: Account) => kind === 'main') ?? accounts[0]
  const { email, verified, secondFactor } = user
  run.user.value = { email, verified, secondFactor, account: account?.id ?? 0, capabilities }
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

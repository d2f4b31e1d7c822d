// Signing up and in: users, sessions, keys and capabilities over a real database and restarts.

import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { after, test } from 'node:test'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { grantCapability } from '#platform/auth/grant.ts'
import {
  LOGIN_FAILURES_FREE,
  REFRESH_TOKEN_US,
  SESSIONS_PER_USER_MAX,
} from '#platform/auth/limits.ts'
import type { Auth, Principal } from '#platform/auth/port.ts'
import { createAuth } from '#platform/auth/service.ts'
import { sign } from '#platform/auth/signature.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { createVaultStore } from '#platform/vault/store.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { memoryVault } from '../support/memory-vault.ts'

const PASSWORD = 'correct horse battery'
const database = await temporaryDatabase()
const vault = await memoryVault(createVaultStore(database))
const store = createAuthStore(database)

/** The engine's side: an account per user, and a switch to make it refuse. */
const engine = { accounts: new Map<string, number>(), refuses: false, opened: 0 }
const clock = { us: 1_700_000_000_000_000 }
const started: Auth[] = []
after(() => Promise.all(started.map((auth) => auth.close())))

async function openAccount(userId: string): Promise<Result<number>> {
  engine.opened += 1
  if (engine.refuses) return refuse('capacity.exhausted')
  const account = engine.accounts.get(userId) ?? 16 + engine.accounts.size
  engine.accounts.set(userId, account)
  return accept(account)
}

/** A platform's auth that has just started on the database. */
async function start(): Promise<Auth> {
  const now = () => clock.us
  const ownsAccount = (main: number, account: number) => main === account
  const auth = await createAuth({ store, vault, openAccount, ownsAccount, now })
  started.push(auth)
  return auth
}

const auth = await start()

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.code
}

function accepted<T>(result: Result<T>): T {
  assert.ok(result.ok, codeOf(result))
  return result.value
}

async function signUp(email: string): Promise<string> {
  return accepted(await auth.register({ email, password: PASSWORD })).id
}

async function signIn(email: string, to: Auth = auth) {
  const signedIn = accepted(await to.login({ email, password: PASSWORD, userAgent: 'test' }))
  assert.ok('accessToken' in signedIn, 'no second step is asked for')
  return signedIn
}

async function principalBy(token: string, at: Auth = auth): Promise<Principal> {
  return accepted(await at.verifyToken(token))
}

test('whoever registers can sign in, as a trader with the account that was opened', async () => {
  const userId = await signUp('Ada@Example.com')
  const { accessToken, expiresAt } = await signIn('ada@example.com')
  assert.equal(Math.round((expiresAt - clock.us) / 60_000_000), 10)
  const principal = await principalBy(accessToken)
  assert.equal(principal.userId, userId)
  assert.equal(principal.account, engine.accounts.get(userId))
  assert.deepEqual([...principal.capabilities], ['trader'])
  assert.deepEqual([...principal.scopes].sort(), [
    'deploy',
    'read',
    'rebalance',
    'session',
    'trade',
    'withdraw',
  ])
  assert.deepEqual(await auth.findUser(userId), {
    id: userId,
    email: 'ada@example.com',
    createdAt: clock.us,
    verified: true,
    secondFactor: false,
  })
})

test('an e-mail registers once, in whatever spelling, also when two ask at once', async () => {
  const both = await Promise.all(
    ['Bob@b.c', 'bob@B.c'].map((email) => auth.register({ email, password: PASSWORD })),
  )
  assert.deepEqual(both.map(codeOf).sort(), ['accepted', 'auth.email_taken'])
})

test('no e-mail, a password that is too short or too long or broken: malformed', async () => {
  for (const [email, password] of [
    ['no-address', PASSWORD],
    ['a@b.c', 'short'],
    ['a@b.c', 'x'.repeat(129)],
    ['a@b.c', `${PASSWORD}\ud800`],
  ] as const) {
    assert.equal(codeOf(await auth.register({ email, password })), 'request.malformed', email)
  }
})

test('an unknown e-mail and a wrong password get the same answer after the same work', async () => {
  await signUp('carol@b.c')
  const attempt = async (email: string) => {
    const from = performance.now()
    const result = await auth.login({ email, password: 'wrong password', userAgent: 'test' })
    return { result, ms: performance.now() - from }
  }
  const [known, unknown] = [await attempt('carol@b.c'), await attempt('nobody@b.c')]
  assert.deepEqual(known.result, { ok: false, code: 'auth.invalid' })
  assert.deepEqual(unknown.result, known.result)
  // Argon2id takes 50 ms and more on any machine; without it the answer comes in one.
  assert.ok(unknown.ms > 20, `an unknown e-mail was refused after ${unknown.ms} ms`)
})

test('a password may be typed in another normal form', async () => {
  const register = { email: 'erin@b.c', password: 'pâsswörd-nfc'.normalize('NFD') }
  accepted(await auth.register(register))
  const login = { email: 'erin@b.c', password: register.password.normalize('NFC') }
  assert.equal(codeOf(await auth.login({ ...login, userAgent: '' })), 'accepted')
})

test('after some wrong passwords an e-mail has to wait, whether it is known or not', async () => {
  for (const email of ['unknown@b.c', 'dave@b.c']) {
    if (email === 'dave@b.c') await signUp(email)
    const attempt = (password: string) => auth.login({ email, password, userAgent: '' })
    const wrong = Array.from({ length: LOGIN_FAILURES_FREE }, () => attempt('wrong password'))
    for (const result of await Promise.all(wrong)) assert.equal(codeOf(result), 'auth.invalid')
    const refused = { ok: false, code: 'rate.limited', details: { retryAfter: 1 } }
    assert.deepEqual(await attempt(PASSWORD), refused)
    clock.us += 1_000_001
    assert.equal(
      codeOf(await attempt(PASSWORD)),
      email === 'dave@b.c' ? 'accepted' : 'auth.invalid',
    )
  }
})

test('a user whose account could not be opened is pending until the next sign-in', async () => {
  engine.refuses = true
  const register = { email: 'frank@b.c', password: PASSWORD }
  assert.equal(codeOf(await auth.register(register)), 'capacity.exhausted')
  assert.equal(codeOf(await auth.login({ ...register, userAgent: '' })), 'capacity.exhausted')
  assert.equal(codeOf(await auth.register(register)), 'auth.email_taken')
  engine.refuses = false
  assert.ok((await signIn('frank@b.c')).accessToken.length > 0)
})

test('or at the next start, once and for good', async () => {
  engine.refuses = true
  await auth.register({ email: 'grace@b.c', password: PASSWORD })
  assert.equal(await auth.reconcile(), 1)
  engine.refuses = false
  const next = await start()
  assert.equal(await next.reconcile(), 0)
  const opened = engine.opened
  assert.equal(await next.reconcile(), 0)
  assert.equal(engine.opened, opened)
  assert.equal((await store.findUserByEmail('grace@b.c'))?.status, 'active')
})

test('a revoked session is out at once, also with a token that was seen before', async () => {
  await signUp('heidi@b.c')
  const [one, two] = [await signIn('heidi@b.c'), await signIn('heidi@b.c')]
  const principal = await principalBy(one.accessToken)
  const other = await principalBy(two.accessToken)
  const { userId, sessionId = '' } = principal
  assert.equal((await auth.listSessions(userId)).length, 2)
  assert.equal(codeOf(await auth.revokeSession({ userId: 'other', sessionId })), 'not_found')
  const revoking = auth.revokeSession({ userId, sessionId })
  assert.equal(codeOf(await auth.verifyToken(one.accessToken)), 'auth.invalid')
  assert.equal(auth.isLive(principal), false)
  await revoking
  const refreshed = await auth.refresh({ refreshToken: one.refreshToken, userAgent: 'test' })
  assert.equal(codeOf(refreshed), 'auth.invalid')
  assert.deepEqual(
    (await auth.listSessions(userId)).map(({ id }) => id),
    [other.sessionId],
  )
  assert.equal(auth.isLive(other), true)
})

test('sessions, their tokens and revocations survive a restart', async () => {
  await signUp('ivan@b.c')
  const [kept, ended] = [await signIn('ivan@b.c'), await signIn('ivan@b.c')]
  await auth.logout(ended.refreshToken)
  const next = await start()
  assert.equal(codeOf(await next.verifyToken(kept.accessToken)), 'accepted')
  assert.equal(codeOf(await next.verifyToken(ended.accessToken)), 'auth.invalid')
  const use = { refreshToken: kept.refreshToken, userAgent: 'test' }
  const first = accepted(await auth.refresh(use))
  const again = accepted(await next.refresh(use))
  assert.equal(again.refreshToken, first.refreshToken, 'a lost answer is found after the restart')
})

test('the session that was used longest ago makes room for a new one', async () => {
  const userId = await signUp('judy@b.c')
  const first = await signIn('judy@b.c')
  for (let n = 1; n < SESSIONS_PER_USER_MAX; n += 1) {
    clock.us += 1
    await signIn('judy@b.c')
  }
  assert.equal(codeOf(await auth.verifyToken(first.accessToken)), 'accepted')
  clock.us += 1
  await signIn('judy@b.c')
  assert.equal(codeOf(await auth.verifyToken(first.accessToken)), 'auth.invalid')
  assert.equal((await auth.listSessions(userId)).length, SESSIONS_PER_USER_MAX)
})

test('keys survive a restart with their scopes, and revoked ones stay away', async () => {
  const userId = await signUp('ken@b.c')
  const account = engine.accounts.get(userId) ?? -1
  const make = async (name: string) =>
    accepted(await auth.createKey({ userId, name, scopes: ['read', 'trade'], account }))
  const [kept, revoked] = [await make('kept'), await make('revoked')]
  await auth.revokeKey({ userId, keyId: revoked.id })
  const next = await start()
  const verify = (key: { id: string; secret: string }, nonce: string) => {
    const timestamp = String(Math.floor(clock.us / 1_000))
    const parts = { method: 'GET', path: '/v1/me', query: '', body: '', timestamp, nonce }
    const signature = sign(createSecretKey(Buffer.from(key.secret)), parts)
    return next.verifySignature({ ...parts, keyId: key.id, signature })
  }
  const principal = accepted(verify(kept, 'n1'))
  assert.deepEqual([principal.account, principal.accountOnly], [account, account])
  assert.deepEqual([...principal.scopes], ['read', 'trade'])
  assert.equal(codeOf(verify(revoked, 'n2')), 'auth.invalid')
  const listed = await next.listKeys(userId)
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['kept'],
  )
  assert.equal('secret' in (listed[0] ?? {}), false)
})

test('a granted capability is there after the next start, and nobody else has it', async () => {
  await signUp('lena@b.c')
  const grant = (email: string, capability: string) =>
    grantCapability({ store, email, capability, now: clock.us })
  assert.deepEqual(await grant('Lena@b.c', 'operator'), accept(['operator', 'trader']))
  assert.deepEqual(await grant('lena@b.c', 'operator'), accept(['operator', 'trader']))
  assert.equal(codeOf(await grant('lena@b.c', 'god')), 'request.malformed')
  assert.equal(codeOf(await grant('none@b.c', 'operator')), 'not_found')
  const next = await start()
  const lena = await principalBy((await signIn('lena@b.c', next)).accessToken, next)
  assert.deepEqual([...lena.capabilities], ['operator', 'trader'])
  const ada = await principalBy((await signIn('ada@example.com', next)).accessToken, next)
  assert.deepEqual([...ada.capabilities], ['trader'])
})

test('a running platform notices a grant within seconds, for tokens in use, too', async (t) => {
  await signUp('mallory@b.c')
  t.mock.timers.enable({ apis: ['setInterval'] })
  const next = await start()
  const principal = await principalBy((await signIn('mallory@b.c', next)).accessToken, next)
  await grantCapability({ store, email: 'mallory@b.c', capability: 'auditor', now: clock.us })
  assert.deepEqual([...principal.capabilities], ['trader'])
  t.mock.timers.tick(5_000)
  t.mock.timers.reset()
  await next.close()
  assert.deepEqual([...principal.capabilities], ['auditor', 'trader'])
})

test('what has expired is purged and what stands is kept', async () => {
  await signUp('niaj@b.c')
  const { refreshToken } = await signIn('niaj@b.c')
  await store.purge(clock.us)
  clock.us += 1
  const use = { refreshToken, userAgent: 'test' }
  assert.equal(codeOf(await auth.refresh(use)), 'accepted')
  await store.purge(clock.us + REFRESH_TOKEN_US + 1)
  assert.equal(await database.prisma.session.count(), 0)
  assert.equal(await database.prisma.refreshToken.count(), 0)
  assert.ok((await database.prisma.user.count()) > 0)
})

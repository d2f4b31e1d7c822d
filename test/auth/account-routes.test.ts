// Accounts over HTTP, as a person uses them: the mailed code, the second factor, another password.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generate } from 'otplib'
import { call, createExchange, PASSWORD } from '../api/exchange.ts'
import { assertSameTime } from '../support/same-time.ts'

const MUCH = { perSecond: 1e6, burst: 1e6 }
const rateLimits = { address: MUCH, account: MUCH, key: MUCH }
const { app, open } = await createExchange({ serve: { rateLimits } })
const json = (answer: { readonly text: string }) => JSON.parse(answer.text)
const post = (url: string, payload: object, token?: string) =>
  call(app, 'POST', url, {
    payload,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

async function codeTo(email: string): Promise<string> {
  await open.auth.idle()
  const [mail] = await open.mailbox.list({ to: email, limit: 1 })
  return /code: ([0-9]{6})/.exec(mail?.text ?? '')?.[1] ?? assert.fail(`no code to ${email}`)
}

async function tokenOf(email: string, password = PASSWORD): Promise<string> {
  return json(await post('/v1/auth/login', { email, password })).accessToken
}

test('register, confirm by the mailed code, see it at me', async () => {
  const email = 'ada@example.com'
  const registered = await post('/v1/auth/register', { email, password: PASSWORD })
  const { id } = json(registered).verification
  assert.equal((await post('/v1/auth/register/confirm', { id, code: 'abcdef' })).status, 400)
  const code = await codeTo(email)
  const confirmed = await post('/v1/auth/register/confirm', { id, code })
  assert.deepEqual([confirmed.status, json(confirmed).user.verified], [200, true])
  const again = await post('/v1/auth/register/confirm', { id, code })
  assert.deepEqual([again.status, again.body.code], [401, 'auth.code_invalid'])
  const token = await tokenOf(email)
  const asked = await post('/v1/auth/verification', {}, token)
  assert.equal(asked.status, 202)
  const me = await call(app, 'GET', '/v1/me', { headers: { authorization: `Bearer ${token}` } })
  assert.equal(json(me).user.verified, true)
})

test('turn the second factor on, sign in by it with a cookie, turn it off again', async () => {
  const email = 'bob@example.com'
  await post('/v1/auth/register', { email, password: PASSWORD })
  const token = await tokenOf(email)
  const begun = await post('/v1/auth/totp', { password: PASSWORD }, token)
  assert.equal(begun.status, 201)
  const { secret } = json(begun)
  const at = (steps: number) =>
    generate({ secret, epoch: Math.floor(Date.now() / 1_000) + 30 * steps })
  const confirmed = await post('/v1/auth/totp/confirm', { code: await at(-1) }, token)
  const { recoveryCodes } = json(confirmed)
  assert.equal(recoveryCodes.length, 10)
  const again = await post('/v1/auth/totp', { password: PASSWORD }, token)
  assert.deepEqual([again.status, again.body.code], [409, 'auth.factor_present'])
  const login = await post('/v1/auth/login', { email, password: PASSWORD, refresh: 'cookie' })
  assert.deepEqual(Object.keys(json(login)), ['secondStep'])
  assert.equal(login.headers['set-cookie'], undefined)
  const { id, by } = json(login).secondStep
  const step = { id, by, code: await at(0), refresh: 'cookie' }
  const signedIn = await post('/v1/auth/login/second', step)
  assert.equal(signedIn.status, 200)
  assert.match(String(signedIn.headers['set-cookie']), /^crossbook_refresh=/)
  const renewed = await post(
    '/v1/auth/totp/recovery-codes',
    { password: PASSWORD, code: recoveryCodes[0] },
    token,
  )
  const [code] = json(renewed).recoveryCodes
  const removed = await post('/v1/auth/totp/remove', { password: PASSWORD, code }, token)
  assert.equal(removed.status, 204)
  assert.equal(typeof (await tokenOf(email)), 'string')
})

test('a password is reset and changed, an e-mail moves, a lock is opened', async () => {
  const email = 'carol@example.com'
  await post('/v1/auth/register', { email, password: PASSWORD })
  const asked = await post('/v1/auth/password/reset', { email })
  assert.equal(asked.status, 202)
  const password = 'another long password'
  const reset = { id: json(asked).challenge.id, code: await codeTo(email), password }
  assert.equal((await post('/v1/auth/password/reset/confirm', reset)).status, 204)
  const token = await tokenOf(email, password)
  const changed = { current: password, password: PASSWORD }
  assert.equal((await post('/v1/auth/password', changed, token)).status, 204)
  const moved = 'carol@new.example'
  const move = await post('/v1/auth/email', { email: moved, password: PASSWORD }, token)
  const answer = { id: json(move).challenge.id, code: await codeTo(moved) }
  assert.equal((await post('/v1/auth/email/confirm', answer, token)).status, 204)
  const unlock = await post('/v1/auth/unlock', { email: moved })
  const opened = { id: json(unlock).challenge.id, code: await codeTo(moved) }
  assert.equal((await post('/v1/auth/unlock/confirm', opened)).status, 204)
  assert.equal(typeof (await tokenOf(moved)), 'string')
})

test('known and unknown e-mails are answered in the same time, within a tenth', async () => {
  await post('/v1/auth/register', { email: 'known@example.com', password: PASSWORD })
  const ask = async (which: 0 | 1, n: number): Promise<void> => {
    const email = which === 0 ? 'known@example.com' : `unknown${n}@example.com`
    assert.equal((await post('/v1/auth/unlock', { email })).status, 202)
  }
  // What is done behind an answer is over before the next one is asked for.
  await assertSameTime('known and unknown e-mails', ask, open.auth.idle)
})

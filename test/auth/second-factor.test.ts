// The second factor: asked for, used once, never guessed, and replaced by recovery codes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CODE_TRIES_MAX, FACTOR_FAILURES_PER_DAY, RECOVERY_CODES } from '#platform/auth/limits.ts'
import type { SecondStep } from '#platform/auth/port.ts'
import {
  accepted,
  codeOf,
  DAY,
  identityBench,
  otherThan,
  PASSWORD,
  type Person,
  totp,
} from './identity-bench.ts'

const STEP = 30_000_000
const bench = await identityBench()
const { clock } = bench
const person = await bench.start('optional')
const { auth } = person

async function stepOf({ login }: Person, email: string): Promise<SecondStep> {
  const step = accepted(await login(email))
  assert.ok('by' in step)
  return step
}

const answer = (step: SecondStep, code: string) =>
  auth.secondStep({ id: step.id, by: step.by, code, userAgent: 'test' })

test('once it is confirmed it is asked for at every sign-in', async () => {
  const userId = await person.signUp('ada@b.c')
  const { secret, uri } = accepted(await auth.beginFactor({ userId, password: PASSWORD }))
  assert.match(uri, /^otpauth:\/\/totp\/Crossbook:ada%40b\.c\?secret=/)
  await person.signIn('ada@b.c')
  const wrong = otherThan(await totp(secret, clock.us))
  assert.equal(codeOf(await auth.confirmFactor({ userId, code: wrong })), 'auth.code_invalid')
  const code = await totp(secret, clock.us)
  const codes = accepted(await auth.confirmFactor({ userId, code }))
  assert.equal(new Set(codes).size, RECOVERY_CODES)
  const step = await stepOf(person, 'ada@b.c')
  assert.equal(step.by, 'authenticator')
  clock.us += STEP
  assert.equal(codeOf(await answer(step, await totp(secret, clock.us))), 'accepted')
  assert.equal((await auth.findUser(userId))?.secondFactor, true)
  const again = await auth.beginFactor({ userId, password: PASSWORD })
  assert.equal(codeOf(again), 'auth.factor_present')
})

test('one time step is good for one use, also when two ask at once', async () => {
  const userId = await person.signUp('bob@b.c')
  const { secret } = await person.addFactor(userId)
  const [one, two] = [await stepOf(person, 'bob@b.c'), await stepOf(person, 'bob@b.c')]
  assert.equal(codeOf(await answer(one, await totp(secret, clock.us))), 'auth.code_invalid')
  clock.us += STEP
  const code = await totp(secret, clock.us)
  const both = await Promise.all([answer(one, code), answer(two, code)])
  assert.deepEqual(both.map(codeOf).sort(), ['accepted', 'auth.code_invalid'])
  clock.us += STEP
  const third = await stepOf(person, 'bob@b.c')
  assert.equal(codeOf(await answer(third, code)), 'auth.code_invalid', 'an older step')
})

test('the clock of an authenticator may be one step off and no more', async () => {
  const userId = await person.signUp('carol@b.c')
  const { secret } = await person.addFactor(userId)
  clock.us += 10 * STEP
  const at = async (steps: number) =>
    codeOf(
      await answer(await stepOf(person, 'carol@b.c'), await totp(secret, clock.us + steps * STEP)),
    )
  assert.equal(await at(-2), 'auth.code_invalid')
  assert.equal(await at(2), 'auth.code_invalid')
  assert.equal(await at(-1), 'accepted')
  assert.equal(await at(1), 'accepted')
  assert.equal(await at(0), 'auth.code_invalid', 'older than one that was used')
})

test('a recovery code lets in once, and new ones replace all', async () => {
  const userId = await person.signUp('dave@b.c')
  const { secret, recoveryCodes } = await person.addFactor(userId)
  const [first = '', second = ''] = recoveryCodes
  const login = async (code: string) => codeOf(await answer(await stepOf(person, 'dave@b.c'), code))
  assert.equal(await login(first), 'accepted')
  assert.equal(await login(first), 'auth.code_invalid')
  assert.equal(await login(second.toUpperCase()), 'auth.code_invalid')
  clock.us += STEP
  const proof = { userId, password: PASSWORD, code: await totp(secret, clock.us) }
  const [renewed = ''] = accepted(await auth.renewCodes(proof))
  assert.equal(await login(second), 'auth.code_invalid')
  assert.equal(await login(renewed), 'accepted')
})

test('removing it takes the password and a code, and then a password is enough', async () => {
  const userId = await person.signUp('erin@b.c')
  const { recoveryCodes } = await person.addFactor(userId)
  const [code = ''] = recoveryCodes
  const remove = (proof: { password: string; code: string }) =>
    auth.removeFactor({ userId, ...proof })
  assert.equal(codeOf(await remove({ password: 'wrong password', code })), 'auth.invalid')
  assert.equal(codeOf(await remove({ password: PASSWORD, code: '000000' })), 'auth.code_invalid')
  assert.equal(codeOf(await remove({ password: PASSWORD, code })), 'accepted')
  await person.signIn('erin@b.c')
  const subjects = (await person.lettersTo('erin@b.c')).map(({ subject }) => subject)
  assert.deepEqual(subjects, ['Your second factor was changed', 'Your second factor was changed'])
})

test('five tries a step, ten failures a day: then it is locked and the owner told', async () => {
  const userId = await person.signUp('frank@b.c')
  const { secret } = await person.addFactor(userId)
  clock.us += STEP
  const right = await totp(secret, clock.us)
  const step = await stepOf(person, 'frank@b.c')
  for (let n = 0; n < CODE_TRIES_MAX; n += 1) await answer(step, otherThan(right))
  assert.equal(codeOf(await answer(step, right)), 'auth.code_invalid', 'five tries are over')
  const next = await stepOf(person, 'frank@b.c')
  const left = FACTOR_FAILURES_PER_DAY - CODE_TRIES_MAX
  for (let n = 1; n < left; n += 1) await answer(next, otherThan(right))
  assert.deepEqual((await person.lettersTo('frank@b.c')).length, 1)
  await answer(next, otherThan(right))
  assert.equal((await person.lettersTo('frank@b.c')).at(-1)?.subject, 'Your account is locked')
  assert.equal(codeOf(await answer(await stepOf(person, 'frank@b.c'), right)), 'auth.code_invalid')

  const { id } = accepted(await auth.askUnlock({ email: 'frank@b.c' }))
  const code = await person.codeTo('frank@b.c')
  assert.equal(codeOf(await auth.unlock({ id, code })), 'accepted')
  assert.equal(codeOf(await answer(await stepOf(person, 'frank@b.c'), right)), 'accepted')
})

test('of 2,000 guesses at once ten are looked at, and a day later ten more', async () => {
  const userId = await person.signUp('grace@b.c')
  await person.addFactor(userId)
  const looked = async () => {
    const { rows } = await bench.database
      .pool('test', 1)
      .query<{ used: number }>('SELECT used FROM records.allowances WHERE subject = $1', [
        `factor:${userId}`,
      ])
    return rows[0]?.used ?? 0
  }
  const steps: SecondStep[] = []
  for (let n = 0; n < 40; n += 1) steps.push(await stepOf(person, 'grace@b.c'))
  const guesses = Array.from({ length: 2_000 }, (_, n) => {
    const step = steps[n % steps.length]
    assert.ok(step !== undefined)
    return answer(step, String(n).padStart(6, '0'))
  })
  const got = (await Promise.all(guesses)).map(codeOf)
  // A guess may be right by chance, one in a million; then it used nothing up.
  assert.ok(got.filter((code) => code === 'accepted').length <= 1)
  assert.equal(await looked(), FACTOR_FAILURES_PER_DAY)
  clock.us += DAY
  await answer(await stepOf(person, 'grace@b.c'), '000000')
  assert.equal(await looked(), 1)
})

test('the secret is stored sealed, and recovery codes are not to be read', async () => {
  const userId = await person.signUp('heidi@b.c')
  const { secret, recoveryCodes } = await person.addFactor(userId)
  const { rows } = await bench.database.pool('test', 1).query<{ all: string }>(
    `SELECT u::text || coalesce((SELECT string_agg(r::text, ' ') FROM records.recovery_codes r), '')
      AS all FROM records.users u WHERE id = $1`,
    [userId],
  )
  for (const text of [secret, ...recoveryCodes]) {
    assert.equal(rows[0]?.all.includes(text), false)
    assert.equal(rows[0]?.all.includes(Buffer.from(text).toString('hex')), false)
  }
})

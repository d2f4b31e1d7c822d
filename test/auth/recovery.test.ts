// Recovery: a forgotten password, a locked account, another e-mail, and what their owner is told.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CODE_FAILURES_PER_DAY,
  CODE_TRIES_MAX,
  LOGIN_WAIT_MAX_US,
  PASSWORD_FAILURES_PER_DAY,
} from '#platform/auth/limits.ts'
import { accepted, codeOf, DAY, identityBench, otherThan, PASSWORD } from './identity-bench.ts'

const bench = await identityBench()
const { clock } = bench
const person = await bench.start('required')
const { auth } = person

const NEW = 'another long password'

test('a mailed code sets a new password, ends every session and tells the owner', async () => {
  await person.signUp('ada@b.c')
  const { accessToken } = await person.signIn('ada@b.c')
  const { id } = accepted(await auth.askReset({ email: 'Ada@b.c' }))
  const code = await person.codeTo('ada@b.c')
  const reset = (given: string, password = NEW) => auth.resetPassword({ id, code: given, password })
  assert.equal(codeOf(await reset(code, 'short')), 'request.malformed')
  assert.equal(codeOf(await reset(otherThan(code))), 'auth.code_invalid')
  assert.equal(codeOf(await reset(code)), 'accepted')
  assert.equal(codeOf(await reset(code)), 'auth.code_invalid')
  assert.equal(codeOf(await auth.verifyToken(accessToken)), 'auth.invalid')
  assert.equal(codeOf(await person.login('ada@b.c')), 'auth.invalid')
  assert.equal(codeOf(await person.login('ada@b.c', NEW)), 'accepted')
  assert.equal((await person.lettersTo('ada@b.c')).at(-1)?.subject, 'Your password was changed')
})

test('asking for an unknown e-mail is answered alike, and nothing is written', async () => {
  await person.signUp('bob@b.c')
  for (const ask of [auth.askReset, auth.askUnlock]) {
    const [known, unknown] = [await ask({ email: 'bob@b.c' }), await ask({ email: 'none@b.c' })]
    assert.deepEqual(Object.keys(accepted(known)), Object.keys(accepted(unknown)))
    assert.equal(accepted(known).expiresAt, accepted(unknown).expiresAt)
    assert.equal(accepted(known).id.length, accepted(unknown).id.length)
  }
  assert.deepEqual(await person.lettersTo('none@b.c'), [])
  assert.equal(codeOf(await auth.askReset({ email: 'no address' })), 'request.malformed')
})

test('a second factor is asked for after a reset: the mailbox alone does not get in', async () => {
  const userId = await person.signUp('carol@b.c')
  await person.addFactor(userId)
  const { id } = accepted(await auth.askReset({ email: 'carol@b.c' }))
  accepted(await auth.resetPassword({ id, code: await person.codeTo('carol@b.c'), password: NEW }))
  const step = accepted(await person.login('carol@b.c', NEW))
  assert.ok('by' in step && step.by === 'authenticator')
})

test('of all codes of an address ten wrong ones a day are looked at', async () => {
  await person.signUp('dave@b.c')
  const ask = async () => {
    const { id } = accepted(await auth.askReset({ email: 'dave@b.c' }))
    return { id, code: await person.codeTo('dave@b.c') }
  }
  for (let n = 0; n < CODE_FAILURES_PER_DAY / CODE_TRIES_MAX; n += 1) {
    const { id, code } = await ask()
    for (let tries = 0; tries < CODE_TRIES_MAX; tries += 1) {
      await auth.resetPassword({ id, code: otherThan(code), password: NEW })
    }
  }
  const today = await ask()
  const right = { ...today, password: NEW }
  assert.equal(codeOf(await auth.resetPassword(right)), 'auth.code_invalid')
  clock.us += DAY
  assert.equal(codeOf(await auth.resetPassword({ ...(await ask()), password: NEW })), 'accepted')
})

test('too many wrong passwords lock an e-mail, known or not, until a mailed code', async () => {
  await person.signUp('erin@b.c')
  for (const email of ['erin@b.c', 'unknown@b.c']) {
    for (let n = 0; n < PASSWORD_FAILURES_PER_DAY; n += 1) {
      clock.us += LOGIN_WAIT_MAX_US
      assert.equal(codeOf(await person.login(email, 'wrong password')), 'auth.invalid')
    }
    clock.us += LOGIN_WAIT_MAX_US
    assert.equal(codeOf(await person.login(email)), 'auth.invalid', 'the right one does not help')
  }
  const subjects = (await person.lettersTo('erin@b.c')).map(({ subject }) => subject)
  assert.deepEqual(subjects, ['Your account is locked'])
  assert.deepEqual(await person.lettersTo('unknown@b.c'), [])

  const { id } = accepted(await auth.askUnlock({ email: 'erin@b.c' }))
  const code = await person.codeTo('erin@b.c')
  assert.equal(codeOf(await auth.unlock({ id, code: otherThan(code) })), 'auth.code_invalid')
  assert.equal(codeOf(await auth.unlock({ id, code })), 'accepted')
  assert.equal(codeOf(await person.login('erin@b.c')), 'accepted')
})

test('a lock is over after a day, and the right password clears what was counted', async () => {
  await person.signUp('frank@b.c')
  const fail = async (times: number) => {
    for (let n = 0; n < times; n += 1) {
      clock.us += LOGIN_WAIT_MAX_US
      await person.login('frank@b.c', 'wrong password')
    }
    clock.us += LOGIN_WAIT_MAX_US
  }
  await fail(PASSWORD_FAILURES_PER_DAY - 1)
  assert.equal(codeOf(await person.login('frank@b.c')), 'accepted')
  await fail(PASSWORD_FAILURES_PER_DAY)
  assert.equal(codeOf(await person.login('frank@b.c')), 'auth.invalid')
  clock.us += DAY
  assert.equal(codeOf(await person.login('frank@b.c')), 'accepted')
})

test('an e-mail moves when the new mailbox is proven, and the old one is told before', async () => {
  const userId = await person.signUp('grace@b.c')
  const ask = (password: string) =>
    auth.askEmailChange({ userId, email: 'Grace@new.example', password })
  assert.equal(codeOf(await ask('wrong password')), 'auth.invalid')
  const { id } = accepted(await ask(PASSWORD))
  const code = await person.codeTo('grace@new.example')
  assert.equal((await person.lettersTo('grace@b.c')).length, 1)
  const other = await person.signUp('other@b.c')
  const change = (who: string) => auth.changeEmail({ userId: who, id, code })
  assert.equal(codeOf(await change(other)), 'auth.code_invalid', 'the challenge of another user')
  const again = accepted(await ask(PASSWORD))
  const next = await person.codeTo('grace@new.example')
  const moved = await auth.changeEmail({ userId, id: again.id, code: next })
  assert.equal(codeOf(moved), 'accepted')
  assert.equal(codeOf(await person.login('grace@b.c')), 'auth.invalid')
  await person.signIn('grace@new.example')
})

test('an e-mail cannot move to an address that has an account', async () => {
  const userId = await person.signUp('heidi@b.c')
  await person.signUp('ivan@b.c')
  const ask = (email: string) => auth.askEmailChange({ userId, email, password: PASSWORD })
  const { id } = accepted(await ask('ivan@b.c'))
  const [letter] = await person.lettersTo('ivan@b.c')
  assert.equal(letter?.subject, 'You have an account already')
  assert.equal(codeOf(await auth.changeEmail({ userId, id, code: '000000' })), 'auth.code_invalid')
  // Registered by somebody else after the code was mailed.
  const race = accepted(await ask('judy@b.c'))
  const code = await person.codeTo('judy@b.c')
  await person.signUp('judy@b.c')
  assert.equal(codeOf(await auth.changeEmail({ userId, id: race.id, code })), 'auth.email_taken')
})

test('a password is changed with the old one, and other sessions end', async () => {
  const userId = await person.signUp('ken@b.c')
  const [mine, other] = [await person.signIn('ken@b.c'), await person.signIn('ken@b.c')]
  const principal = accepted(await auth.verifyToken(mine.accessToken))
  const change = (current: string, password = NEW) =>
    auth.changePassword({ userId, sessionId: principal.sessionId, current, password })
  assert.equal(codeOf(await change('wrong password')), 'auth.invalid')
  assert.equal(codeOf(await change(PASSWORD, 'short')), 'request.malformed')
  assert.equal(codeOf(await change(PASSWORD)), 'accepted')
  assert.equal(codeOf(await auth.verifyToken(mine.accessToken)), 'accepted')
  assert.equal(codeOf(await auth.verifyToken(other.accessToken)), 'auth.invalid')
  assert.equal(codeOf(await person.login('ken@b.c', NEW)), 'accepted')
})

test('a sign-in from a new device is told, the first one and known ones are not', async () => {
  await person.signUp('lena@b.c')
  const from = async (userAgent: string) => {
    accepted(await person.login('lena@b.c', PASSWORD, userAgent))
    return (await person.lettersTo('lena@b.c')).length
  }
  assert.equal(await from('phone'), 0)
  assert.equal(await from('phone'), 0)
  assert.equal(await from('laptop \u202e'), 1)
  assert.equal(await from('phone'), 1)
  const [letter] = await person.lettersTo('lena@b.c')
  assert.match(letter?.text ?? '', /did not know: laptop \?$/m)
})

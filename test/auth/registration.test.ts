// Registering by a mailed code: nothing without the mailbox, and nothing told about others.

import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { CODE_TRIES_MAX, CODE_US, CODES_PER_DAY } from '#platform/auth/limits.ts'
import { accepted, codeOf, DAY, identityBench, otherThan, PASSWORD } from './identity-bench.ts'

const bench = await identityBench()
const { clock, store } = bench
const strict = await bench.start('required')
const demo = await bench.start('optional')
const { auth } = strict

const signUp = async (email: string, password = PASSWORD) =>
  accepted(await auth.signUp({ email, password })).verification

test('where an e-mail must be proven there is no user before the mailed code', async () => {
  const { id } = await signUp('Ada@example.com')
  assert.equal(await store.findUserByEmail('ada@example.com'), undefined)
  assert.equal(codeOf(await strict.login('ada@example.com')), 'auth.invalid')
  const code = await strict.codeTo('ada@example.com')
  const user = accepted(await auth.confirmEmail({ id, code }))
  assert.deepEqual([user.email, user.verified], ['ada@example.com', true])
  assert.equal(codeOf(await strict.login('ada@example.com')), 'accepted')
})

test('a code is good once, for ten minutes, for its own challenge and for five tries', async () => {
  const first = await signUp('bob@example.com')
  const firstCode = await strict.codeTo('bob@example.com')
  const second = await signUp('bob@example.com')
  const code = await strict.codeTo('bob@example.com')
  const confirm = (id: string, given: string) => auth.confirmEmail({ id, code: given })
  assert.equal(codeOf(await confirm(second.id, otherThan(code))), 'auth.code_invalid')
  if (firstCode !== code) {
    assert.equal(codeOf(await confirm(second.id, firstCode)), 'auth.code_invalid')
  }
  clock.us += CODE_US
  assert.equal(codeOf(await confirm(first.id, firstCode)), 'auth.code_invalid', 'it is over')
  const third = await signUp('bob@example.com')
  const last = await strict.codeTo('bob@example.com')
  clock.us += CODE_US - 1
  const both = await Promise.all([confirm(third.id, last), confirm(third.id, last)])
  assert.deepEqual(both.map(codeOf).sort(), ['accepted', 'auth.code_invalid'])
})

test('after five wrong tries the right code does not help', async () => {
  for (const wrong of [CODE_TRIES_MAX - 1, CODE_TRIES_MAX]) {
    const email = `tries${wrong}@example.com`
    const { id } = await signUp(email)
    const code = await strict.codeTo(email)
    for (let n = 0; n < wrong; n += 1) {
      assert.equal(
        codeOf(await auth.confirmEmail({ id, code: otherThan(code) })),
        'auth.code_invalid',
      )
    }
    const expected = wrong < CODE_TRIES_MAX ? 'accepted' : 'auth.code_invalid'
    assert.equal(codeOf(await auth.confirmEmail({ id, code })), expected, `${wrong} wrong tries`)
  }
})

test('an unknown challenge and one for something else are the same refusal', async () => {
  const { id } = accepted(await auth.askReset({ email: 'nobody@example.com' }))
  for (const given of [id, 'x', '']) {
    assert.equal(
      codeOf(await auth.confirmEmail({ id: given, code: '000000' })),
      'auth.code_invalid',
    )
  }
})

test('a known e-mail is answered like an unknown one, and its owner is told', async () => {
  await strict.signUp('carol@example.com')
  const known = await auth.signUp({ email: 'carol@example.com', password: 'another password' })
  const unknown = await auth.signUp({ email: 'dora@example.com', password: 'another password' })
  assert.deepEqual(Object.keys(accepted(known)), Object.keys(accepted(unknown)))
  assert.deepEqual(Object.keys(accepted(known).verification), ['id', 'expiresAt'])
  const [letter] = await strict.lettersTo('carol@example.com')
  assert.equal(letter?.subject, 'You have an account already')
  assert.doesNotMatch(letter?.text ?? '', /[0-9]{6}/)
  const { id } = accepted(known).verification
  for (let n = 0; n < 3; n += 1) {
    assert.equal(codeOf(await auth.confirmEmail({ id, code: `00000${n}` })), 'auth.code_invalid')
  }
  assert.equal(codeOf(await strict.login('carol@example.com')), 'accepted')
})

test('who registers with the address of another leaves nothing behind for himself', async () => {
  const thief = await signUp('erin@example.com', 'password of a thief')
  const thiefsCode = await strict.codeTo('erin@example.com')
  const owner = await signUp('erin@example.com', PASSWORD)
  const code = await strict.codeTo('erin@example.com')
  accepted(await auth.confirmEmail({ id: owner.id, code }))
  assert.equal(codeOf(await strict.login('erin@example.com')), 'accepted')
  assert.equal(
    codeOf(await strict.login('erin@example.com', 'password of a thief')),
    'auth.invalid',
  )
  // Even the owner, fooled into typing the thief's code, does not make a second account.
  const late = await auth.confirmEmail({ id: thief.id, code: thiefsCode })
  assert.equal(codeOf(late), 'auth.email_taken')
})

test('at most ten codes a day are mailed to one address; answers stay the same', async () => {
  const ask = () => signUp('flood@example.com')
  for (let n = 0; n < CODES_PER_DAY + 3; n += 1) assert.equal((await ask()).id.length, 22)
  assert.equal((await strict.lettersTo('flood@example.com')).length, CODES_PER_DAY)
  clock.us += DAY
  await ask()
  assert.equal((await strict.lettersTo('flood@example.com')).length, CODES_PER_DAY + 1)
})

test('a code and the wished password are not to be read in the database', async () => {
  await signUp('grace@example.com', 'a secret password')
  const code = await strict.codeTo('grace@example.com')
  const { rows } = await bench.database
    .pool('test', 1)
    .query<{ all: string }>(`SELECT string_agg(c::text, ' ') AS all FROM records.challenges c`)
  assert.equal(rows[0]?.all.includes(Buffer.from(code).toString('hex')), false)
  const wished = hash('sha256', 'a secret password')
  assert.equal(rows[0]?.all.includes(Buffer.from(wished).toString('hex')), false)
})

test('in the demo the account is there at once, and the code proves it later', async () => {
  const { user, verification } = accepted(
    await demo.auth.signUp({ email: 'heidi@example.com', password: PASSWORD }),
  )
  assert.deepEqual([user?.email, user?.verified], ['heidi@example.com', false])
  await demo.signIn('heidi@example.com')
  const code = await demo.codeTo('heidi@example.com')
  const proven = accepted(await demo.auth.confirmEmail({ id: verification.id, code }))
  assert.deepEqual([proven.id, proven.verified], [user?.id, true])
})

test('in the demo, too, a known e-mail is answered like an unknown one', async () => {
  const [one, again] = [
    await demo.auth.signUp({ email: 'ivan@example.com', password: PASSWORD }),
    await demo.auth.signUp({ email: 'ivan@example.com', password: 'another password' }),
  ].map(accepted)
  assert.deepEqual(Object.keys(one?.user ?? {}), Object.keys(again?.user ?? {}))
  assert.equal(one?.user?.email, again?.user?.email)
  assert.equal(codeOf(await demo.login('ivan@example.com', 'another password')), 'auth.invalid')
  assert.equal((await store.findUser(again?.user?.id ?? ''))?.id, undefined)
})

test('somebody signed in asks for a new code to his own address', async () => {
  const { user } = accepted(
    await demo.auth.signUp({ email: 'judy@example.com', password: PASSWORD }),
  )
  await demo.lettersTo('judy@example.com') // The first code is there before the second is asked.
  const { id } = accepted(await demo.auth.mailCode(user?.id ?? ''))
  const code = await demo.codeTo('judy@example.com')
  assert.equal(accepted(await demo.auth.confirmEmail({ id, code })).verified, true)
})

test('a user from before, whose e-mail is not proven, gets in by a mailed code once', async () => {
  accepted(await demo.auth.signUp({ email: 'ken@example.com', password: PASSWORD }))
  const step = accepted(await strict.login('ken@example.com'))
  assert.ok('by' in step)
  assert.equal(step.by, 'mail')
  const code = await strict.codeTo('ken@example.com')
  const answer = { id: step.id, by: 'mail', userAgent: 'test' } as const
  assert.equal(
    codeOf(await auth.secondStep({ ...answer, by: 'authenticator', code })),
    'auth.code_invalid',
  )
  assert.equal(codeOf(await auth.secondStep({ ...answer, code })), 'accepted')
  await strict.signIn('ken@example.com')
})

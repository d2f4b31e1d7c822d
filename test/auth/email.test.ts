// E-mail addresses have one canonical form, and what could be two spellings of one is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalEmail } from '#platform/auth/email.ts'

test('letters are lower-cased and nothing else is changed', () => {
  assert.equal(canonicalEmail('Ada.Lovelace+Bots@Example.COM'), 'ada.lovelace+bots@example.com')
  assert.equal(canonicalEmail('x@localhost'), 'x@localhost')
  assert.equal(canonicalEmail("o'neil_1@a-b.co.uk"), "o'neil_1@a-b.co.uk")
})

test('what is no address, or could be read in two ways, is refused', () => {
  const refused = [
    '',
    '@',
    'a',
    'a@',
    '@b',
    'a@b@c',
    'a b@c.d',
    ' a@b.c',
    'a@b.c\n',
    'a\u0000@b.c',
    '.a@b.c',
    'a.@b.c',
    'a..b@c.d',
    'a@-b.c',
    'a@b-.c',
    'a@b..c',
    'a@b.c.',
    '"a"@b.c',
    'a@[127.0.0.1]',
    'ｋ@b.c',
    '\u212a@b.c',
    'ä@b.c',
    'a@bücher.de',
    'a\u202e@b.c',
  ]
  for (const text of refused) assert.equal(canonicalEmail(text), undefined, JSON.stringify(text))
})

test('lengths end where they should: 64 before the at, 63 a label, 254 in all', () => {
  const domain = `${'d'.repeat(63)}.${'e'.repeat(63)}.${'f'.repeat(61)}`
  assert.ok(canonicalEmail(`${'a'.repeat(64)}@b.c`) !== undefined)
  assert.equal(canonicalEmail(`${'a'.repeat(65)}@b.c`), undefined)
  assert.equal(`${'a'.repeat(64)}@${domain}`.length, 254)
  assert.ok(canonicalEmail(`${'a'.repeat(64)}@${domain}`) !== undefined)
  assert.equal(canonicalEmail(`${'a'.repeat(64)}@${domain}f`), undefined)
  assert.equal(canonicalEmail(`a@${'b'.repeat(64)}.c`), undefined)
})

test('the canonical form is its own canonical form, and is ASCII', () => {
  const texts = fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary', maxLength: 40 }))
  fc.assert(
    fc.property(texts, (text) => {
      const email = canonicalEmail(text)
      if (email === undefined) return
      assert.equal(canonicalEmail(email), email)
      assert.match(email, /^[!-~]+$/)
    }),
  )
})

// Production: the matrix of what it refuses to start with, in one line without a secret.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartError } from '#kernel/start-error.ts'
import { readConfig } from '#platform/config.ts'
import { assertProduction } from '#platform/production.ts'
import { newMasterKey } from '#platform/vault/master-key.ts'

const SAFE = { CROSSBOOK_PROFILE: 'production', TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' }
const PROXY = { CROSSBOOK_PROFILE: 'production', TRUST_PROXY: '10.0.0.1' }

const check = (environment: Record<string, string>) => () =>
  assertProduction(readConfig(environment))

test('with TLS, or a proxy that ends it, and secrets of its own it starts', () => {
  for (const environment of [
    SAFE,
    PROXY,
    { ...SAFE, DATABASE_URL: 'postgresql://crossbook:x7Fq2@db/crossbook' },
    { ...SAFE, DATABASE_URL: 'postgresql:///crossbook' },
    { ...SAFE, CROSSBOOK_MASTER_KEY: newMasterKey() },
    { CROSSBOOK_PROFILE: 'demo', DATABASE_URL: 'postgresql://postgres:postgres@db/x' },
  ]) {
    assert.doesNotThrow(check(environment), JSON.stringify(environment))
  }
})

const REFUSED: readonly (readonly [Record<string, string>, RegExp])[] = [
  [{ CROSSBOOK_PROFILE: 'production' }, /^production needs TLS/],
  [{ CROSSBOOK_PROFILE: 'production', TLS: 'development' }, /^TLS=development/],
  [{ ...PROXY, TLS: 'development' }, /^TLS=development/],
  ...['postgres', 'password', 'CHANGEME', 'crossbook', 'admin', 'p%61ssword'].map(
    (password) =>
      [{ ...SAFE, DATABASE_URL: `postgresql://u:${password}@db/x` }, /^DATABASE_URL has/] as const,
  ),
  [{ ...SAFE, DATABASE_URL: 'postgresql://ada:ada@db/x' }, /^DATABASE_URL has/],
  [{ ...SAFE, SMTP_URL: 'smtp://mail:secret@mail' }, /^SMTP_URL has/],
  [{ ...SAFE, CROSSBOOK_MASTER_KEY: 'A'.repeat(43) }, /^CROSSBOOK_MASTER_KEY/],
  [{ ...SAFE, CROSSBOOK_MASTER_KEY: `${newMasterKey()},${'x'.repeat(43)}` }, /^CROSSBOOK_MASTER/],
]

test('without TLS, with a certificate for play or a secret out of an example it does not', () => {
  for (const [environment, message] of REFUSED) {
    assert.throws(
      check(environment),
      (error) =>
        error instanceof StartError &&
        message.test(error.message) &&
        !/changeme|p%61ssword|:secret/i.test(error.message),
      JSON.stringify(environment),
    )
  }
})

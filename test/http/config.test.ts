// Config: defaults, and one clear line for what does not fit.

import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { StartError } from '#kernel/start-error.ts'
import { readConfig } from '#platform/config.ts'

test('everything has a default', () => {
  assert.deepEqual(readConfig({}), {
    ...{ host: '127.0.0.1', port: 3_000, chainPort: 8_545, profile: 'demo', trustProxy: [] },
    ...{ dataFolder: resolve('.crossbook'), databaseUrl: null, redisUrl: null, smtpUrl: null },
    ...{ masterKey: null, masterKeyFile: null, tls: null, adminPort: null },
  })
  assert.ok(Object.isFrozen(readConfig({})))
})

test('values are taken as they are', () => {
  const config = readConfig({
    ...{ HOST: '::1', PORT: '0', CHAIN_PORT: '65535', CROSSBOOK_DATA: 'data' },
    ...{ CROSSBOOK_PROFILE: 'production', TRUST_PROXY: '10.0.0.1, ::1' },
    DATABASE_URL: 'postgresql://u:p@h/d',
  })
  assert.equal(config.port, 0)
  assert.equal(config.dataFolder, resolve('data'))
  assert.deepEqual(config.trustProxy, ['10.0.0.1', '::1'])
  assert.equal(config.databaseUrl, 'postgresql://u:p@h/d')
})

test('what does not fit is one line that names the variable and no secret', () => {
  const wrong: Record<string, string>[] = [
    ...[{ PORT: '65536' }, { PORT: '-1' }, { PORT: '08' }, { PORT: '3000 ' }, { PORT: 'x' }],
    ...[{ CHAIN_PORT: '1e3' }, { HOST: 'a b' }, { CROSSBOOK_PROFILE: 'Demo' }],
    ...[{ DATABASE_URL: 'mysql://u:hunter2@h/d' }, { DATABASE_URL: 'hunter2' }],
    ...[{ REDIS_URL: 'http://x' }, { TRUST_PROXY: '10.0.0' }, { ADMIN_PORT: 'x' }],
    ...[{ TLS: 'on' }, { TLS_CERT: 'cert.pem' }, { TLS_KEY: 'key.pem' }],
  ]
  for (const environment of wrong) {
    const [name = ''] = Object.keys(environment)
    assert.throws(
      () => readConfig(environment),
      (error) =>
        error instanceof StartError &&
        new RegExp(`^${name}|^TLS_(CERT|KEY) must be set`).test(error.message) &&
        !error.message.includes('\n') &&
        !error.message.includes('hunter2'),
      JSON.stringify(environment),
    )
  }
})

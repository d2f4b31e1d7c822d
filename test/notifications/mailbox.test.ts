// The development mailbox: read on this machine alone, by the API and the command line.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { mailboxRoutes } from '#platform/notifications/routes.ts'
import { call, createExchange, PASSWORD } from '../api/exchange.ts'

const exchange = await createExchange()
const { app: bare, open, folder, serving } = exchange
const app = open.serve({ ...serving, more: [mailboxRoutes(open.mailbox)] })
await app.ready()

const email = 'ada@example.com'
await call(app, 'POST', '/v1/auth/register', { payload: { email, password: PASSWORD } })
await open.auth.idle()

const read = (options: Parameters<typeof call>[3] = {}, query = '') =>
  call(app, 'GET', `/v1/mailbox${query}`, options)

test('a letter is read on a loopback address, newest first, to one address or to all', async () => {
  const answer = await read({}, '?to=Ada@example.com&limit=1')
  assert.equal(answer.status, 200)
  const [mail] = answer.body.items
  assert.deepEqual([mail?.['to'], mail?.['subject']], [email, 'Confirm your e-mail address'])
  assert.match(String(mail?.['text']), /Your code: [0-9]{6}/)
  assert.equal((await read({}, '?to=bob@example.com')).body.items.length, 0)
  assert.equal((await read({}, '?limit=0')).status, 400)
})

test('from elsewhere, by a proxy or another name there is no such thing', async () => {
  for (const remoteAddress of ['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::1', '0.0.0.0']) {
    assert.equal((await read({ remoteAddress })).status, 404, remoteAddress)
  }
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host']) {
    assert.equal((await read({ headers: { [name]: '127.0.0.1' } })).status, 404, name)
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:3000']) {
    const answer = await read({ headers: { host } })
    assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], host)
  }
  for (const host of ['127.0.0.1:3000', 'localhost', '[::1]:3000']) {
    assert.equal((await read({ headers: { host } })).status, 200, host)
  }
})

test('where it was not asked for, the route is not there', async () => {
  assert.equal((await call(bare, 'GET', '/v1/mailbox')).status, 404)
})

test('the command line reads it with the keys of the data folder', () => {
  const cli = ['scripts/cli.ts', 'mailbox', '--data', folder]
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [...cli, ...args], { encoding: 'utf8' })
  const told = run('--to', email)
  assert.equal(told.status, 0, told.stderr)
  assert.match(told.stdout, /^To: ada@example\.com\nConfirm your e-mail address\n[\s\S]*[0-9]{6}/)
  const [mail] = JSON.parse(run('--json').stdout)
  assert.equal(mail.to, email)
  assert.equal(run('--limit', '0').status, 2)
  assert.equal(run('surplus').status, 2)
})

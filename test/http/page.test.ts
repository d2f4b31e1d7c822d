// Page and docs: files of one folder and nothing outside it, with a strict policy.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import Fastify from 'fastify'
import { describeApi, docsPage } from '#platform/http/plugins/openapi.ts'
import { page } from '#platform/http/plugins/page.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-test-'))
after(() => rmSync(folder, { recursive: true }))
const dist = join(folder, 'dist')
mkdirSync(join(dist, 'assets'), { recursive: true })
writeFileSync(join(folder, 'secret.txt'), 'secret')
writeFileSync(join(dist, 'index.html'), '<p>page</p>')
writeFileSync(join(dist, 'assets', 'app.js'), 'let a')

async function serve(root: string) {
  const app = Fastify()
  describeApi(app, '1.2.3')
  void app.register((scope, _options, done) => {
    docsPage(scope)
    void scope.register(page(root))
    done()
  })
  await app.ready()
  return app
}

test('the page is served with a policy that allows its own scripts only', async () => {
  const app = await serve(dist)
  const { statusCode, body, headers } = await app.inject('/')
  assert.deepEqual([statusCode, body], [200, '<p>page</p>'])
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /script-src 'self'(;|$)/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal((await app.inject('/assets/app.js')).statusCode, 200)
})

test('nothing outside the folder is served', async () => {
  const app = await serve(dist)
  for (const url of ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt']) {
    const { statusCode, body } = await app.inject(url)
    assert.notEqual(statusCode, 200, url)
    assert.ok(!body.includes('secret\n') && body !== 'secret')
  }
})

test('without a built page there is just nothing at /', async () => {
  const app = await serve(join(folder, 'nothing'))
  assert.equal((await app.inject('/')).statusCode, 404)
})

test('the docs are readable and name the version', async () => {
  const app = await serve(dist)
  const docs = await app.inject('/docs')
  assert.equal(docs.statusCode, 200)
  assert.match(docs.body, /swagger/)
  const { info } = (await app.inject('/docs/json')).json()
  assert.equal(info.version, '1.2.3')
})

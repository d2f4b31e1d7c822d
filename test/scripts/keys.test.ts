// crossbook keys rotate, as an operator types it beside a running platform's database.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSigningKeys } from '#platform/auth/signing-keys.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { newMasterKey } from '#platform/vault/master-key.ts'
import { openVault } from '#platform/vault/open-vault.ts'
import { temporaryDatabase, temporaryFolder } from '../database/temporary.ts'

const folder = temporaryFolder()
const database = await temporaryDatabase(folder)
const now = () => Date.now() * 1_000
const place = { database, dataFolder: folder, now }

function keys(args: string[], env: Record<string, string> = {}) {
  const cli = ['scripts/cli.ts', 'keys', ...args, '--data', folder, '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, cli, {
    ...{ encoding: 'utf8', env: { ...process.env, ...env } },
  })
  return { status, stderr, told: stdout.startsWith('{') ? JSON.parse(stdout) : {} }
}

test('all kinds of keys are rotated, and a running platform goes on', async () => {
  const running = await openVault(place)
  await running.secret('a', () => 'the secret')
  const masterFile = () => readFileSync(join(folder, 'keys', 'master.key'), 'utf8')
  const before = masterFile()

  const data = keys(['rotate'])
  assert.deepEqual([data.status, data.told.resealed], [0, 1], data.stderr)
  assert.equal(await running.secret('a', () => 'another'), 'the secret')

  const master = keys(['rotate', '--master'])
  assert.deepEqual([master.status, master.told.rewrapped], [0, 2], master.stderr)
  assert.notEqual(masterFile(), before)
  assert.equal(masterFile().trim().split('\n').length, 1)
  assert.equal(await (await openVault(place)).secret('a', () => 'another'), 'the secret')

  const store = createAuthStore(database)
  const ring = await createSigningKeys({ store, vault: running }, now())
  const first = ring.current(now()).kid
  const signing = keys(['rotate', '--signing'])
  assert.equal(signing.status, 0, signing.stderr)
  assert.equal(await ring.reload(), true)
  assert.equal(ring.current(now()).kid, first, 'published first')
  const urgent = keys(['rotate', '--signing', '--urgent'])
  assert.equal(await ring.reload(), true)
  assert.deepEqual(
    ring.published(now()).map(({ kid }) => kid),
    [urgent.told.kid],
  )
})

test('a wrong master key is one line without a key in it, and wrong usage is 2', () => {
  const text = newMasterKey()
  const wrong = keys(['rotate'], { CROSSBOOK_MASTER_KEY: text })
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr, /^master key [0-9a-f]{16} is missing[^\n]*\n$/)
  assert.equal(wrong.stderr.includes(text), false)
  for (const args of [[], ['turn'], ['rotate', '--master', '--signing'], ['rotate', '--urgent']]) {
    assert.equal(keys(args).status, 2, args.join(' '))
  }
})

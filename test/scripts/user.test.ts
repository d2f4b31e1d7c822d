// crossbook user grant, as an operator types it, against a database of its own.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

import { createAuthStore } from '#platform/auth/store.ts'
import { temporaryDatabase, temporaryFolder } from '../database/temporary.ts'

function grant(folder: string, ...args: string[]) {
  const cli = ['scripts/cli.ts', 'user', ...args, '--data', folder]
  return spawnSync(process.execPath, cli, { encoding: 'utf8' })
}

test('a capability is granted while the platform runs, and refusals are one line', async () => {
  const folder = temporaryFolder()
  const database = await temporaryDatabase(folder)
  const store = createAuthStore(database)
  const email = 'ada@example.com'
  await database.prisma.user.create({
    data: {
      ...{ id: 'a'.repeat(36), email, passwordHash: 'x', capabilities: ['trader'] },
      ...{ status: 'active', account: 16n, createdAt: 1n, changedAt: 1n },
    },
  })
  const done = grant(folder, 'grant', email, 'auditor', '--json')
  assert.deepEqual([done.status, JSON.parse(done.stdout).capabilities], [0, ['auditor', 'trader']])
  assert.deepEqual((await store.findUser('a'.repeat(36)))?.capabilities, ['auditor', 'trader'])
  const unknown = grant(folder, 'grant', 'bob@example.com', 'auditor')
  assert.equal(unknown.status, 1)
  assert.match(unknown.stderr, /^not_found: .*\n$/)
  const taken = grant(folder, 'revoke', email, 'trader', '--json')
  assert.deepEqual([taken.status, JSON.parse(taken.stdout).capabilities], [0, ['auditor']])
  assert.equal(grant(folder, 'grant', email, 'trader').status, 0)
  const wrong = grant(folder, 'grant', email, 'root')
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr, /^request\.malformed: [^\n]*trader[^\n]*\n$/)
  assert.equal(grant(folder, 'grant', email).status, 2)
})

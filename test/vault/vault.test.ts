// Encryption at rest: what is sealed opens for its own row alone, and keys change without a loss.

import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { StartError } from '#kernel/start-error.ts'
import {
  createMasterKey,
  dropOldMasterKeys,
  newMasterKey,
  prependMasterKey,
} from '#platform/vault/master-key.ts'
import { createVaultStore, SEALED } from '#platform/vault/store.ts'
import { createVault } from '#platform/vault/vault.ts'
import { temporaryDatabase, temporaryFolder } from '../database/temporary.ts'
import { memoryVaultStore } from '../support/memory-vault.ts'

const now = () => 1_700_000_000_000_000
const given = (text: string) => createMasterKey({ kind: 'given', text })

test('a sealed secret opens for its own id and is not to be read without the key', async () => {
  const vault = await createVault({ store: memoryVaultStore(), master: given(newMasterKey()), now })
  const sealed = await vault.seal('ck_1', 'the secret')
  assert.equal(Buffer.from(sealed).includes('the secret'), false)
  assert.notDeepEqual(await vault.seal('ck_1', 'the secret'), sealed, 'never the same nonce')
  assert.equal(await vault.open('ck_1', sealed), 'the secret')
  await assert.rejects(vault.open('ck_2', sealed), 'moved to another row')
})

test('every changed bit and every cut of a sealed secret is found', async () => {
  const vault = await createVault({ store: memoryVaultStore(), master: given(newMasterKey()), now })
  const sealed = await vault.seal('id', 'text')
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Uint8Array.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    await assert.rejects(vault.open('id', changed), `bit ${bit}`)
  }
  for (let length = 0; length < sealed.length; length += 1) {
    await assert.rejects(vault.open('id', sealed.subarray(0, length)), `cut to ${length}`)
  }
})

test('a rotation seals everything again, and another process finds the key', async () => {
  const store = memoryVaultStore()
  const master = given(newMasterKey())
  const [one, other] = [
    await createVault({ store, master, now }),
    await createVault({ store, master, now }),
  ]
  store.sealed.push({ about: 'a', sealed: await one.seal('a', 'first'), at: 0 })
  store.sealed.push({ about: 'b', sealed: await one.seal('b', 'second'), at: 0 })
  const before = store.sealed.map(({ sealed }) => sealed)
  const { dataKey, resealed } = await one.rotate()
  assert.equal(resealed, 2)
  for (const [at, { about, sealed }] of store.sealed.entries()) {
    assert.ok(Buffer.from(sealed).toString('hex').startsWith(dataKey))
    assert.equal(await other.open(about, sealed), ['first', 'second'][at])
    assert.equal(await other.open(about, before[at] ?? sealed), ['first', 'second'][at])
  }
  assert.ok(
    Buffer.from(await other.seal('c', 'x'))
      .toString('hex')
      .startsWith(dataKey),
  )
})

test('the master key is replaced in two steps, then the old one opens nothing', async () => {
  const store = memoryVaultStore()
  const [old, next] = [newMasterKey(), newMasterKey()]
  const sealed = await (await createVault({ store, master: given(old), now })).seal('id', 'text')
  const both = await createVault({ store, master: given(`${next},${old}`), now })
  assert.equal(await both.rewrap(), store.keys.size)
  assert.equal(await both.rewrap(), 0)
  const after = await createVault({ store, master: given(next), now })
  assert.equal(await after.open('id', sealed), 'text')
  await assert.rejects(createVault({ store, master: given(old), now }), StartError)
})

test('a wrapped key does not open in the place of another one', async () => {
  const store = memoryVaultStore()
  const master = given(newMasterKey())
  await (await createVault({ store, master, now })).rotate()
  const [one, two] = [...store.keys.values()]
  assert.ok(one !== undefined && two !== undefined)
  store.keys.set(one.id, { ...one, wrapped: two.wrapped })
  await assert.rejects(createVault({ store, master, now }), StartError)
})

test('a master key that is no key is refused, and its text is never told', () => {
  for (const text of ['', 'hunter2', `${newMasterKey()},hunter2`, 'x'.repeat(44)]) {
    assert.throws(
      () => given(text),
      (error) => error instanceof StartError && !error.message.includes('hunter2'),
    )
  }
})

test('the master key of the folder is made once, and refused when others may read it', () => {
  const dataFolder = temporaryFolder()
  const source = { kind: 'folder', dataFolder } as const
  const id = createMasterKey(source).currentId()
  assert.equal(createMasterKey(source).currentId(), id)
  const file = join(dataFolder, 'keys', 'master.key')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  prependMasterKey(dataFolder)
  assert.notEqual(createMasterKey(source).currentId(), id)
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 2)
  dropOldMasterKeys(dataFolder)
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 1)
  chmodSync(file, 0o644)
  assert.throws(() => createMasterKey(source), /can be read by others/)
})

test('over a database: secrets stay, key files of an earlier release are taken over', async () => {
  const dataFolder = temporaryFolder()
  const database = await temporaryDatabase(dataFolder)
  const oldKeys = join(dataFolder, 'keys')
  mkdirSync(oldKeys)
  const old = newMasterKey()
  writeFileSync(join(oldKeys, 'secrets.key'), old, { mode: 0o600 })
  writeFileSync(join(oldKeys, 'refresh.key'), old, { mode: 0o600 })
  const master = createMasterKey({ kind: 'folder', dataFolder })
  const open = () => createVault({ store: createVaultStore(database), master, oldKeys, now })
  const first = await open()
  assert.deepEqual(readdirSync(oldKeys), ['master.key'])
  const secret = await first.secret('refresh', () => 'made once')
  assert.equal(secret, 'made once')
  assert.equal(await (await open()).secret('refresh', () => 'made twice'), 'made once')
  const { resealed } = await first.rotate()
  assert.equal(resealed, 1)
  assert.equal(await (await open()).secret('refresh', () => 'made twice'), 'made once')
  assert.equal(existsSync(join(oldKeys, 'secrets.key')), false)
})

test('every column that holds what is sealed is known to a rotation', () => {
  const schema = readFileSync('platform/database/schema.prisma', 'utf8')
  const sealed = [...schema.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].flatMap(([, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? ''
    const columns = [...body.matchAll(/^ {2}(\w+) +Bytes.*\/\/ sealed$/gm)]
    return columns.map(
      ([line, name]) => `${table}.${/[^@]@map\("(\w+)"\)/.exec(line)?.[1] ?? name}`,
    )
  })
  assert.deepEqual(SEALED.map(({ table, column }) => `${table}.${column}`).sort(), sealed.sort())
})

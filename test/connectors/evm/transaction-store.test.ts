// The transaction store: what it acknowledged is there after a restart, and it stays bounded.

import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  createFileStore,
  createMemoryStore,
  FINAL_RECORDS_MAX,
  type StoredTransaction,
} from '#connectors/evm/transaction-store.ts'

const account = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

function record(intentId: string, nonce: number, state: StoredTransaction['state'] = 'signed') {
  return { intentId, body: 'b', account, nonce, hash: `0x${nonce}`, raw: `0x02${nonce}`, state }
}

function file(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'transaction-store-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'sent.jsonl')
}

test('what was saved is found by the next process, unsettled ones by nonce', async (t) => {
  const path = file(t)
  const first = createFileStore(path)
  for (const saved of [record('c', 3), record('a', 1), record('b', 2, 'settled')]) {
    await first.save(saved)
  }
  first.close()
  const second = createFileStore(path)
  t.after(second.close)
  assert.deepEqual(await second.find('b'), record('b', 2, 'settled'))
  const open = await second.unsettled(account)
  assert.deepEqual(
    open.map(({ intentId }) => intentId),
    ['a', 'c'],
  )
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('a later record of an intent replaces the earlier one, in the file too', async (t) => {
  const path = file(t)
  const first = createFileStore(path)
  await first.save(record('a', 1))
  await first.save(record('a', 1, 'settled'))
  first.close()
  const bytes = statSync(path).size
  const second = createFileStore(path)
  t.after(second.close)
  assert.equal((await second.find('a'))?.state, 'settled')
  assert.ok(statSync(path).size < bytes)
})

test('a torn last line is passed over and the store goes on behind it', async (t) => {
  const path = file(t)
  const first = createFileStore(path)
  await first.save(record('a', 1))
  first.close()
  appendFileSync(path, '{"intentId":"torn","nonce":2')
  const second = createFileStore(path)
  await second.save(record('b', 2))
  second.close()
  const third = createFileStore(path)
  t.after(third.close)
  assert.equal(await third.find('torn'), undefined)
  assert.deepEqual(await third.find('b'), record('b', 2))
})

test('old final records leave, unsettled ones never do', async () => {
  const store = createMemoryStore()
  await store.save(record('open', 0))
  for (let nonce = 1; nonce <= FINAL_RECORDS_MAX + 5; nonce++) {
    await store.save(record(`i${nonce}`, nonce, 'settled'))
  }
  assert.equal(await store.find('i6'), undefined)
  assert.ok((await store.find('i7')) !== undefined)
  assert.ok((await store.find('open')) !== undefined)
})

// Mail against a real SMTP server that fails, delays and forgets what it said: every letter
// arrives, and one that comes twice comes under one Message-ID.

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { createMailer, MAIL_KEPT_US } from '#platform/notifications/mailer.ts'
import { smtpPostman } from '#platform/notifications/postmen.ts'
import { createMailStore } from '#platform/notifications/store.ts'
import { createJobs } from '#platform/transport/jobs.ts'
import { createVaultStore } from '#platform/vault/store.ts'
import { beforeDatabasesClose, temporaryDatabase } from '../database/temporary.ts'
import { memoryVault } from '../support/memory-vault.ts'

type Behaviour = 'takes' | 'refuses' | 'delays' | 'takes and says no'

/** What the server does with the next letters; at the end of the list it takes them. */
const plan: Behaviour[] = []
const arrived: string[] = []
const met = new Map<Behaviour, number>()

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  logger: false,
  onData: (stream, _session, done) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const next = plan.shift() ?? 'takes'
      met.set(next, (met.get(next) ?? 0) + 1)
      const text = Buffer.concat(chunks).toString()
      const takes = next === 'takes' || next === 'delays' || next === 'takes and says no'
      if (takes) arrived.push(text)
      const refusal = Object.assign(new Error('try again later'), { responseCode: 451 })
      if (next === 'refuses' || next === 'takes and says no') return done(refusal)
      if (next === 'delays') return void setTimeout(() => done(), 300)
      done()
    })
  },
})
server.on('error', () => {})
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
const { port } = server.server.address() as AddressInfo

const database = await temporaryDatabase()
const vault = await memoryVault(createVaultStore(database))
const store = createMailStore(database)
const clock = { us: 1_700_000_000_000_000 }

async function startMailer() {
  const jobs = await createJobs({
    pool: database.pool('jobs', 6, { search_path: 'bullmq,public' }),
    ...{ now: () => clock.us, log: () => {}, retries: { attempts: 8, pauseMs: 20 } },
  })
  const postman = smtpPostman(`smtp://127.0.0.1:${port}`)
  const mailer = createMailer({ store, vault, jobs, postman, now: () => clock.us })
  await jobs.start()
  const close = async () => {
    await jobs.close()
    postman.close()
  }
  return { mailer, jobs, close }
}

const { mailer, jobs, close } = await startMailer()
beforeDatabasesClose(async () => {
  await close()
  await new Promise<void>((done) => server.close(() => done()))
})

async function everythingIsSent(): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 25) {
    if ((await store.unsent(clock.us + 1, 100)).length === 0) return
    await sleep(25)
  }
  assert.fail('letters are still waiting')
}

function messageId(text: string): string {
  return /^message-id: (.*)$/im.exec(text)?.[1] ?? ''
}

test('a letter arrives with subject, text and a name of its own', async () => {
  await mailer.send({ to: 'ada@example.com', subject: 'Hello', text: 'Your code: 123456' })
  await everythingIsSent()
  const [text = ''] = arrived
  assert.match(text, /^to: ada@example\.com/im)
  assert.match(text, /^subject: Hello/im)
  assert.match(text, /Your code: 123456/)
  assert.match(messageId(text), /^<[0-9a-f-]{36}@crossbook>$/)
})

test('a server that refuses, delays and repeats gets every letter under one name', async () => {
  arrived.length = 0
  plan.push('refuses', 'takes and says no', 'delays', 'refuses', 'takes and says no', 'refuses')
  const names = Array.from({ length: 12 }, (_, n) => `letter-${n}`)
  await Promise.all(
    names.map((subject) => mailer.send({ to: 'bob@example.com', subject, text: 'text' })),
  )
  await everythingIsSent()
  const subjects = arrived.map((text) => /^subject: (.*)$/im.exec(text)?.[1]?.trim() ?? '')
  assert.deepEqual([...new Set(subjects)].sort(), [...names].sort(), 'every letter arrived')
  const ids = new Set(arrived.map(messageId))
  assert.equal(ids.size, names.length, 'what came twice came under the same name')
  assert.equal(arrived.length, names.length + (met.get('takes and says no') ?? 0))
  assert.ok((met.get('refuses') ?? 0) >= 3 && (met.get('delays') ?? 0) >= 1)
})

test('asking for the same job again sends nothing twice', async () => {
  arrived.length = 0
  await mailer.send({ to: 'carol@example.com', subject: 'once', text: 'text' })
  await everythingIsSent()
  const [mail] = await mailer.list({ to: 'carol@example.com', limit: 1 })
  for (let n = 0; n < 5; n += 1) await jobs.add('mail', mail?.id ?? '')
  await sleep(200)
  assert.equal(arrived.length, 1)
})

test('a letter whose job was lost is found by its row', async () => {
  arrived.length = 0
  const id = 'lost-letter'
  const body = await vault.seal(`mail:${id}`, 'text')
  const row = { id, recipient: 'dave@example.com', subject: 'lost', body, createdAt: clock.us }
  await store.insert(row)
  assert.deepEqual(await store.unsent(clock.us + 1, 10), [id])
  // What the calendar does each hour.
  await jobs.add('mail', id)
  await everythingIsSent()
  assert.equal(arrived.length, 1)
})

test('letters are kept sealed, and for a week', async () => {
  const canary = 'a canary in a letter'
  await mailer.send({ to: 'erin@example.com', subject: 'sealed', text: canary })
  await everythingIsSent()
  const pool = database.pool('test', 1)
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname IN ('records', 'bullmq')`,
  )
  assert.ok(tables.some(({ name }) => name === 'records.mails'))
  assert.ok(tables.some(({ name }) => name.startsWith('bullmq.')))
  for (const { name } of tables) {
    const { rows } = await pool.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)
    const text = rows.map((row) => row.text).join(' ')
    assert.equal(text.includes(canary), false, name)
    assert.equal(text.includes(Buffer.from(canary).toString('hex')), false, name)
  }
  await store.purge(clock.us - MAIL_KEPT_US)
  assert.equal((await mailer.list({ to: 'erin@example.com', limit: 9 })).length, 1)
  await store.purge(clock.us + 1)
  assert.deepEqual(await mailer.list({ limit: 9 }), [])
})

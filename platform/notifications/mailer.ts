// Mailer: letters are kept first and delivered by jobs, retried and idempotent by their id.
//
// A letter's text is sealed while it waits and after it was sent. A crash between delivery and its
// mark delivers it once more, under the same Message-ID. Letters whose job was lost are found by
// the calendar, and every letter is deleted after MAIL_KEPT_US.

import { randomUUID } from 'node:crypto'
import { DAY_US, MINUTE_US } from '#kernel/time.ts'
import type { Jobs } from '#platform/transport/port.ts'
import type { Vault } from '#platform/vault/port.ts'
import type { Mail, Mailbox, Mailer, Postman } from './port.ts'
import type { MailRow, MailStore } from './store.ts'

export type MailerDeps = {
  readonly store: MailStore
  readonly vault: Vault
  readonly jobs: Jobs
  readonly postman: Postman
  /** Microseconds since 1970. */
  readonly now: () => number
}

export const MAIL_KEPT_US = 7 * DAY_US
const JOB = 'mail'
const LOST_AFTER_US = 5 * MINUTE_US
const FOUND_AT_ONCE = 1_000

export function createMailer(deps: MailerDeps): Mailer & Mailbox {
  const { store, vault, jobs, postman, now } = deps
  jobs.handle(JOB, async (id) => {
    const row = await store.find(id)
    if (row === undefined || row.sentAt !== null) return
    await postman.deliver(await read(vault, row))
    await store.markSent(id, now())
  })
  jobs.calendar({
    ...{ name: 'find-lost-mail', cron: '7 * * * *', every: 'hour' },
    work: async () => {
      const lost = await store.unsent(now() - LOST_AFTER_US, FOUND_AT_ONCE)
      for (const id of lost) await jobs.add(JOB, id)
    },
  })
  jobs.calendar({
    ...{ name: 'purge-mail', cron: '23 3 * * *', every: 'day' },
    work: () => store.purge(now() - MAIL_KEPT_US),
  })
  return {
    send: async ({ to, subject, text }) => {
      const id = randomUUID()
      const body = await vault.seal(`mail:${id}`, text)
      await store.insert({ id, recipient: to, subject, body, createdAt: now() })
      await jobs.add(JOB, id)
    },
    list: async ({ to, limit }) => {
      const rows = await store.list(to ?? null, limit)
      return Promise.all(rows.map((row) => read(vault, row)))
    },
  }
}

async function read(vault: Vault, row: MailRow): Promise<Mail> {
  const { id, recipient: to, subject, createdAt: at, sentAt } = row
  return {
    id,
    to,
    subject,
    at,
    sent: sentAt !== null,
    text: await vault.open(`mail:${id}`, row.body),
  }
}

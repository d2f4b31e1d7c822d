// The rows of notifications: letters that were asked for, their text sealed.
//
// A letter is kept before it is delivered and marked afterwards; one that was never marked is found
// by its age. The only file of this module that sees the database.

import type { Database } from '#database/connection.ts'

export type MailRow = {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly body: Uint8Array
  readonly createdAt: number
  readonly sentAt: number | null
}

export type MailStore = {
  insert(row: Omit<MailRow, 'sentAt'>): Promise<void>
  find(id: string): Promise<MailRow | undefined>
  markSent(id: string, now: number): Promise<void>
  /** Ids of letters that were not sent, older than `before`, oldest first. */
  unsent(before: number, limit: number): Promise<string[]>
  list(to: string | null, limit: number): Promise<MailRow[]>
  /** Deletes what is older. */
  purge(before: number): Promise<void>
}

const COLUMNS = `id, recipient, subject, body, created_at::float8 AS "createdAt",
  sent_at::float8 AS "sentAt"`

export function createMailStore(database: Pick<Database, 'pool'>): MailStore {
  const pool = database.pool('mail', 2)
  return {
    insert: async ({ id, recipient, subject, body, createdAt }) => {
      await pool.query(
        `INSERT INTO records.mails (id, recipient, subject, body, created_at)
          VALUES ($1, $2, $3, $4, $5)`,
        [id, recipient, subject, body, createdAt],
      )
    },
    find: async (id) => {
      const text = `SELECT ${COLUMNS} FROM records.mails WHERE id = $1`
      return (await pool.query<MailRow>(text, [id])).rows[0]
    },
    markSent: async (id, now) => {
      await pool.query('UPDATE records.mails SET sent_at = $2 WHERE id = $1', [id, now])
    },
    unsent: async (before, limit) => {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT id FROM records.mails WHERE sent_at IS NULL AND created_at < $1
          ORDER BY created_at LIMIT $2`,
        [before, limit],
      )
      return rows.map(({ id }) => id)
    },
    list: async (to, limit) => {
      const { rows } = await pool.query<MailRow>(
        `SELECT ${COLUMNS} FROM records.mails WHERE $1::text IS NULL OR recipient = $1
          ORDER BY created_at DESC, id LIMIT $2`,
        [to, limit],
      )
      return rows
    },
    purge: async (before) => {
      await pool.query('DELETE FROM records.mails WHERE created_at < $1', [before])
    },
  }
}

// The rows of admin: actions that take two people.
//
// One statement a step, so that of two people who decide at once exactly one does, and a step that
// was taken is never taken again.

import type { Database } from '#database/connection.ts'
import type { Action, ActionStatus } from './port.ts'

type Outcome = { readonly status: ActionStatus } & Pick<Action, 'seq' | 'code'>

export type ActionStore = {
  insert(action: Action): Promise<void>
  find(id: string): Promise<Action | undefined>
  list(limit: number): Promise<Action[]>
  approved(): Promise<Action[]>
  /** undefined unless it is proposed, not over and, to approve it, proposed by somebody else. */
  decide(step: {
    readonly id: string
    readonly by: string
    readonly now: number
    readonly status: 'approved' | 'rejected'
  }): Promise<Action | undefined>
  /** What became of the command of an approved action. */
  finish(id: string, outcome: Outcome): Promise<Action | undefined>
}

const COLUMNS = `id, kind, params, reason, proposed_by AS "proposedBy",
  proposed_at::float8 AS "proposedAt", expires_at::float8 AS "expiresAt", status,
  decided_by AS "decidedBy", decided_at::float8 AS "decidedAt", seq::float8 AS seq, code`

const DECIDE = `UPDATE records.admin_actions SET status = $4, decided_by = $2, decided_at = $3
  WHERE id = $1 AND status = 'proposed' AND expires_at > $3
    AND (proposed_by <> $2 OR $4 = 'rejected') RETURNING ${COLUMNS}`

export function createActionStore(database: Pick<Database, 'pool'>): ActionStore {
  const pool = database.pool('admin', 1)
  const one = async (text: string, values: unknown[]): Promise<Action | undefined> =>
    (await pool.query<Action>(text, values)).rows[0]
  return {
    insert: async ({ id, kind, params, reason, proposedBy, proposedAt, expiresAt, status }) => {
      const values = [id, kind, params, reason, proposedBy, proposedAt, expiresAt, status]
      await pool.query(
        `INSERT INTO records.admin_actions
          (id, kind, params, reason, proposed_by, proposed_at, expires_at, status)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        values,
      )
    },
    find: (id) => one(`SELECT ${COLUMNS} FROM records.admin_actions WHERE id = $1`, [id]),
    list: async (limit) => {
      const text = `SELECT ${COLUMNS} FROM records.admin_actions
        ORDER BY proposed_at DESC, id LIMIT $1`
      return (await pool.query<Action>(text, [limit])).rows
    },
    approved: async () => {
      const text = `SELECT ${COLUMNS} FROM records.admin_actions WHERE status = 'approved'
        ORDER BY decided_at, id`
      return (await pool.query<Action>(text)).rows
    },
    decide: ({ id, by, now, status }) => one(DECIDE, [id, by, now, status]),
    finish: (id, { status, seq, code }) =>
      one(
        `UPDATE records.admin_actions SET status = $2, seq = $3, code = $4
          WHERE id = $1 AND status = 'approved' RETURNING ${COLUMNS}`,
        [id, status, seq, code],
      ),
  }
}

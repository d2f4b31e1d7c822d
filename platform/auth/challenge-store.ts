// The rows behind codes: challenges that were begun, and what may still be tried today.
//
// Every method is one statement that counts before anything is compared: of many guesses at once
// no more get through than the limit says. What an allowance counts is forgotten with its day.

import type { Pool } from 'pg'
import { ALLOWANCE_US, CHALLENGES_MAX, CODE_TRIES_MAX } from './limits.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type ChallengeRow = {
  readonly id: string
  readonly purpose: string
  readonly email: string
  readonly userId: string | null
  readonly payload: Uint8Array | null
  readonly code: Uint8Array | null
  readonly createdAt: number
  readonly expiresAt: number
}

export type NewChallenge = Omit<ChallengeRow, 'code' | 'payload'> & {
  readonly payload: Bytes | null
}

export type ChallengeStore = {
  /** false when too many are open. */
  insertChallenge(row: NewChallenge): Promise<boolean>
  /** Gives a challenge the code that answers it, and whose it is. */
  armChallenge(id: string, code: Bytes, userId: string | null): Promise<void>
  /** Counts a try; undefined when there is none left, or it is over, used or for something else. */
  tryChallenge(id: string, purpose: string, now: number): Promise<ChallengeRow | undefined>
  /** true once. */
  useChallenge(id: string, now: number): Promise<boolean>
  /** Takes one of `limit` a day: which one it is, or 0 when none is left. */
  take(subject: string, limit: number, now: number): Promise<number>
  giveBack(subject: string): Promise<void>
  clearAllowance(subject: string): Promise<void>
  purgeChallenges(now: number): Promise<void>
}

const INSERT = `INSERT INTO records.challenges
    (id, purpose, email, user_id, payload, created_at, expires_at)
  SELECT $1, $2, $3, $4, $5, $6, $7
    WHERE (SELECT count(*) FROM records.challenges WHERE expires_at > $6) < ${CHALLENGES_MAX}`

const TRY = `UPDATE records.challenges SET tries = tries + 1
  WHERE id = $1 AND purpose = $2 AND expires_at > $3 AND used_at IS NULL
    AND tries < ${CODE_TRIES_MAX}
  RETURNING id, purpose, email, user_id AS "userId", payload, code,
    created_at::float8 AS "createdAt", expires_at::float8 AS "expiresAt"`

const TAKE = `INSERT INTO records.allowances AS a (subject, since, used) VALUES ($1, $3, 1)
  ON CONFLICT (subject) DO UPDATE SET
    since = CASE WHEN a.since <= $3 - ${ALLOWANCE_US} THEN $3 ELSE a.since END,
    used = CASE WHEN a.since <= $3 - ${ALLOWANCE_US} THEN 1 ELSE a.used + 1 END
    WHERE a.used < $2 OR a.since <= $3 - ${ALLOWANCE_US}
  RETURNING used`

export function createChallengeStore(pool: Pool): ChallengeStore {
  return { ...challengeRows(pool), ...allowanceRows(pool) }
}

type AllowanceMethods = 'take' | 'giveBack' | 'clearAllowance'

function challengeRows(pool: Pool): Omit<ChallengeStore, AllowanceMethods> {
  return {
    insertChallenge: async ({ id, purpose, email, userId, payload, createdAt, expiresAt }) => {
      const values = [id, purpose, email, userId, payload, createdAt, expiresAt]
      return (await pool.query(INSERT, values)).rowCount === 1
    },
    armChallenge: async (id, code, userId) => {
      const text = 'UPDATE records.challenges SET code = $2, user_id = $3 WHERE id = $1'
      await pool.query(text, [id, code, userId])
    },
    tryChallenge: async (id, purpose, now) =>
      (await pool.query<ChallengeRow>(TRY, [id, purpose, now])).rows[0],
    useChallenge: async (id, now) => {
      const text = 'UPDATE records.challenges SET used_at = $2 WHERE id = $1 AND used_at IS NULL'
      return (await pool.query(text, [id, now])).rowCount === 1
    },
    purgeChallenges: async (now) => {
      await pool.query(
        `WITH gone AS (DELETE FROM records.challenges WHERE expires_at < $1)
          DELETE FROM records.allowances WHERE since <= $1 - ${ALLOWANCE_US}`,
        [now],
      )
    },
  }
}

function allowanceRows(pool: Pool): Pick<ChallengeStore, AllowanceMethods> {
  return {
    take: async (subject, limit, now) => {
      const { rows } = await pool.query<{ used: number }>(TAKE, [subject, limit, now])
      return rows[0]?.used ?? 0
    },
    giveBack: async (subject) => {
      const text = 'UPDATE records.allowances SET used = greatest(used - 1, 0) WHERE subject = $1'
      await pool.query(text, [subject])
    },
    clearAllowance: async (subject) => {
      await pool.query('DELETE FROM records.allowances WHERE subject = $1', [subject])
    },
  }
}

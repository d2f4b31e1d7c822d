// What a user may change about himself: password, e-mail, second factor; and where he signed in.
//
// One statement each. A time step and a recovery code are used in the same statement that finds
// them unused, so of two requests with one code exactly one gets through.

import type { Pool } from 'pg'

type Bytes = Uint8Array<ArrayBuffer>

export type AccountStore = {
  setPassword(userId: string, passwordHash: string): Promise<void>
  /** false when the address is taken. */
  setEmail(userId: string, email: string, now: number): Promise<boolean>
  setVerified(userId: string, now: number): Promise<void>
  /** A new secret that is not asked for yet; null takes the second factor away, codes and all. */
  setTotp(userId: string, sealed: Bytes | null): Promise<void>
  confirmTotp(userId: string, now: number): Promise<void>
  /** Whether the step is newer than every one that was used; it is used then. */
  useTotpStep(userId: string, step: number): Promise<boolean>
  replaceRecoveryCodes(userId: string, hashes: readonly Bytes[]): Promise<void>
  useRecoveryCode(userId: string, hash: Bytes, now: number): Promise<boolean>
  /** 'first' for the first device of all. */
  seeDevice(userId: string, device: Bytes, now: number): Promise<'first' | 'new' | 'known'>
}

const SET_EMAIL = `UPDATE records.users SET email = $2, verified_at = $3 WHERE id = $1
  AND NOT EXISTS (SELECT FROM records.users WHERE email = $2)`

const SET_TOTP = `WITH codes AS (DELETE FROM records.recovery_codes WHERE user_id = $1)
  UPDATE records.users SET totp = $2, totp_confirmed_at = NULL, totp_step = 0 WHERE id = $1`

const REPLACE_CODES = `WITH gone AS (
    DELETE FROM records.recovery_codes WHERE user_id = $1 AND hash <> ALL ($2::bytea[]))
  INSERT INTO records.recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])`

const SEE_DEVICE = `WITH before AS (
    SELECT count(*) AS count FROM records.devices WHERE user_id = $1),
  seen AS (
    INSERT INTO records.devices AS d (user_id, device, seen_at) VALUES ($1, $2, $3)
      ON CONFLICT (user_id, device) DO UPDATE SET seen_at = $3
      RETURNING xmax = 0 AS "isNew")
  SELECT before.count::int AS count, seen."isNew" FROM before, seen`

export function createAccountStore(pool: Pool): AccountStore {
  return { ...userColumns(pool), ...factorRows(pool) }
}

type Columns = 'setPassword' | 'setEmail' | 'setVerified' | 'seeDevice'

function userColumns(pool: Pool): Pick<AccountStore, Columns> {
  return {
    setPassword: async (userId, passwordHash) => {
      const text = 'UPDATE records.users SET password_hash = $2 WHERE id = $1'
      await pool.query(text, [userId, passwordHash])
    },
    setEmail: async (userId, email, now) => {
      try {
        return (await pool.query(SET_EMAIL, [userId, email, now])).rowCount === 1
      } catch (error) {
        // Registered in the same moment by somebody else.
        if (error instanceof Error && 'code' in error && error.code === '23505') return false
        throw error
      }
    },
    setVerified: async (userId, now) => {
      const text = `UPDATE records.users SET verified_at = coalesce(verified_at, $2) WHERE id = $1`
      await pool.query(text, [userId, now])
    },
    seeDevice: async (userId, device, now) => {
      type Row = { readonly count: number; readonly isNew: boolean }
      const { rows } = await pool.query<Row>(SEE_DEVICE, [userId, device, now])
      if (rows[0]?.isNew !== true) return 'known'
      return rows[0].count === 0 ? 'first' : 'new'
    },
  }
}

function factorRows(pool: Pool): Omit<AccountStore, Columns> {
  return {
    setTotp: async (userId, sealed) => {
      await pool.query(SET_TOTP, [userId, sealed])
    },
    confirmTotp: async (userId, now) => {
      const text = 'UPDATE records.users SET totp_confirmed_at = $2 WHERE id = $1'
      await pool.query(text, [userId, now])
    },
    useTotpStep: async (userId, step) => {
      const text = 'UPDATE records.users SET totp_step = $2 WHERE id = $1 AND totp_step < $2'
      return (await pool.query(text, [userId, step])).rowCount === 1
    },
    replaceRecoveryCodes: async (userId, hashes) => {
      await pool.query(REPLACE_CODES, [userId, hashes])
    },
    useRecoveryCode: async (userId, hash, now) => {
      const text = `UPDATE records.recovery_codes SET used_at = $3
        WHERE user_id = $1 AND hash = $2 AND used_at IS NULL`
      return (await pool.query(text, [userId, hash, now])).rowCount === 1
    },
  }
}

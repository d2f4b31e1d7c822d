// The rows of the vault, and every sealed column of the database.
//
// SEALED lists each column that holds what the vault sealed and how its rows are named, so that a
// rotation reaches all of them; a test compares it with the schema. Replacing compares first: a row
// that was changed meanwhile is left to whoever changed it.

import type { Pool } from 'pg'
import type { Database } from '#database/connection.ts'
import type { Sealed } from './port.ts'

export type DataKeyRow = {
  readonly id: string
  readonly master: string
  readonly wrapped: Uint8Array
  readonly createdAt: number
}

/** A sealed value: `about` is the id that it was sealed for. */
export type SealedRow = { readonly about: string; readonly sealed: Uint8Array; readonly at: number }

export type VaultStore = {
  dataKeys(): Promise<DataKeyRow[]>
  /** Does nothing when the key is there. */
  insertDataKey(row: DataKeyRow): Promise<void>
  replaceWrapped(id: string, row: Pick<DataKeyRow, 'master' | 'wrapped'>): Promise<void>
  secret(name: string): Promise<Uint8Array | undefined>
  /** Does nothing when there is a secret of this name. */
  insertSecret(name: string, sealed: Sealed, now: number): Promise<void>
  /** Every sealed value that is not under this data key. */
  sealedElsewhere(dataKeyId: string): Promise<SealedRow[]>
  replaceSealed(row: SealedRow, sealed: Sealed): Promise<boolean>
}

export type SealedColumn = {
  readonly table: string
  readonly column: string
  readonly key: string
  readonly prefix: string
}

export const SEALED: readonly SealedColumn[] = [
  { table: 'secrets', column: 'sealed', key: 'name', prefix: 'secret:' },
  { table: 'signing_keys', column: 'sealed', key: 'kid', prefix: 'signing:' },
  { table: 'users', column: 'totp', key: 'id', prefix: 'totp:' },
  { table: 'challenges', column: 'payload', key: 'id', prefix: 'challenge:' },
  { table: 'mails', column: 'body', key: 'id', prefix: 'mail:' },
  { table: 'api_keys', column: 'secret', key: 'id', prefix: '' },
  { table: 'bots', column: 'secret', key: 'id', prefix: 'bot:' },
]

const KEY_ID_BYTES = 8

export function createVaultStore(database: Pick<Database, 'pool'>): VaultStore {
  const pool = database.pool('vault', 1)
  return { ...keyRows(pool), ...sealedRows(pool) }
}

type KeyMethods = 'dataKeys' | 'insertDataKey' | 'replaceWrapped' | 'secret' | 'insertSecret'

function keyRows(pool: Pool): Pick<VaultStore, KeyMethods> {
  return {
    dataKeys: async () => {
      const { rows } = await pool.query<DataKeyRow>(
        `SELECT id, master, wrapped, created_at::float8 AS "createdAt" FROM records.data_keys
          ORDER BY created_at, id`,
      )
      return rows
    },
    insertDataKey: async ({ id, master, wrapped, createdAt }) => {
      await pool.query(
        `INSERT INTO records.data_keys (id, master, wrapped, created_at) VALUES ($1, $2, $3, $4)
          ON CONFLICT (id) DO NOTHING`,
        [id, master, wrapped, createdAt],
      )
    },
    replaceWrapped: async (id, { master, wrapped }) => {
      await pool.query('UPDATE records.data_keys SET master = $2, wrapped = $3 WHERE id = $1', [
        ...[id, master, wrapped],
      ])
    },
    secret: async (name) => {
      const text = 'SELECT sealed FROM records.secrets WHERE name = $1'
      return (await pool.query<{ sealed: Uint8Array }>(text, [name])).rows[0]?.sealed
    },
    insertSecret: async (name, sealed, now) => {
      await pool.query(
        `INSERT INTO records.secrets (name, sealed, created_at) VALUES ($1, $2, $3)
          ON CONFLICT (name) DO NOTHING`,
        [name, sealed, now],
      )
    },
  }
}

function sealedRows(pool: Pool): Pick<VaultStore, 'sealedElsewhere' | 'replaceSealed'> {
  return {
    sealedElsewhere: async (dataKeyId) => {
      const found: SealedRow[] = []
      for (const [at, { table, column, key, prefix }] of SEALED.entries()) {
        const { rows } = await pool.query<{ id: string; sealed: Uint8Array }>(
          `SELECT ${key} AS id, ${column} AS sealed FROM records.${table}
            WHERE ${column} IS NOT NULL AND length(${column}) > 0
              AND substring(${column} FROM 1 FOR ${KEY_ID_BYTES}) <> decode($1, 'hex')`,
          [dataKeyId],
        )
        for (const { id, sealed } of rows) found.push({ about: prefix + id, sealed, at })
      }
      return found
    },
    replaceSealed: async ({ about, sealed: before, at }, sealed) => {
      const place = SEALED[at]
      if (place === undefined) return false
      const { table, column, key, prefix } = place
      const { rowCount } = await pool.query(
        `UPDATE records.${table} SET ${column} = $2 WHERE ${key} = $1 AND ${column} = $3`,
        [about.slice(prefix.length), sealed, before],
      )
      return rowCount === 1
    },
  }
}

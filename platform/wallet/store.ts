// The wallet's records: deposit addresses and one row per batch of final blocks.
//
// One statement a write. Rows are durable when the promise answers; old ones are dropped in the
// same statement, because a reset needs the newest alone and people look at a few more.

import type { Pool } from 'pg'

import type { ChainState } from './chain-port.ts'
import type { ChainRow } from './chain-row.ts'
import { RECORDS_KEPT } from './terms.ts'

export type AddressRow = {
  readonly account: number
  readonly asset: string
  readonly address: string
}

export type WalletStore = {
  addresses(): Promise<AddressRow[]>
  /** Answers when the address is kept; a second time changes nothing. */
  addAddress(row: AddressRow & { readonly createdAt: number }): Promise<void>
  newestRow(): Promise<ChainRow | undefined>
  addRow(row: ChainRow & { readonly recordedAt: number }): Promise<void>
}

const ADD_ADDRESS = `
INSERT INTO records.deposit_addresses (account, asset, index, address, created_at)
VALUES ($1::bigint, $2, $1::bigint::integer, $3, $4)
ON CONFLICT (account, asset) DO NOTHING`

const NEWEST_ROW = `
SELECT instance, block_number, block_hash, balances, reserves, batch
FROM records.chain_records ORDER BY recorded_at DESC, block_number DESC LIMIT 1`

const ADD_ROW = `
WITH added AS (
  INSERT INTO records.chain_records
    (instance, block_number, block_hash, recorded_at, balances, reserves, batch)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (instance, block_number) DO NOTHING
)
DELETE FROM records.chain_records
WHERE instance <> $1 OR block_number < $2 - ${RECORDS_KEPT}`

type RawRow = {
  readonly instance: string
  readonly block_number: string
  readonly block_hash: string
  readonly balances: ChainState['balances']
  readonly reserves: ChainState['reserves']
  readonly batch: Pick<ChainRow, 'credits' | 'payments' | 'dust'>
}

export function createWalletStore(pool: Pool): WalletStore {
  return {
    async addresses() {
      const sql = 'SELECT account, asset, address FROM records.deposit_addresses'
      const { rows } = await pool.query<{ account: string; asset: string; address: string }>(sql)
      return rows.map((row) => ({ ...row, account: Number(row.account) }))
    },
    async addAddress({ account, asset, address, createdAt }) {
      await pool.query(ADD_ADDRESS, [account, asset, address, createdAt])
    },
    async newestRow() {
      const { rows } = await pool.query<RawRow>(NEWEST_ROW)
      return rows[0] === undefined ? undefined : rowOf(rows[0])
    },
    async addRow({ instance, block, blockHash, state, recordedAt, credits, payments, dust }) {
      const batch = JSON.stringify({ credits, payments, dust })
      const { balances, reserves } = state
      const values = [instance, block, blockHash, recordedAt, balances, reserves, batch]
      await pool.query(ADD_ROW, values)
    },
  }
}

function rowOf(raw: RawRow): ChainRow {
  const { instance, balances, reserves, batch } = raw
  const block = Number(raw.block_number)
  return { instance, block, blockHash: raw.block_hash, state: { balances, reserves }, ...batch }
}

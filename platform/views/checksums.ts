// Checksums of the views: what two foldings of the same events must agree on.
//
// INV-11: views = fold(events): counts, sums and checksums equal after catch-up, however the events
// were cut into batches.

import type { Pool } from 'pg'
import { queryRows } from './query.ts'
import { checksumTable } from './sql/checksum-table.sql.ts'
import { TABLE_NAMES, TABLES, type TableName } from './sql/tables.ts'

export type TableChecksum = {
  readonly table: TableName
  readonly count: number
  /** Decimal integers, as text because they pass 2^53. */
  readonly sum: string
  readonly checksum: string
}

/** One row a table, in the order of TABLE_NAMES. */
export async function checksumsOf(pool: Pool): Promise<TableChecksum[]> {
  const checksums: TableChecksum[] = []
  for (const table of TABLE_NAMES) {
    const [row] = await queryRows<Omit<TableChecksum, 'table'>>(pool, checksumTable(TABLES[table]))
    if (row !== undefined) checksums.push({ table, ...row })
  }
  return checksums
}

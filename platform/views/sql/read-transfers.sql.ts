// Transfers of accounts, newest first: $1 accounts, $2 id below, $3 limit.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

export const readTransfers = pageOf(
  'views-read-transfers',
  `SELECT ${fieldsOf(TABLES.transfers)} FROM views.transfers
   WHERE account = ANY ($1::bigint[]) AND id < $2 ORDER BY id DESC LIMIT $3`,
)

// Withdrawals of accounts, newest first: $1 accounts, $2 id below, $3 limit.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

export const readWithdrawals = pageOf(
  'views-read-withdrawals',
  `SELECT ${fieldsOf(TABLES.withdrawals)} FROM views.withdrawals
   WHERE account = ANY ($1::bigint[]) AND id < $2 ORDER BY id DESC LIMIT $3`,
)

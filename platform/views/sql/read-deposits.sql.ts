// Deposits of accounts, newest first: $1 accounts, $2 eventNo below, $3 limit.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

export const readDeposits = pageOf(
  'views-read-deposits',
  `SELECT ${fieldsOf(TABLES.deposits)} FROM views.deposits
   WHERE account = ANY ($1::bigint[]) AND event_no < $2 ORDER BY event_no DESC LIMIT $3`,
)

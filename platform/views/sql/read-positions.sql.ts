// Positions of accounts: $1 accounts.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

export const readPositions = pageOf(
  'views-read-positions',
  `SELECT ${fieldsOf(TABLES.positions)} FROM views.positions
   WHERE account = ANY ($1::bigint[]) ORDER BY account, market`,
)

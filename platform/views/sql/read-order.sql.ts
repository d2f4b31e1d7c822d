// One order of some accounts: $1 accounts, $2 id.

import { fieldsOf, TABLES } from './tables.ts'

export const readOrder = {
  name: 'views-read-order',
  text: `SELECT ${fieldsOf(TABLES.orders)} FROM views.orders
    WHERE id = $2 AND account = ANY ($1::bigint[])`,
}

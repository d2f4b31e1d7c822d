// Orders of accounts, newest first: $1 accounts, $2 ids below, $3 limit, $4 market, $5 statuses.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

export const readOrders = pageOf(
  'views-read-orders',
  `SELECT o.* FROM unnest($1::bigint[]) AS wanted (account), LATERAL (
     SELECT ${fieldsOf(TABLES.orders)} FROM views.orders
     WHERE orders.account = wanted.account AND id < $2
       AND ($4::bigint IS NULL OR market = $4) AND ($5::text[] IS NULL OR status = ANY ($5))
     ORDER BY id DESC LIMIT $3) AS o
   ORDER BY o.id DESC LIMIT $3`,
)

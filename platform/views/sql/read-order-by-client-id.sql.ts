// The latest order of an account with a clientOrderId: $1 accounts, $2 clientOrderId.

import { fieldsOf, TABLES } from './tables.ts'

export const readOrderByClientId = {
  name: 'views-read-order-by-client-id',
  text: `SELECT ${fieldsOf(TABLES.orders)} FROM views.orders
    WHERE account = ANY ($1::bigint[]) AND client_order_id = $2 ORDER BY id DESC LIMIT 1`,
}

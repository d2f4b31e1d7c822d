// What a trigger made of orders: $1 their ids.

export const readTriggered = {
  name: 'views-read-triggered',
  text: `SELECT id, price, triggered_at AS "triggeredAt" FROM views.orders
    WHERE id = ANY($1::bigint[])`,
}

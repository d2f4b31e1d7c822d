// Fills of accounts, newest first: $1 accounts, $2 eventNo below, $3 limit, $4 market.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

export const readFills = pageOf(
  'views-read-fills',
  `SELECT f.* FROM unnest($1::bigint[]) AS wanted (account), LATERAL (
     SELECT ${fieldsOf(TABLES.fills)} FROM views.fills
     WHERE fills.account = wanted.account AND event_no < $2
       AND ($4::bigint IS NULL OR market = $4)
     ORDER BY event_no DESC LIMIT $3) AS f
   ORDER BY f."eventNo" DESC LIMIT $3`,
)

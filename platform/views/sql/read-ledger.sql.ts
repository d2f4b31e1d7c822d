// Ledger entries of accounts, newest first: $1 accounts, $2 assets, $3 eventNo and $4 leg below,
// $5 limit. One short walk of the key for each account and asset.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

export const readLedger = pageOf(
  'views-read-ledger',
  `SELECT l.* FROM unnest($1::bigint[]) AS a (account), unnest($2::bigint[]) AS s (asset), LATERAL (
     SELECT ${fieldsOf(TABLES.ledger)} FROM views.ledger_entries AS entries
     WHERE entries.account = a.account AND entries.asset = s.asset
       AND (event_no, leg) < ($3::bigint, $4::bigint)
     ORDER BY event_no DESC, leg DESC LIMIT $5) AS l
   ORDER BY l."eventNo" DESC, l.leg DESC LIMIT $5`,
)

// Prevented matches of accounts, as taker or maker or both, newest first: $1 accounts, $2 eventNo
// below, $3 limit, $4 market.

import { pageOf } from '../query.ts'
import { fieldsOf, TABLES } from './tables.ts'

const of = (role: 'maker' | 'taker') => `(
  SELECT ${fieldsOf(TABLES.prevented)} FROM views.prevented_matches
  WHERE ${role}_account = wanted.account AND event_no < $2
    AND ($4::bigint IS NULL OR market = $4)
  ORDER BY event_no DESC LIMIT $3)`

export const readPrevented = pageOf(
  'views-read-prevented',
  `SELECT DISTINCT p.* FROM unnest($1::bigint[]) AS wanted (account), LATERAL (
     ${of('maker')} UNION ${of('taker')}) AS p
   ORDER BY p."eventNo" DESC LIMIT $3`,
)

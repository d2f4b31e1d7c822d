// Count, sum and checksum of one table, whatever the order of its rows.
//
// The sum is over all integer columns; the checksum adds up a 64-bit hash of every row.

import { columnOf, type Table } from './tables.ts'

/** The statement for one table. */
export function checksumTable({ name, columns }: Table) {
  const sums = Object.entries(columns)
    .filter(([, type]) => type === 'bigint')
    .map(([field]) => `coalesce(${columnOf(field)}, 0)::numeric`)
  const fields = Object.keys(columns).map(columnOf).join(', ')
  return {
    name: `views-checksum-${name}`,
    text: `SELECT count(*) AS count, coalesce(sum(${sums.join(' + ')}), 0)::text AS sum,
      coalesce(sum(hashtextextended(ROW(${fields})::text, 0)), 0)::text AS checksum
      FROM views.${name}`,
  }
}
